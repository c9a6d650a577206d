import type { BulkDryRun, BulkPlan, OverrideItem } from '../client.gen.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { useSession } from '../shared/staff/shell.tsx'
import { dayName } from '../shared/time.ts'
import { dayWords, relative } from './words.ts'

const t = opsWords.bulk
const daysShown = 7
const skipNames = ['claimed', 'decided', 'resolved', 'not-allowed'] as const

/** Whom a dry run leaves alone, on which days the visits are, and a few of the items. */
export function DryRun({ dryRun: { plan, sample } }: { dryRun: BulkDryRun }) {
  return (
    <>
      <Skips skipped={plan.skipped} />
      {plan.visitsByDay.length > 0 ? <Days rows={plan.visitsByDay} /> : null}
      {sample.length > 0 ? <Sample items={sample} /> : null}
    </>
  )
}

export function Skips({ skipped }: { skipped: BulkPlan['skipped'] }) {
  const parts = skipNames.filter((name) => skipped[name] > 0).map((name) => t.skips[name](skipped[name]))
  return parts.length > 0 ? (
    <p>
      {t.skipped}: {parts.join(', ')}.
    </p>
  ) : null
}

function Days({ rows }: { rows: BulkPlan['visitsByDay'] }) {
  const { tenant } = useSession()
  const nameOf = (day: string | null): string => {
    if (day === null) return t.noVisit
    const near = dayWords(day, tenant.timeZone)
    return near ? `${dayName(day)} (${t[near]})` : dayName(day)
  }
  const shown = rows.slice(0, daysShown)
  return (
    <table className="w-full max-w-96 border-collapse">
      <caption className="pb-1 text-start font-medium">{t.days}</caption>
      <thead className="text-quiet">
        <tr>
          <th scope="col" className="text-start font-normal">
            {t.day}
          </th>
          <th scope="col" className="text-end font-normal">
            {t.countHead}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ day, items }) => (
          <tr key={day ?? ''} className="border-t border-line">
            <td className="py-1">{nameOf(day)}</td>
            <td className="py-1 text-end">{items.toLocaleString('en-US')}</td>
          </tr>
        ))}
      </tbody>
      {rows.length > shown.length ? (
        <tfoot>
          <tr className="border-t border-line text-quiet">
            <td className="py-1">{t.moreDays(rows.length - shown.length)}</td>
            <td className="py-1 text-end">
              {rows
                .slice(daysShown)
                .reduce((sum, { items }) => sum + items, 0)
                .toLocaleString('en-US')}
            </td>
          </tr>
        </tfoot>
      ) : null}
    </table>
  )
}

function Sample({ items }: { items: readonly OverrideItem[] }) {
  return (
    <details>
      <summary>{t.sample}</summary>
      <ul className="mt-2 space-y-1">
        {items.map((item) => (
          <li key={item.id} className="flex flex-wrap gap-x-3 border-t border-line pt-1">
            <span className="min-w-24">{item.visitAt ? relative(item.visitAt) : t.noVisit}</span>
            <span>{queueWords.causes[item.cause]}</span>
            <span className="text-quiet select-all">{item.reference ?? ''}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
