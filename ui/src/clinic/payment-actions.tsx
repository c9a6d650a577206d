import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, askMethod, type ChargeView, endCharge, type PaymentsView } from '../client.gen.ts'
import { paymentWords } from '../shared/messages/payment-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { StateChip } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'

const t = paymentWords

/** A method that will not do or may not be charged, or none: nothing is charged before the patient has left another one, and only they can. */
const needsOther = ({ method, unauthorised, charges }: PaymentsView): boolean =>
  method === null ||
  method.status === 'declined' ||
  unauthorised !== null ||
  (charges[0]?.status === 'declined' && (charges[0].next === 'new-method' || charges[0].next === 'stop'))

export function OtherMethod({ intakeId, payments, mayAsk, onDone }: { intakeId: string; payments: PaymentsView; mayAsk: boolean; onDone(): void }) {
  const { timeZone } = useSession().tenant
  // One id for as long as the page stands: a second try after a lost answer asks once.
  const [requestId] = useState(() => crypto.randomUUID())
  const ask = useMutation({ mutationFn: () => askMethod({ params: { intakeId }, body: { requestId } }), onSettled: onDone })
  const { askedAt, offer } = payments
  if (askedAt !== null) {
    return (
      <div className="space-y-1">
        <p>
          <StateChip tone="needs-someone">{t.ask.title}</StateChip>
        </p>
        <p>{t.ask.asked(shortTime(askedAt, timeZone))}</p>
        {offer ? <p>{t.ask.offer[offer.status]}</p> : null}
        {offer?.code ? <p className="text-quiet select-all">{offer.code}</p> : null}
      </div>
    )
  }
  if (!mayAsk || !needsOther(payments)) return null
  return (
    <div className="space-y-2">
      {ask.isError ? <ProblemNotice error={ask.error} /> : null}
      <button type="button" className="button" aria-disabled={ask.isPending} onClick={() => ask.isPending || ask.mutate()}>
        {ask.isPending ? t.ask.busy : t.ask.open}
      </button>
    </div>
  )
}

/** Nothing has been asked of the bank yet, or the patient has not answered it: both can be stopped. */
const waits = ({ status, stopping }: ChargeView): boolean => (status === 'scheduled' || status === 'needs-you') && !stopping

export function StopCharge({ charge, amount, onDone }: { charge: ChargeView; amount: string; onDone(): void }) {
  const mayStop = useMay('payment.charge')
  const stop = useMutation({ mutationFn: () => endCharge({ params: { chargeId: charge.id } }), onSettled: onDone })
  if (!mayStop || !waits(charge)) return null
  const late = stop.error instanceof ApiError && stop.error.code === 'nothing-waiting'
  return (
    <>
      {stop.isError ? <ProblemNotice error={stop.error} words={late ? t.nothingToStop : undefined} /> : null}
      <button type="button" className="button" aria-label={t.stopOf(amount)} aria-disabled={stop.isPending} onClick={() => stop.isPending || stop.mutate()}>
        {stop.isPending ? t.stopBusy : t.stop}
      </button>
    </>
  )
}
