import { ChargeRequested } from '@heliox/core/billing'
import type { Envelope } from '@heliox/core/kit'
import { intakesOff, intakeWentOffSince } from '../clinical/visits.ts'
import { type NotAuthorised, whyNotAuthorised } from '../compliance/card-authorisation.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'

/** Kept as the code of a charge that ends so; the desk reads it in words. */
export type WhyNot = NotAuthorised | 'visit-off'

/** Of the event that asks for a charge: why nobody may take it any more. The charge itself may be over by now. */
export async function whyNot(tx: Tx, { payload, occurredAt }: Envelope): Promise<{ chargeId: string; why: WhyNot } | undefined> {
  const asked = ChargeRequested.schema.safeParse(payload)
  if (!asked.success) return undefined
  const { chargeId, intakeId, purpose } = asked.data
  const askedAt = new Date(occurredAt)
  const lack = await whyNotAuthorised(tx, intakeId, askedAt)
  if (lack) return { chargeId, why: lack }
  const isOff = purpose === 'copay' ? (await intakesOff(tx, [intakeId])).has(intakeId) : await intakeWentOffSince(tx, intakeId, askedAt)
  return isOff ? { chargeId, why: 'visit-off' } : undefined
}

/** It was sent before that, and the partner took it: it stands as it is there, and a person gives it back or says why not. */
export async function tellTakenUnwanted(tx: Tx, envelope: Envelope, now: Date): Promise<void> {
  const unwanted = await whyNot(tx, envelope)
  if (!unwanted) return
  const about = { is: 'charge', id: unwanted.chargeId } as const
  await raiseIncident(tx, { kind: 'charged-unwanted', partner: 'stripe', payerId: null, about, count: 1, counts: 'now' }, now)
}
