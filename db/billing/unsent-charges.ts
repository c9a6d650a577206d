import { ChargeRequested } from '@heliox/core/billing'
import type { Envelope } from '@heliox/core/kit'
import { intakesOff, intakeWentOffSince } from '../clinical/visits.ts'
import { mayNotCharge } from '../compliance/consents.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { type ChargeRow, lockCharge, settle } from './charges.ts'

/** The flows that take money: what they are about to send is asked about once more. */
export const chargingFlows: ReadonlySet<string> = new Set(['charge', 'charge-confirm'])

/** Kept as the code of a charge that ends so; the desk reads it in words. */
type UnsentWhy = 'authorisation-withdrawn' | 'visit-off'
interface Unwanted {
  charge: ChargeRow
  why: UnsentWhy
}

/**
 * A charge that was asked for and must not be sent any more: the patient took the authorisation back, or the visit went off. The row is locked. An
 * instalment of a visit that was off already when its day came is not asked for at all, unless the plan was agreed to after that (`plans.ts`).
 */
export async function unwantedCharge(tx: Tx, { payload, occurredAt }: Envelope): Promise<Unwanted | undefined> {
  const asked = ChargeRequested.schema.safeParse(payload)
  if (!asked.success) return undefined
  const why = await whyUnwanted(tx, asked.data, new Date(occurredAt))
  if (!why) return undefined
  const charge = await lockCharge(tx, { id: asked.data.chargeId })
  return charge?.status === 'requested' && charge.paymentIntentId === null ? { charge, why } : undefined
}

async function whyUnwanted(tx: Tx, { intakeId, purpose }: Pick<ChargeRow, 'intakeId' | 'purpose'>, askedAt: Date): Promise<UnsentWhy | undefined> {
  if ((await mayNotCharge(tx, [intakeId])).has(intakeId)) return 'authorisation-withdrawn'
  const isOff = purpose === 'copay' ? (await intakesOff(tx, [intakeId])).has(intakeId) : await intakeWentOffSince(tx, intakeId, askedAt)
  return isOff ? 'visit-off' : undefined
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
