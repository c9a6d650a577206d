import { staff } from '../shared/messages/staff.ts'
import { useSession } from '../shared/staff/shell.tsx'
import { exactTime } from '../shared/time.ts'
import { relative } from './words.ts'

/** Relative, with the absolute one on hover and in print. */
export function When({ iso }: { iso: string | null }) {
  const { tenant } = useSession()
  if (!iso) return <>{staff.none}</>
  const exact = exactTime(iso, tenant.timeZone)
  return (
    <time dateTime={iso} title={exact}>
      {relative(iso)}
      <span className="hidden print:inline"> ({exact})</span>
    </time>
  )
}
