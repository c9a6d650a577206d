import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, type ChargeView, closePlan, createCharge, getPayments, type PaymentsView, type PlanView } from '../client.gen.ts'
import { ProblemContext, TextField } from '../shared/fields.tsx'
import { paymentWords } from '../shared/messages/payment-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { amountField, minorOf, moneyText } from '../shared/money.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { useChanges } from '../shared/staff/use-changes.ts'
import { StateChip, type Tone } from '../shared/state-chip.tsx'
import { dateText, shortTime } from '../shared/time.ts'
import { OtherMethod, StopCharge } from './payment-actions.tsx'
import { PlanDialog } from './plan-dialog.tsx'
import { RefundDialog } from './refund-dialog.tsx'

const t = paymentWords
const copayMinorMax = 100_000
const chargeTones = {
  scheduled: 'checking',
  requested: 'checking',
  processing: 'checking',
  'needs-you': 'needs-someone',
  declined: 'failed',
  canceled: 'failed',
  succeeded: 'confirmed',
} as const satisfies Record<ChargeView['status'], Tone>
const methodTones = { requested: 'checking', stored: 'confirmed', 'needs-you': 'needs-someone', declined: 'failed' } as const
const planTones = { proposed: 'needs-someone', expired: 'provisional', agreed: 'confirmed', ended: 'checking' } as const satisfies Record<
  PlanView['status'],
  Tone
>
/** Charged, or on its way: the form for a copay would only be refused. */
const isLive = ({ purpose, status }: ChargeView): boolean => purpose === 'copay' && status !== 'declined' && status !== 'canceled'

/** What is on file, what was charged and given back, and what may be now. Nothing is charged by opening it. */
export function PaymentsPanel({ intakeId, isCancelled }: { intakeId: string; isCancelled: boolean }) {
  const payments = useQuery({ queryKey: ['payments', intakeId], queryFn: ({ signal }) => getPayments({ params: { intakeId } }, { signal }) })
  const again = (): void => void payments.refetch()
  useChanges(again)
  const mayCharge = useMay('payment.charge') && !isCancelled
  const mayPlan = useMay('payment.plan') && !isCancelled
  const { data } = payments
  const stored = data?.method?.status === 'stored'
  const chargeable = stored && data.unauthorised === null
  return (
    <section aria-labelledby="payments-title" className="panel space-y-3 p-4">
      <h2 id="payments-title">{t.title}</h2>
      {payments.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !data ? (
        <ProblemNotice error={payments.error} words={t.failed} onAgain={again} />
      ) : (
        <>
          <Method method={data.method} />
          {stored && data.unauthorised ? <p>{t.unauthorised[data.unauthorised]}</p> : null}
          {isCancelled ? <p className="text-quiet">{t.visitCancelled}</p> : null}
          <OtherMethod intakeId={intakeId} payments={data} mayAsk={mayCharge} onDone={again} />
          {mayCharge && chargeable && !data.charges.some(isLive) ? (
            <CopayForm key={data.charges.length} intakeId={intakeId} payments={data} onDone={again} />
          ) : null}
          {data.charges.length > 0 ? (
            <ul className="space-y-3">
              {data.charges.map((charge) => (
                <Charge key={charge.id} charge={charge} onDone={again} />
              ))}
            </ul>
          ) : null}
          {data.plans
            .filter(({ status }) => status !== 'ended')
            .map((plan) => (
              <Plan key={plan.id} plan={plan} onDone={again} />
            ))}
          {mayPlan && chargeable ? <ProposePlan intakeId={intakeId} currency={data.currency} onDone={again} /> : null}
        </>
      )}
    </section>
  )
}

function Method({ method }: { method: PaymentsView['method'] }) {
  if (!method) return <p className="text-quiet">{t.none}</p>
  const words = t.methodOf[method.kind ?? '']?.[method.status] ?? t.method[method.status]
  return (
    <p>
      <StateChip tone={methodTones[method.status]}>{words}</StateChip>
      {method.code ? <span className="ms-2 text-quiet select-all">{method.code}</span> : null}
    </p>
  )
}

function refusedWords(error: unknown): string | undefined {
  const code = error instanceof ApiError ? error.code : ''
  if (code === 'charged-already') return t.copay.taken
  if (code === 'no-authorisation') return t.noAuthorisation
  return code === 'visit-off' ? t.visitCancelled : undefined
}

/** The id is made with the form: a double click, or a second try after a lost answer, is one charge. A charge that is listed has used it up (`key`). */
function CopayForm({ intakeId, payments, onDone }: { intakeId: string; payments: PaymentsView; onDone(): void }) {
  const { copayMinor, currency } = payments
  const [chargeId] = useState(() => crypto.randomUUID())
  const [typed, setTyped] = useState(copayMinor === null ? '' : amountField(copayMinor, currency))
  const [isWrong, setIsWrong] = useState(false)
  const amountMinor = minorOf(typed, currency)
  const send = useMutation({
    mutationFn: (amount: number) => createCharge({ params: { intakeId }, body: { chargeId, amountMinor: amount } }),
    onSettled: onDone,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (send.isPending || send.isSuccess) return
    const fits = amountMinor !== undefined && amountMinor <= copayMinorMax
    setIsWrong(!fits)
    if (fits) send.mutate(amountMinor)
  }
  const words = refusedWords(send.error)
  return (
    <ProblemContext value={new Map(isWrong ? [['copay', t.copay.needAmount]] : [])}>
      <form noValidate onSubmit={submit} className="space-y-3">
        <TextField
          id="copay"
          label={t.copay.label(currency)}
          hint={copayMinor === null ? t.copay.unknown : t.copay.fromInsurer(moneyText(copayMinor, currency))}
          inputMode="decimal"
          autoComplete="off"
          className="max-w-32"
          value={typed}
          onChange={setTyped}
        />
        {send.isError ? <ProblemNotice error={send.error} words={words} /> : null}
        <button type="submit" className="button button-main" aria-disabled={send.isPending || send.isSuccess}>
          {send.isPending ? t.copay.busy : amountMinor === undefined ? t.copay.chargeNothing : t.copay.charge(moneyText(amountMinor, currency))}
        </button>
      </form>
    </ProblemContext>
  )
}

function Charge({ charge, onDone }: { charge: ChargeView; onDone(): void }) {
  const { timeZone } = useSession().tenant
  const mayRefund = useMay('payment.refund')
  const [open, setOpen] = useState(false)
  const amount = moneyText(charge.amountMinor, charge.currency)
  return (
    <li className="space-y-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>
          {t.purpose[charge.purpose]} {amount}
        </span>
        <StateChip tone={chargeTones[charge.status]}>{t.status[charge.status]}</StateChip>
      </div>
      {charge.dueAt ? <p>{charge.withPatient ? t.pageDue : t.due(shortTime(charge.dueAt, timeZone))}</p> : null}
      {charge.status === 'needs-you' ? <p>{charge.stopping ? t.stopping : t.needsYou}</p> : null}
      {charge.status === 'canceled' && t.notSent[charge.code ?? ''] ? <p>{t.notSent[charge.code ?? '']}</p> : null}
      {charge.status === 'declined' ? <Declined charge={charge} /> : null}
      {charge.status === 'declined' && charge.code ? <p className="text-quiet select-all">{charge.code}</p> : null}
      {charge.refunds.map((refund) => (
        <p key={refund.id} className={refund.status === 'failed' ? 'text-failed' : 'text-quiet'}>
          {moneyText(refund.amountMinor, charge.currency)}: {t.refundStatus[refund.status]}
        </p>
      ))}
      {mayRefund && charge.refundableMinor > 0 ? (
        <button type="button" className="button" aria-label={t.refund.openOf(amount)} onClick={() => setOpen(true)}>
          {t.refund.open}
        </button>
      ) : null}
      <StopCharge charge={charge} amount={amount} onDone={onDone} />
      {open ? <RefundDialog charge={charge} onDone={onDone} onClose={() => setOpen(false)} /> : null}
    </li>
  )
}

function Declined({ charge: { next, withPatient } }: { charge: ChargeView }) {
  if (withPatient && (next === null || next === 'patient-confirms')) return <p>{t.patientFailed}</p>
  return next ? <p>{t.next[next]}</p> : null
}

function Plan({ plan, onDone }: { plan: PlanView; onDone(): void }) {
  const mayPlan = useMay('payment.plan')
  const end = useMutation({ mutationFn: () => closePlan({ params: { planId: plan.id } }), onSettled: onDone })
  return (
    <section aria-label={t.plan.title} className="space-y-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>
          {t.plan.title} {moneyText(plan.totalMinor, plan.currency)}
        </span>
        <StateChip tone={planTones[plan.status]}>{t.plan.status[plan.status]}</StateChip>
      </div>
      <ul className="space-y-2">
        {plan.instalments.map(({ number, dueOn, amountMinor, status }) => (
          <li key={number} className="flex flex-wrap justify-between gap-x-2 tabular-nums">
            <span>
              {dateText(dueOn)}: {moneyText(amountMinor, plan.currency)}
            </span>
            <span className="text-quiet">{status === 'waiting' ? t.plan.waiting : status === 'cancelled' ? t.plan.cancelled : t.status[status]}</span>
          </li>
        ))}
      </ul>
      {plan.status === 'expired' ? <p>{t.plan.expired}</p> : null}
      {end.isError ? <ProblemNotice error={end.error} /> : null}
      {mayPlan ? (
        <button type="button" className="button" aria-disabled={end.isPending} onClick={() => end.isPending || end.mutate()}>
          {t.plan.end}
        </button>
      ) : null}
    </section>
  )
}

function ProposePlan({ intakeId, currency, onDone }: { intakeId: string; currency: string; onDone(): void }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {t.plan.open}
      </button>
      {open ? <PlanDialog intakeId={intakeId} currency={currency} onDone={onDone} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
