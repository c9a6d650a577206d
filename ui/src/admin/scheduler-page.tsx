import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { getSchedule, listScheduleDifferences, type ScheduleState } from '../client.gen.ts'
import { schedulerWords as t } from '../shared/messages/scheduler-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { Notice, StateChip } from '../shared/state-chip.tsx'
import { DecisionDialog } from './decision-dialog.tsx'
import { type Difference, DifferenceRow, When } from './difference-row.tsx'
import { SchedulerActions } from './scheduler-actions.tsx'
import { isRunning, lookEveryMs, stateKey } from './use-schedule.ts'

const rowsMax = 100

/** Who keeps the appointments, and what differs since when; admins hand them over. */
export function SchedulerPage() {
  const state = useQuery({
    queryKey: stateKey,
    queryFn: ({ signal }) => getSchedule({}, { signal }),
    refetchInterval: (query) => (isRunning(query.state.data) ? lookEveryMs.handover : lookEveryMs.steady),
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
          {state.isError ? <ProblemNotice error={state.error} words={t.old} onAgain={() => void state.refetch()} /> : null}
          <Owner state={state.data} />
          <Report state={state.data} />
        </div>
      ) : (
        <EmptyState title={t.none} text={t.noneHow} />
      )}
    </>
  )
}

function Owner({ state }: { state: ScheduleState }) {
  const { refused, dualRun } = state
  // One that was followed by a whole comparison is over.
  const isRefused = refused !== null && (state.comparedAt === null || refused.at > state.comparedAt)
  return (
    <section aria-labelledby="owner-title" className="panel max-w-[48rem] space-y-4 p-4">
      <h2 id="owner-title">{t.owner[state.owner]}</h2>
      <p>{t.means[state.owner]}</p>
      <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-[9rem_1fr]">
        {state.ownerSince === null ? null : (
          <Fact name={t.ownerSince}>
            <When iso={state.ownerSince} />
          </Fact>
        )}
        <Fact name={t.dualRun}>{dualRun ? t.dualRunOn : t.dualRunOff}</Fact>
        <Fact name={t.compared}>{state.comparedAt === null ? t.never : <When iso={state.comparedAt} />}</Fact>
        <Fact name={t.differences}>
          {state.differences > 0 ? (
            <StateChip tone="provisional">{t.count(state.differences)}</StateChip>
          ) : state.comparedAt === null ? (
            t.notCompared
          ) : (
            <StateChip tone="confirmed">{t.count(0)}</StateChip>
          )}
        </Fact>
      </dl>
      {isRefused ? (
        <Notice tone="failed">
          <p>
            {t.refused} <When iso={refused.at} />
          </p>
          <p className="text-quiet select-all">{refused.code}</p>
        </Notice>
      ) : null}
      <div role="status">{state.handover === null ? null : <Handover state={state} handover={state.handover} />}</div>
      <SchedulerActions state={state} />
    </section>
  )
}

/** How far it is, in words; one that is over says how it ended. */
function Handover({ state, handover }: { state: ScheduleState; handover: NonNullable<ScheduleState['handover']> }) {
  const { phase, to, endedAt } = handover
  if (endedAt !== null)
    return (
      <p className="text-quiet">
        {phase === 'done' ? t.ended.done[to] : t.ended['given-up'][to]} <When iso={endedAt} />
      </p>
    )
  const isWaiting = phase === 'draining' && handover.comparisons > 0 && handover.differences > 0
  return (
    <Notice tone={isWaiting ? 'needs-someone' : 'checking'} title={t.running[to]}>
      <p>{phase === 'thawing' && state.owner !== to ? t.givingUp : `${t.step(to, phase)} ${t.phase[phase]}`}</p>
      {isWaiting ? <p>{t.waitsFor(handover.differences)}</p> : null}
      <p>{t.held}</p>
      <p className="text-quiet">
        {t.started} <When iso={handover.startedAt} />
      </p>
    </Notice>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="sm:contents">
    <dt className="text-quiet">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)

function Report({ state }: { state: ScheduleState }) {
  const mayWrite = useMay('schedule.write')
  const [deciding, setDeciding] = useState<Difference | null>(null)
  const [isDecided, setIsDecided] = useState(false)
  const report = useQuery({
    // What the state counts is what the list shows: another number or another comparison asks for it again.
    queryKey: ['schedule', 'differences', state.differences, state.comparedAt],
    queryFn: ({ signal }) => listScheduleDifferences({ query: { limit: rowsMax } }, { signal }),
    refetchInterval: lookEveryMs.steady,
    placeholderData: (old) => old,
  })
  return (
    <section aria-labelledby="differences-title" className="space-y-3">
      <h2 id="differences-title">{t.differences}</h2>
      <div role="status">
        {isDecided ? (
          <Notice tone="confirmed">
            <p>{t.decided}</p>
          </Notice>
        ) : null}
      </div>
      {report.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !report.data ? (
        <ProblemNotice error={report.error} words={t.reportFailed} onAgain={() => void report.refetch()} />
      ) : report.data.items.length === 0 ? (
        state.comparedAt === null ? (
          <EmptyState title={t.notCompared} text={t.notComparedWhy} />
        ) : (
          <EmptyState title={t.same} />
        )
      ) : (
        <>
          <p className="text-quiet">{t.closes}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section tabIndex={0} aria-label={t.table} className="panel overflow-x-auto">
            <table className="w-full">
              <TableHead heads={[t.kind, t.here, t.there, t.since, t.seen]} />
              <tbody>
                {report.data.items.map((item) => (
                  <DifferenceRow key={item.id} item={item} mayDecide={mayWrite} onDecide={() => setDeciding(item)} />
                ))}
              </tbody>
            </table>
          </section>
          {report.data.nextCursor === null ? null : <p className="text-quiet">{t.first(rowsMax)}</p>}
        </>
      )}
      {deciding ? (
        <DecisionDialog
          item={deciding}
          onDecided={() => {
            setIsDecided(true)
            setDeciding(null)
            void report.refetch()
          }}
          onClose={() => {
            setDeciding(null)
            void report.refetch()
          }}
        />
      ) : null}
    </section>
  )
}
