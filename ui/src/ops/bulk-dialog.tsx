import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { ApiError, type BulkDryRun, type BulkPlanRequest, planBulkRelease, type StartBulkRelease, startBulkRelease } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, RadioField, SelectField, TextAreaField, TextField } from '../shared/fields.tsx'
import { opsWords } from '../shared/messages/ops-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { reasonNamed, reasonOptions } from '../shared/messages/reason-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useSession } from '../shared/staff/shell.tsx'
import { exactTime, span } from '../shared/time.ts'
import { DryRun } from './bulk-plan.tsx'
import { relative } from './words.ts'

const t = opsWords.bulk
type Selection = BulkPlanRequest['selection']
type Action = BulkPlanRequest['action']
const actions = Object.keys(t.actions) as Action[]

/**
 * One decision about many: choose, see what it would do, then start it at a rate. The id is made when the dialog opens, so
 * that a second click, or a second try after a lost answer, is the same bulk release.
 */
export function BulkDialog({ about, selection, onClose }: { about: string; selection: Selection; onClose(): void }) {
  const [, navigate] = useLocation()
  const [bulkReleaseId] = useState(() => crypto.randomUUID())
  const [action, setAction] = useState<Action | ''>('')
  /** Null: nobody typed one, and the usual rate stands. */
  const [typed, setTyped] = useState<string | null>(null)
  const [reason, setReason] = useState<StartBulkRelease['reason'] | ''>('')
  const [note, setNote] = useState('')
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const plan = useQuery({
    queryKey: ['bulk-plan', action, selection],
    queryFn: ({ signal }) => planBulkRelease({ body: { action: action as Action, selection } }, { signal }),
    enabled: action !== '',
    // Each look is a look at now.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const start = useMutation({
    mutationFn: (body: StartBulkRelease) => startBulkRelease({ body }),
    onSuccess: ({ id }) => navigate(`/bulk/${id}`),
  })
  const { rateDefault = 1, rateMax = 1, reasons = [] } = plan.data ?? {}
  const rate = typed ?? String(rateDefault)
  const perMinute = /^\d{1,4}$/.test(rate.trim()) ? Number(rate) : 0
  const found = plan.data?.plan.items ?? 0

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (start.isPending || start.isSuccess) return
    const wrong: ShownProblem[] = []
    if (action === '') wrong.push({ id: 'bulk-action', message: t.needAction })
    if (perMinute < 1 || perMinute > rateMax) wrong.push({ id: 'bulk-rate', message: t.needRate(rateMax) })
    if (reason === '') wrong.push({ id: 'bulk-reason', message: queueWords.override.needReason })
    if (note.trim() === '') wrong.push({ id: 'bulk-note', message: queueWords.override.needNote })
    setProblems(wrong)
    setRound((n) => n + 1)
    if (wrong.length === 0 && action !== '' && reason !== '' && found > 0)
      start.mutate({ bulkReleaseId, action, selection, ratePerMinute: perMinute, reason, note: note.trim() })
  }
  return (
    <StaffDialog open title={t.dialogTitle(about)} lead={t.dialogLead} wide onClose={onClose}>
      <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
          <RadioField
            id="bulk-action"
            label={t.action}
            value={action}
            onChange={(value) => {
              setAction(actions.find((one) => one === value) ?? '')
              setReason('')
            }}
            options={actions.map((value) => ({ value, label: t.actions[value].name, note: t.actions[value].text }))}
          />
          {action === '' ? null : (
            <div role="status" className="min-h-24">
              {plan.data ? (
                <Plan dryRun={plan.data} />
              ) : plan.isError ? (
                <ProblemNotice error={plan.error} onAgain={() => void plan.refetch()} />
              ) : (
                <p className="text-quiet">{t.counting}</p>
              )}
            </div>
          )}
          {action !== '' && found > 0 ? (
            <>
              <div className="grid gap-4 sm:grid-cols-2">
                <TextField
                  id="bulk-rate"
                  label={t.rate}
                  hint={perMinute > 0 && perMinute <= rateMax ? t.takes(span((found / perMinute) * 60_000)) : t.rateHint(rateMax)}
                  inputMode="numeric"
                  className="max-w-32"
                  value={rate}
                  onChange={setTyped}
                />
                <SelectField
                  id="bulk-reason"
                  label={queueWords.override.reason}
                  empty={queueWords.override.reasonPick}
                  value={reason}
                  onChange={(value) => setReason(reasonNamed(value))}
                  options={reasonOptions(reasons)}
                />
              </div>
              <TextAreaField
                id="bulk-note"
                label={queueWords.override.note}
                hint={queueWords.override.noteHint}
                rows={2}
                value={note}
                onChange={setNote}
                maxLength={500}
              />
              {start.isError ? <Failure error={start.error} /> : null}
            </>
          ) : null}
          <div className="flex flex-wrap gap-2">
            {action !== '' && found > 0 ? (
              <button type="submit" className="button button-main" aria-disabled={start.isPending}>
                {start.isPending ? t.starting : t.start(found)}
              </button>
            ) : null}
            <button type="button" className="button" onClick={onClose}>
              {staff.cancel}
            </button>
          </div>
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}

function Plan({ dryRun }: { dryRun: BulkDryRun }) {
  const { tenant } = useSession()
  const { plan } = dryRun
  return (
    <div className="space-y-3 rounded-lg bg-raised p-3">
      <p className="font-medium">{plan.items > 0 ? t.would(plan.items) : t.wouldNone}</p>
      {plan.more ? <p>{t.more}</p> : null}
      {plan.soonestVisitAt ? (
        <p>
          {t.soonest}: {relative(plan.soonestVisitAt)} <span className="text-quiet">({exactTime(plan.soonestVisitAt, tenant.timeZone)})</span>
        </p>
      ) : null}
      <DryRun dryRun={dryRun} />
    </div>
  )
}

function Failure({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.code === 'bulk-conflict') return <ProblemNotice error={error} words={t.changed} />
  if (error instanceof ApiError && error.code === 'bulk-empty') return <ProblemNotice error={error} words={t.wouldNone} />
  return <ProblemNotice error={error} />
}
