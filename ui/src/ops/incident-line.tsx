import { useQuery } from '@tanstack/react-query'
import { Hand } from 'lucide-react'
import { Link } from 'wouter'
import { listIncidents } from '../client.gen.ts'
import { saidOf } from '../shared/messages/incident-words.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { useMay } from '../shared/staff/shell.tsx'
import { useOpsStream } from './use-ops-stream.ts'

const t = opsWords.incidents
const namedMax = 3
const pollMs = 30_000

/** One line above the queue: how many causes reach many, and which. It keeps its place where nothing is wrong. */
export function IncidentLine() {
  const may = useMay('incident.list')
  const list = useQuery({
    queryKey: ['incident-line'],
    queryFn: ({ signal }) => listIncidents({ query: { status: 'open', limit: namedMax } }, { signal }),
    enabled: may,
    retry: false,
    refetchInterval: pollMs,
  })
  useOpsStream((event) => event === 'incident' && may && void list.refetch())
  if (!may) return null
  const { items, total } = list.data ?? { items: [], total: 0 }
  const names = items.map((item) => `${item.payerName ?? item.payerId ?? item.partner}: ${saidOf(item).name}`)
  return (
    <p className="mb-2 flex min-h-[24px] items-start gap-2">
      {total > 0 ? (
        <>
          <Hand aria-hidden="true" className="mt-[0.15em] size-[1.1em] flex-none text-someone" />
          <span>
            <Link href="/incidents" className="font-medium">
              {t.open(total)}
            </Link>{' '}
            <span className="text-quiet">
              {names.join('; ')}
              {total > names.length ? '; …' : ''}
            </span>
          </span>
        </>
      ) : (
        <span className="text-quiet">{list.isError ? t.failed : list.data ? t.none : ''}</span>
      )}
    </p>
  )
}
