import { Link } from 'wouter'
import type { PayerItem } from '../client.gen.ts'
import { payerWords as t } from '../shared/messages/payer-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { StateChip } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'
import { usePayers } from './use-payers.ts'

export function PayersPage() {
  const payers = usePayers()
  return (
    <>
      <PageTitle title={t.title}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      {payers.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !payers.data ? (
        <ProblemNotice error={payers.error} onAgain={() => void payers.refetch()} />
      ) : payers.data.items.length === 0 ? (
        <EmptyState title={t.empty} />
      ) : (
        <section aria-label={t.title} className="panel overflow-x-auto">
          <table className="w-full">
            <TableHead heads={[t.name, t.door, t.hours, t.lastSeen, t.health, t.values]} />
            <tbody>
              {payers.data.items.map((payer) => (
                <PayerRow key={payer.id} payer={payer} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}

function PayerRow({ payer }: { payer: PayerItem }) {
  const { tenant } = useSession()
  return (
    <tr className="h-9 border-t border-line">
      <th scope="row" className="px-3 py-1 text-start font-medium whitespace-nowrap">
        <Link href={`/payers/${payer.id}`}>{payer.name}</Link> <code className="text-quiet select-all">{payer.id}</code>
      </th>
      <td className="px-3 py-1">{t.routes[payer.route]}</td>
      <td className="px-3 py-1 whitespace-nowrap">
        <HoursNow payer={payer} />
      </td>
      <td className="px-3 py-1 whitespace-nowrap">{payer.lastSeenAt ? shortTime(payer.lastSeenAt, tenant.timeZone) : t.never}</td>
      <td className="px-3 py-1">
        <BelievedChip payer={payer} />
      </td>
      <td className="px-3 py-1">{payer.own ? t.ownValues : t.catalogueValues}</td>
    </tr>
  )
}

/** Open or not by its own hours, with the clinic's time of its next opening. */
export function HoursNow({ payer }: { payer: Pick<PayerItem, 'open' | 'nextOpenAt'> }) {
  const { tenant } = useSession()
  if (payer.open) return <StateChip tone="confirmed">{t.open}</StateChip>
  return <StateChip tone="checking">{payer.nextOpenAt ? t.closedUntil(shortTime(payer.nextOpenAt, tenant.timeZone)) : t.closed}</StateChip>
}

export const BelievedChip = ({ payer }: { payer: Pick<PayerItem, 'suspiciousSince'> }) =>
  payer.suspiciousSince ? <StateChip tone="provisional">{t.doubted}</StateChip> : <StateChip tone="confirmed">{t.believed}</StateChip>
