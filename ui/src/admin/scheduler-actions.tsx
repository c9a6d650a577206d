import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, giveUpHandover, handOverSchedule, type ScheduleState, setDualRun } from '../client.gen.ts'
import { schedulerWords as t } from '../shared/messages/scheduler-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay } from '../shared/staff/shell.tsx'
import { isRunning, stateKey } from './use-schedule.ts'

const refusals: Readonly<Record<string, string>> = t.refusals

/** What an admin may do now. A handover stops everybody's changes for a while, so it is asked twice. */
export function SchedulerActions({ state }: { state: ScheduleState }) {
  const mayWrite = useMay('schedule.write')
  const client = useQueryClient()
  const [isAsked, setIsAsked] = useState(false)
  const act = useMutation({
    mutationFn: (work: () => Promise<ScheduleState>) => work(),
    onSuccess: (now) => client.setQueryData(stateKey, now),
    // What was refused was refused for a reason that this page does not show yet.
    onError: () => client.invalidateQueries({ queryKey: stateKey, exact: true }),
    onSettled: () => setIsAsked(false),
  })
  if (!mayWrite) return null
  const run = (work: () => Promise<ScheduleState>) => () => {
    if (!act.isPending) act.mutate(work)
  }
  const { handover } = state
  const to = state.owner === 'hub' ? 'legacy-scheduler' : 'hub'
  const button = (label: string, onClick: () => void, main = false) => (
    <button type="button" className={`button ${main ? 'button-main' : ''}`} aria-disabled={act.isPending} onClick={onClick}>
      {label}
    </button>
  )
  const mayGiveUp = handover?.phase === 'freezing' || handover?.phase === 'draining'
  const refused = act.error instanceof ApiError ? refusals[act.error.code] : undefined
  return (
    <div id="actions" tabIndex={-1} className="space-y-3 outline-none">
      <div className="flex flex-wrap gap-3">
        {handover && isRunning(state) ? (
          mayGiveUp ? (
            button(
              t.giveUp,
              run(() => giveUpHandover({ params: { handoverId: handover.id } })),
            )
          ) : null
        ) : (
          <>
            {button(`${t.handOver[to]}…`, () => setIsAsked(true), true)}
            {button(
              state.dualRun ? t.turnOff : t.turnOn,
              run(() => setDualRun({ body: { on: !state.dualRun } })),
            )}
          </>
        )}
      </div>
      {act.isError ? <ProblemNotice error={act.error} words={refused} /> : null}
      {isAsked ? (
        <StaffDialog open title={t.ask[to]} lead={t.note} onClose={() => setIsAsked(false)}>
          <div className="space-y-4">
            <p>{t.after[to]}</p>
            {state.differences > 0 ? <p>{t.differNow(state.differences)}</p> : null}
            <div className="flex flex-wrap gap-3">
              {button(
                act.isPending ? t.busy : t.handOver[to],
                run(() => handOverSchedule({ body: { to } })),
                true,
              )}
              <button type="button" className="button" onClick={() => setIsAsked(false)}>
                {staff.cancel}
              </button>
            </div>
          </div>
        </StaffDialog>
      ) : null}
    </div>
  )
}
