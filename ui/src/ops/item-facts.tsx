import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { OverrideDetail } from '../client.gen.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { exactTime } from '../shared/time.ts'
import { stepWords } from '../step-words.gen.ts'
import { payerOf } from './queue-cells.tsx'
import { relative } from './words.ts'

const t = queueWords.override
const w = itemWords.page

/** Why it is here, who must act and what exactly is next come first and in sentences; the rest can be looked up below. */
export function ItemFacts({ detail: { item, nextTryAt } }: { detail: OverrideDetail }) {
  const { tenant } = useSession()
  const seesVisits = useMay('visit.list')
  const at = (iso: string): ReactNode => (
    <time dateTime={iso}>
      {relative(iso)} <span className="text-quiet">({exactTime(iso, tenant.timeZone)})</span>
    </time>
  )
  const open = item.status === 'open'
  const facts: [string, ReactNode][] = [
    [t.visit, item.visitAt ? at(item.visitAt) : staff.none],
    [t.opened, at(item.openedAt)],
    ...(nextTryAt ? ([[w.tryAgainAt, at(nextTryAt)]] as [string, ReactNode][]) : []),
    [w.payer, payerOf(item)],
    [t.operation, item.operation ? <code className="select-all">{item.operation}</code> : queueWords.overrides.noPartner],
    [
      t.flow,
      <>
        {stepWords[`${item.flow}/${item.step}`]} <code className="text-quiet select-all">{`${item.flow}@${item.version}/${item.step}`}</code>
      </>,
    ],
    [
      t.reference,
      <>
        <span className="select-all">{item.reference ?? staff.none}</span>
        {item.intakeId && seesVisits ? (
          <a href={`/clinic/intakes/${item.intakeId}`} className="ms-3 inline-block min-h-[24px]">
            {w.visitAndPhotos}
          </a>
        ) : null}
      </>,
    ],
  ]
  return (
    <section aria-label={w.facts} className="panel space-y-4 p-4">
      <dl className="grid grid-cols-[minmax(0,1fr)] gap-x-6 sm:grid-cols-[9rem_minmax(0,1fr)] sm:gap-y-1.5">
        <dt className="text-quiet">{t.why}</dt>
        <dd className="mb-2 wrap-anywhere sm:mb-0">
          {item.staffText} <code className="text-quiet select-all">{item.cause}</code>
        </dd>
        {open ? (
          <>
            <dt className="text-quiet">{w.whoActs}</dt>
            <dd className="mb-2 font-medium sm:mb-0">{queueWords.owners[item.owner]}</dd>
            <dt className="text-quiet">{w.whatNext}</dt>
            <dd className="mb-2 font-medium sm:mb-0">{itemWords.next[item.nextAction]}</dd>
          </>
        ) : null}
      </dl>
      <dl className="grid grid-cols-[minmax(0,1fr)] gap-x-6 border-t border-line pt-3 wrap-anywhere sm:grid-cols-[9rem_minmax(0,1fr)] sm:gap-y-1.5">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-quiet">{name}</dt>
            <dd className="mb-1 sm:mb-0">{value}</dd>
          </div>
        ))}
      </dl>
      {item.incidentId ? (
        <p>
          <Link href={`/?incident=${item.incidentId}`} className="inline-block min-h-[24px]">
            {w.incident}
          </Link>
        </p>
      ) : null}
    </section>
  )
}
