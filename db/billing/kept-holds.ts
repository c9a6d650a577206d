import { raiseIncident, settleIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'

/** Two looks in vain, at about five and twenty minutes: what is held still is a patient’s money that somebody must see to. */
const looksInVain = 2
const causeOf = (paymentId: string) =>
  ({ kind: 'hold-not-given-back', partner: 'stripe', payerId: null, about: { is: 'payment', id: paymentId }, count: 1, counts: 'now' }) as const

/** `looks`: how often the partner was asked before, since the money is known to be held. */
export async function watchHold(tx: Tx, payment: { id: string; heldUntil: Date | null }, looks: number, now: Date): Promise<void> {
  if (payment.heldUntil !== null && looks >= looksInVain) await raiseIncident(tx, causeOf(payment.id), now)
}

/** Given back, by us or by the hold's own end: the incident goes with it. */
export const holdEnded = (tx: Tx, paymentId: string, now: Date): Promise<void> => settleIncident(tx, causeOf(paymentId), now)
