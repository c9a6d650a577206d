import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type ChargeView, createRefund, type NewRefund } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, SelectField, TextField } from '../shared/fields.tsx'
import { paymentWords } from '../shared/messages/payment-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { amountField, minorOf, moneyText } from '../shared/money.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'

const t = paymentWords.refund
type Reason = NewRefund['reason']
const reasons = Object.entries(t.reasons).map(([value, label]) => ({ value, label }))
const isReason = (value: string): value is Reason => Object.hasOwn(t.reasons, value)

/** The id is made when the dialog opens: a double click, or a second try after a lost answer, is one refund. */
export function RefundDialog({ charge, onDone, onClose }: { charge: ChargeView; onDone(): void; onClose(): void }) {
  const { currency, refundableMinor } = charge
  const most = moneyText(refundableMinor, currency)
  const [refundId] = useState(() => crypto.randomUUID())
  const [typed, setTyped] = useState(amountField(refundableMinor, currency))
  const [reason, setReason] = useState('')
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const amountMinor = minorOf(typed, currency)
  const send = useMutation({
    mutationFn: (body: NewRefund) => createRefund({ params: { chargeId: charge.id }, body }),
    onSuccess: () => {
      onDone()
      onClose()
    },
    onError: onDone,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (send.isPending || send.isSuccess) return
    const fits = amountMinor !== undefined && amountMinor <= refundableMinor
    setProblems([
      ...(fits ? [] : [{ id: 'refund-amount', message: t.needAmount(most) }]),
      ...(isReason(reason) ? [] : [{ id: 'refund-reason', message: t.needReason }]),
    ])
    setRound((n) => n + 1)
    if (fits && isReason(reason)) send.mutate({ refundId, amountMinor, reason })
  }
  return (
    <StaffDialog open title={t.title} lead={t.lead(most)} onClose={onClose}>
      <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
          <TextField id="refund-amount" label={t.amount} inputMode="decimal" autoComplete="off" className="max-w-32" value={typed} onChange={setTyped} />
          <SelectField id="refund-reason" label={t.reason} empty={t.pick} value={reason} onChange={setReason} options={reasons} />
          {send.isError ? <ProblemNotice error={send.error} /> : null}
          <div className="flex flex-wrap items-center gap-3">
            <button type="submit" className="button button-main" aria-disabled={send.isPending}>
              {t.submit(amountMinor === undefined ? '' : moneyText(amountMinor, currency))}
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
