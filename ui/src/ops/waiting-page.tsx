import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'
import { listWaiting, type WaitingItem } from '../client.gen.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { useNow } from '../shared/staff/use-now.ts'
import { useWide } from '../shared/staff/use-wide.ts'
import { exactTime } from '../shared/time.ts'
import { WeatherStrip } from './weather-strip.tsx'
import { When } from './when.tsx'

const t = opsWords.waiting
const pollMs = 15_000
const rowsMax = 200

/** What goes on by itself: nobody has to act, but somebody may want to know why and when. */
export function WaitingPage() {
  const [query, setQuery] = useSearchParams()
  const payer = query.get('payer') ?? ''
  const list = useQuery({
    queryKey: ['waiting', payer],
    queryFn: ({ signal }) => listWaiting({ query: { limit: rowsMax, ...(payer ? { payer } : {}) } }, { signal }),
    refetchInterval: pollMs,
  })
  const wide = useWide()
  useNow(15_000)
  return (
    <>
      <PageTitle title={t.title}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      <WeatherStrip />
      {payer ? (
        <p className="mb-3">
          {t.onlyPayer(list.data?.items[0]?.payerName ?? payer)}{' '}
          <button type="button" className="link-button" onClick={() => setQuery(new URLSearchParams())}>
            {t.everyPayer}
          </button>
        </p>
      ) : null}
      {list.data ? (
        <p role="status" className="mb-2">
          {t.count(list.data.items.length, list.data.total)}
        </p>
      ) : null}
      {list.isPending ? (
        <p role="status" className="min-h-[40vh] text-quiet">
          {staff.loading}
        </p>
      ) : !list.data ? (
        <ProblemNotice error={list.error} words={t.failed} onAgain={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <EmptyState title={t.empty} text={t.emptyWhy} />
      ) : wide ? (
        <Table items={list.data.items} />
      ) : (
        <Cards items={list.data.items} />
      )}
    </>
  )
}

const whyOf = ({ why }: WaitingItem): string =>
  (queueWords.causes as Partial<Record<string, string>>)[why] ?? (t.whys as Partial<Record<string, string>>)[why] ?? why
const whoOf = (item: WaitingItem): string => item.payerName ?? item.payerId ?? item.partner ?? staff.none

function NextTry({ item }: { item: WaitingItem }) {
  const { tenant } = useSession()
  return (
    <>
      <When iso={item.nextTryAt} /> <span className="text-quiet">{exactTime(item.nextTryAt, tenant.timeZone)}</span>
    </>
  )
}
function Reference({ item }: { item: WaitingItem }) {
  if (!item.intakeId) return <>{item.reference ?? staff.none}</>
  return (
    <a href={`/clinic/intakes/${item.intakeId}`} className="inline-block min-h-[24px]">
      {item.reference ?? t.visit}
    </a>
  )
}

function Table({ items }: { items: readonly WaitingItem[] }) {
  return (
    <div className="panel">
      <table className="w-full border-collapse">
        <TableHead heads={[t.next, t.why, queueWords.overrides.payer, t.tries, t.since, queueWords.overrides.visit, queueWords.overrides.reference]} />
        <tbody>
          {items.map((item) => (
            <tr key={item.id} className="h-9 border-t border-line hover:bg-raised">
              <td className="px-3 py-1">
                <NextTry item={item} />
              </td>
              <td className="px-3 py-1">
                {whyOf(item)} <code className="text-quiet select-all">{item.why}</code>
              </td>
              <td className="px-3 py-1">
                <Link href={item.payerId ? `/waiting?payer=${encodeURIComponent(item.payerId)}` : '/waiting'}>{whoOf(item)}</Link>
              </td>
              <td className="px-3 py-1">{item.tries}</td>
              <td className="px-3 py-1 whitespace-nowrap">
                <When iso={item.since} />
              </td>
              <td className="px-3 py-1 whitespace-nowrap">
                <When iso={item.visitAt} />
              </td>
              <td className="px-3 py-1 whitespace-nowrap">
                <Reference item={item} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cards({ items }: { items: readonly WaitingItem[] }) {
  return (
    <ul className="space-y-2">
      {items.map((item) => (
        <li key={item.id} className="panel space-y-1 p-3">
          <p>
            {t.next} <NextTry item={item} />
          </p>
          <p className="font-medium">{whyOf(item)}</p>
          <p>
            {whoOf(item)}. {t.triesOf(item.tries)}.
          </p>
          <p className="text-quiet">
            {queueWords.overrides.visit} <When iso={item.visitAt} />. <Reference item={item} />
          </p>
        </li>
      ))}
    </ul>
  )
}
