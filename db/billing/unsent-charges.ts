import { ChargeRequested } from '@heliox/core/billing'
import type { Envelope } from '@heliox/core/kit'
import { raiseIncident } from '../messaging/incidents.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { type ChargeRow, lockCharge, settle } from './charges.ts'
import { type WhyNot, whyNot } from './unwanted.ts'

/** The flows that take money: what they are about to send is asked about once more. */
export const chargingFlows: ReadonlySet<string> = new Set(['charge', 'charge-confirm'])

interface Unwanted {
  charge: ChargeRow
  why: WhyNot
}

/**
 * A charge that was asked for and must not be sent any more: the patient took the authorisation back, or the visit went off. The row is locked. An
 * instalment of a visit that was off already when its day came is not asked for at all, unless the plan was agreed to after that (`plans.ts`).
 */
export async function unwantedCharge(tx: Tx, envelope: Envelope): Promise<Unwanted | undefined> {
  const unwanted = await whyNot(tx, envelope)
  if (!unwanted) return undefined
  const charge = await lockCharge(tx, { id: unwanted.chargeId })
  return charge?.status === 'requested' && charge.paymentIntentId === null ? { charge, why: unwanted.why } : undefined
}

/**
 * The same question of whoever is about to send. The row is locked first: an engine that looks at the pin meanwhile waits for our lease, and we for its
 * end. One that ended as unsent stays so, also where it is wanted again.
 */
export async function isUnwanted(tx: Tx, envelope: Envelope): Promise<boolean> {
  const asked = ChargeRequested.schema.safeParse(envelope.payload)
  const charge = asked.success ? await lockCharge(tx, { id: asked.data.chargeId }) : undefined
  if (!charge || charge.paymentIntentId !== null) return false
  return charge.status === 'canceled' || (charge.status === 'requested' && (await whyNot(tx, envelope)) !== undefined)
}

/** Over before anything was sent. An instalment is not asked for again by itself, so a person hears of it. */
export async function endUnsent(tx: Tx, { charge, why }: Unwanted, at: Emission): Promise<void> {
  await settle(tx, charge, { status: 'canceled', code: why, paymentIntentId: null, next: null, factAt: null }, at)
  if (charge.instalmentId === null) return
  const plan = await tx.query<{ id: string }>('SELECT plan_id AS id FROM billing.instalments WHERE tenant_id = $1 AND id = $2', [
    tx.tenantId,
    charge.instalmentId,
  ])
  for (const { id } of plan.rows) {
    await raiseIncident(tx, { kind: 'instalment-not-charged', partner: 'stripe', payerId: null, about: { is: 'plan', id }, count: 1 }, at.now)
  }
}
