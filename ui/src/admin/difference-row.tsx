import type { ReactNode } from 'react'
import type { ScheduleDifferences, ScheduleSaid } from '../client.gen.ts'
import { schedulerWords as t } from '../shared/messages/scheduler-words.ts'
import { useSession } from '../shared/staff/shell.tsx'
import { exactTime, shortTime, visitMoment } from '../shared/time.ts'

export type Difference = ScheduleDifferences['items'][number]

/** One appointment that is not the same on both sides: what each of them says, beside each other. */
export function DifferenceRow({ item, mayDecide, onDecide }: { item: Difference; mayDecide: boolean; onDecide(): void }) {
  return (
    <tr className="border-t border-line align-top">
      <th scope="row" className="min-w-40 px-3 py-2 text-start font-normal">
        {t.kinds[item.kind]}
        {item.code === null ? null : <span className="block text-quiet select-all">{item.code}</span>}
        {mayDecide && item.decidable ? (
          <button type="button" className="button mt-1 flex" aria-label={`${t.decideOpen} ${item.legacyId ?? ''}`} onClick={onDecide}>
            {t.decideOpen}
          </button>
        ) : null}
      </th>
      <td className="min-w-40 px-3 py-2">
        <Side said={item.here} other={item.there}>
          {item.intakeId === null ? null : <a href={`/clinic/intakes/${item.intakeId}`}>{t.openVisit(item.intakeId.slice(0, 8))}</a>}
        </Side>
      </td>
      <td className="min-w-40 px-3 py-2">
        <Side said={item.there} other={item.here}>
          {item.legacyId === null ? null : <span className="text-quiet select-all">{t.number(item.legacyId)}</span>}
        </Side>
      </td>
      <td className="px-3 py-2">
        <When iso={item.since} />
      </td>
      <td className="px-3 py-2">
        <When iso={item.seenAt} />
      </td>
    </tr>
  )
}

/** What one side says; what the other one says otherwise is marked by a line under it and by its weight, never by colour. */
export function Side({ said, other, children = null }: { said: ScheduleSaid | null; other: ScheduleSaid | null; children?: ReactNode }) {
  const { timeZone } = useSession().tenant
  if (said === null) return children ?? <span className="text-quiet">{t.nothing}</span>
  const mark = (isSame: boolean): string => (isSame || other === null ? '' : 'font-medium underline decoration-2 underline-offset-2')
  return (
    <span className="block space-y-0.5">
      <span className={`block w-fit ${mark(said.startsAt === other?.startsAt && said.endsAt === other.endsAt)}`}>
        <time dateTime={said.startsAt} className="whitespace-nowrap">
          {visitMoment(said.startsAt, timeZone)}
        </time>
      </span>
      <span className={`block w-fit ${mark(said.practitioner === other?.practitioner)}`}>{said.practitioner}</span>
      <span className={`block w-fit ${mark(said.status === other?.status)}`}>{t.status[said.status]}</span>
      {children}
    </span>
  )
}

export function When({ iso }: { iso: string }) {
  const { timeZone } = useSession().tenant
  return (
    <time dateTime={iso} title={exactTime(iso, timeZone)} className="whitespace-nowrap">
      {shortTime(iso, timeZone)}
    </time>
  )
}
