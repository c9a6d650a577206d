import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, createPlan, type NewPlan } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, TextField } from '../shared/fields.tsx'
import { paymentWords } from '../shared/messages/payment-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { minorOf, moneyText, monthlyParts } from '../shared/money.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useSession } from '../shared/staff/shell.tsx'
import { dateText, dayOf, nowMs } from '../shared/time.ts'

const t = paymentWords.plan
const partsMax = 24
const refused: Partial<Record<string, string>> = { 'visit-off': paymentWords.visitCancelled, 'no-authorisation': paymentWords.noAuthorisation }

/** Equal parts, a month apart; every date and amount is shown before it is proposed. */
export function PlanDialog({ intakeId, currency, onDone, onClose }: { intakeId: string; currency: string; onDone(): void; onClose(): void }) {
  const { timeZone } = useSession().tenant
  const [planId] = useState(() => crypto.randomUUID())
  const [total, setTotal] = useState('')
  const [parts, setParts] = useState('3')
  const [first, setFirst] = useState('')
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const send = useMutation({
    mutationFn: (body: NewPlan) => createPlan({ params: { intakeId }, body }),
    onSuccess: () => {
      onDone()
      onClose()
    },
  })
  const totalMinor = minorOf(total, currency)
  const count = /^\d{1,2}$/.test(parts.trim()) ? Number(parts) : 0
  const isCount = count >= 1 && count <= partsMax && count <= (totalMinor ?? partsMax)
  const isLater = first > dayOf(new Date(nowMs()).toISOString(), timeZone)
  const instalments = totalMinor !== undefined && isCount && isLater ? monthlyParts(totalMinor, count, first) : []
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (send.isPending || send.isSuccess) return
    setProblems([
      ...(totalMinor === undefined ? [{ id: 'plan-total', message: t.needTotal }] : []),
      ...(isCount ? [] : [{ id: 'plan-parts', message: t.needParts }]),
      ...(isLater ? [] : [{ id: 'plan-first', message: t.needFirst }]),
    ])
    setRound((n) => n + 1)
    if (instalments.length > 0) send.mutate({ planId, instalments })
  }
  return (
    <StaffDialog open title={t.title} lead={t.lead} onClose={onClose}>
      <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
          <TextField
            id="plan-total"
            label={`${t.total} (${currency})`}
            inputMode="decimal"
            autoComplete="off"
            className="max-w-32"
            value={total}
            onChange={setTotal}
          />
          <TextField id="plan-parts" label={t.parts} inputMode="numeric" autoComplete="off" className="max-w-24" value={parts} onChange={setParts} />
          <TextField id="plan-first" label={t.first} type="date" className="max-w-44" value={first} onChange={setFirst} />
          {instalments.length > 0 ? (
            <ul className="space-y-1 tabular-nums">
              {instalments.map(({ dueOn, amountMinor }) => (
                <li key={dueOn}>
                  {dateText(dueOn)}: {moneyText(amountMinor, currency)}
                </li>
              ))}
            </ul>
          ) : null}
          {send.isError ? <ProblemNotice error={send.error} words={send.error instanceof ApiError ? refused[send.error.code] : undefined} /> : null}
          <div className="flex flex-wrap items-center gap-3">
            <button type="submit" className="button button-main" aria-disabled={send.isPending}>
              {send.isPending ? t.busy : t.submit}
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
