import { type PaymentFact, PaymentItemReceived } from '@heliox/core/billing'
import { type ApplyContext, applyOf } from '../applies/context.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import { foldIntoCharge, lockCharge } from './charges.ts'
import { foldIntoPayment, lockPayment } from './payment-methods.ts'
import { foldIntoRefund, lockRefund, takeForeignRefund } from './refunds.ts'

/** Whose fact it is, and whether it changed anything. */
interface Folded {
  about: 'payment' | 'charge' | 'refund'
  id: string
  changed: boolean
}

/**
 * One thing that the partner told. Its id is the key: told twice, in two files or by two calls, it counts once. A fact about something that is
 * not ours (made by hand over there) is kept, and nothing follows.
 */
export const recordPaymentFact = applyOf(PaymentItemReceived, async ({ item, fileId, receivedAt }, context) => {
  const { tx, now } = context
  // It was signed, so it is theirs: were it dropped in silence, a change on their side could hide all that money does.
  if (item.is === 'unreadable')
    await raiseIncident(tx, { kind: 'unreadable-file', partner: 'stripe', payerId: null, about: { is: 'file', id: fileId }, count: 1 }, now)
  if (item.is !== 'fact') return
  const before = await tx.query('SELECT 1 FROM billing.payment_facts WHERE tenant_id = $1 AND event_id = $2', [tx.tenantId, item.eventId])
  if (before.rowCount !== 0) return
  const folded = await fold(item, context)
  // Two deliveries at once waited for each other at the row that both fold into; the second changes nothing there and finds this key taken.
  await tx.query(
    `INSERT INTO billing.payment_facts (tenant_id, event_id, type, about, about_id, changed, said_at, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [tx.tenantId, item.eventId, item.type, folded?.about ?? null, folded?.id ?? null, folded?.changed ?? false, item.at, receivedAt],
  )
})

async function fold(fact: PaymentFact, context: ApplyContext): Promise<Folded | undefined> {
  const { object } = fact
  if (object.kind === 'refund') return foldRefundFact(fact, context)
  if (object.kind !== 'setup-intent' && object.kind !== 'payment-intent') return undefined
  return (await foldChargeFact(fact, context)) ?? (await foldPaymentFact(fact, context))
}

async function foldPaymentFact(fact: PaymentFact, context: ApplyContext): Promise<Folded | undefined> {
  const { tx } = context
  const payment = await lockPayment(tx, fact.ours.paymentId ? { id: fact.ours.paymentId } : { intentId: fact.object.id })
  return payment && { about: 'payment', id: payment.id, changed: await foldIntoPayment(tx, payment, fact, context) }
}

async function foldChargeFact(fact: PaymentFact, context: ApplyContext): Promise<Folded | undefined> {
  const { tx } = context
  if (fact.object.kind !== 'payment-intent') return undefined
  const charge = await lockCharge(tx, fact.ours.chargeId ? { id: fact.ours.chargeId } : { intentId: fact.object.id })
  return charge && { about: 'charge', id: charge.id, changed: await foldIntoCharge(tx, charge, fact, context) }
}

/** The charge is locked first, as everybody does who gives money back. */
async function foldRefundFact(fact: PaymentFact, context: ApplyContext): Promise<Folded | undefined> {
  const { tx } = context
  const charge = fact.ours.chargeId
    ? await lockCharge(tx, { id: fact.ours.chargeId })
    : fact.intentId
      ? await lockCharge(tx, { intentId: fact.intentId })
      : undefined
  const refund =
    (fact.ours.refundId ? await lockRefund(tx, { id: fact.ours.refundId }) : undefined) ??
    (await lockRefund(tx, { partnerRefundId: fact.object.id })) ??
    (charge && !fact.ours.refundId ? await takeForeignRefund(tx, charge, fact, context) : undefined)
  return refund && { about: 'refund', id: refund.id, changed: await foldIntoRefund(tx, refund, fact, context) }
}
