import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  getSchedule,
  giveUpHandover,
  handOverSchedule,
  listScheduleDifferences,
  type ScheduleDifferences,
  type ScheduleState,
  setDualRun,
} from '../client.gen.ts'
import { schedulerWords as t } from '../shared/messages/scheduler-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { shortTime } from '../shared/time.ts'

const stateKey = ['schedule'] as const
const lookEveryMs = { steady: 15_000, handover: 1_000 }
const running = (state: ScheduleState | undefined): boolean => state?.handover?.endedAt === null

/** Who keeps the appointments, and what differs since when; admins hand them over. */
export function SchedulerPage() {
  const state = useQuery({
    queryKey: stateKey,
    queryFn: ({ signal }) => getSchedule({}, { signal }),
    refetchInterval: (query) => (running(query.state.data) ? lookEveryMs.handover : lookEveryMs.steady),
  })
  return (
    <>
      <PageTitle title={t.page}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      {state.isPending ? (
        <p role="status" className="text-quiet">
          {staff.loading}
        </p>
      ) : !state.data ? (
        <ProblemNotice error={state.error} onAgain={() => void state.refetch()} />
      ) : state.data.connected ? (
        <div className="space-y-6">
          <Owner state={state.data} />
          <Report />
        </div>
      ) : (
        <EmptyState title={t.none} />
      )}
    </>
  )
}

function Owner({ state }: { state: ScheduleState }) {
  const { timeZone } = useSession().tenant
  const time = (at: string | null): string => (at === null ? t.never : shortTime(at, timeZone))
  const { handover } = state
  return (
    <section aria-labelledby="owner-title" className="panel max-w-[48rem] space-y-3 p-4">
      <h2 id="owner-title">{t.owner[state.owner]}</h2>
      {state.ownerSince === null ? null : (
        <p className="text-quiet">
          {t.since} {time(state.ownerSince)}
        </p>
      )}
      <p>{state.dualRun ? t.dualRunOn : t.dualRunOff}</p>
      <p>
        {t.compared}: {time(state.comparedAt)}
      </p>
      {state.refused === null ? null : (
        <p>
          {t.refused} {state.refused.code}, {time(state.refused.at)}
        </p>
      )}
      <p role="status">
        {handover === null
          ? ''
          : `${t.handover}: ${t.phase[handover.phase]}. ${running(state) && handover.differences > 0 ? t.waitsFor(handover.differences) : ''}`}
      </p>
      <Actions state={state} />
    </section>
  )
}

function Actions({ state }: { state: ScheduleState }) {
  const mayWrite = useMay('schedule.write')
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (work: () => Promise<ScheduleState>) => work(),
    onSuccess: (now) => client.setQueryData(stateKey, now),
  })
  if (!mayWrite) return null
  const run = (work: () => Promise<ScheduleState>) => () => {
    if (!act.isPending) act.mutate(work)
  }
  const { handover } = state
  const to = state.owner === 'hub' ? 'legacy-scheduler' : 'hub'
  return (
    <div className="space-y-3">
      <p className="text-quiet">{t.note}</p>
      <div className="flex flex-wrap gap-3">
        {handover && running(state) ? (
          handover.switchedAt === null ? (
            <button type="button" className="button" aria-disabled={act.isPending} onClick={run(() => giveUpHandover({ params: { handoverId: handover.id } }))}>
              {t.giveUp}
            </button>
          ) : null
        ) : (
          <>
            <button type="button" className="button button-main" aria-disabled={act.isPending} onClick={run(() => handOverSchedule({ body: { to } }))}>
              {to === 'hub' ? t.cutOver : t.back}
            </button>
            <button type="button" className="button" aria-disabled={act.isPending} onClick={run(() => setDualRun({ body: { on: !state.dualRun } }))}>
              {state.dualRun ? t.turnOff : t.turnOn}
            </button>
          </>
        )}
      </div>
      {act.isError ? <ProblemNotice error={act.error} /> : null}
    </div>
  )
}

function Report() {
  const report = useQuery({
    queryKey: ['schedule', 'differences'],
    queryFn: ({ signal }) => listScheduleDifferences({ query: { limit: 100 } }, { signal }),
    refetchInterval: lookEveryMs.steady,
  })
  return (
    <section aria-labelledby="differences-title" className="space-y-3">
      <h2 id="differences-title">{t.differences}</h2>
      {report.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !report.data ? (
        <ProblemNotice error={report.error} onAgain={() => void report.refetch()} />
      ) : report.data.items.length === 0 ? (
        <EmptyState title={t.same} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section tabIndex={0} aria-label={t.differences} className="panel overflow-x-auto">
          <table className="w-full">
            <TableHead heads={[t.kind, t.visit, t.number, t.since, t.seen]} />
            <tbody>
              {report.data.items.map((item) => (
                <Row key={item.id} item={item} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}

function Row({ item }: { item: ScheduleDifferences['items'][number] }) {
  const { timeZone } = useSession().tenant
  return (
    <tr className="border-t border-line">
      <th scope="row" className="px-3 py-2 text-left font-normal">
        {t.kinds[item.kind]}
        {item.code === null ? '' : ` (${item.code})`}
      </th>
      <td className="px-3 py-2">{item.intakeId === null ? '–' : <a href={`/clinic/intakes/${item.intakeId}`}>{item.intakeId.slice(0, 8)}</a>}</td>
      <td className="px-3 py-2">{item.legacyId ?? '–'}</td>
      <td className="px-3 py-2 whitespace-nowrap">{shortTime(item.since, timeZone)}</td>
      <td className="px-3 py-2 whitespace-nowrap">{shortTime(item.seenAt, timeZone)}</td>
    </tr>
  )
}
