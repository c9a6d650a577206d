import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, type DecideScheduleDifferenceBody, decideScheduleDifference } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, RadioField, SelectField } from '../shared/fields.tsx'
import { schedulerWords as t } from '../shared/messages/scheduler-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { type Difference, Side } from './difference-row.tsx'
import { stateKey } from './use-schedule.ts'

type Counts = DecideScheduleDifferenceBody['counts']
type Reason = DecideScheduleDifferenceBody['reason']
const optionsOf = <T extends string>(words: Record<T, string>): { value: T; label: string }[] =>
  Object.entries<string>(words).map(([value, label]) => ({ value: value as T, label }))
const countsOptions = optionsOf<Counts>(t.counts)
const reasonOptions = optionsOf<Reason>(t.reasons)
const refusals: Readonly<Record<string, string>> = t.decideRefused

/** Both sides beside each other, which one counts, and why. The revisions that were seen go with it: what changed since is refused. */
export function DecisionDialog({ item, onDecided, onClose }: { item: Difference; onDecided(): void; onClose(): void }) {
  const client = useQueryClient()
  const [decisionId] = useState(() => crypto.randomUUID())
  const [counts, setCounts] = useState('')
  const [reason, setReason] = useState('')
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const send = useMutation({
    mutationFn: (body: DecideScheduleDifferenceBody) => decideScheduleDifference({ params: { differenceId: item.id }, body }),
    onSuccess: (now) => {
      client.setQueryData(stateKey, now)
      onDecided()
    },
  })
  const { here, there } = item
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (send.isPending || !here || !there) return
    const chosen = countsOptions.find(({ value }) => value === counts)?.value
    const why = reasonOptions.find(({ value }) => value === reason)?.value
    setProblems([...(chosen ? [] : [{ id: 'counts', message: t.needCounts }]), ...(why ? [] : [{ id: 'counts-reason', message: t.needReason }])])
    setRound((n) => n + 1)
    if (chosen && why) send.mutate({ decisionId, counts: chosen, reason: why, hereRevision: here.revision, thereRevision: there.revision })
  }
  const refused = send.error instanceof ApiError ? refusals[send.error.code] : undefined
  return (
    <StaffDialog open title={t.decideTitle} lead={t.decideLead} onClose={onClose}>
      <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
          <dl className="grid gap-4 sm:grid-cols-2">
            <div>
              <dt className="text-quiet">{t.here}</dt>
              <dd>
                <Side said={here} other={there} />
              </dd>
            </div>
            <div>
              <dt className="text-quiet">{t.there}</dt>
              <dd>
                <Side said={there} other={here} />
              </dd>
            </div>
          </dl>
          <RadioField id="counts" label={t.decideTitle} value={counts} options={countsOptions} onChange={setCounts} />
          <SelectField id="counts-reason" label={t.reason} value={reason} onChange={setReason} empty={t.needReason} options={reasonOptions} />
          {send.isError ? <ProblemNotice error={send.error} words={refused} /> : null}
          <div className="flex flex-wrap gap-3">
            <button type="submit" className="button button-main" aria-disabled={send.isPending}>
              {send.isPending ? t.busy : t.decide}
            </button>
            <button type="button" className="button" onClick={onClose}>
              {staff.cancel}
            </button>
          </div>
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}
