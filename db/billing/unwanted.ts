import { ChargeRequested } from '@heliox/core/billing'
import type { Envelope } from '@heliox/core/kit'
import { intakesOff, intakeWentOffSince } from '../clinical/visits.ts'
import { type NotAuthorised, whyNotAuthorised } from '../compliance/card-authorisation.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import type { ChargeRow } from './charges.ts'

/** Kept as the code of a charge that ends so; the desk reads it in words. */
export type WhyNot = NotAuthorised | 'visit-off'

/** What is asked about; `askedAt`: what was taken back after it stays so for this charge. */
interface Asked {
  intakeId: string
  purpose: 'copay' | 'instalment'
  askedAt: Date
}
async function whyNotOf(tx: Tx, { intakeId, purpose, askedAt }: Asked): Promise<WhyNot | undefined> {
  const lack = await whyNotAuthorised(tx, intakeId, askedAt)
  if (lack) return lack
  const isOff = purpose === 'copay' ? (await intakesOff(tx, [intakeId])).has(intakeId) : await intakeWentOffSince(tx, intakeId, askedAt)
  return isOff ? 'visit-off' : undefined
}

/** Of the event that asks for a charge: why nobody may take it any more. The charge itself may be over by now. */
export async function whyNot(tx: Tx, { payload, occurredAt }: Envelope): Promise<{ chargeId: string; why: WhyNot } | undefined> {
  const asked = ChargeRequested.schema.safeParse(payload)
  if (!asked.success) return undefined
  const why = await whyNotOf(tx, { ...asked.data, askedAt: new Date(occurredAt) })
  return why && { chargeId: asked.data.chargeId, why }
}

type GivenUp = Pick<ChargeRow, 'intakeId' | 'purpose' | 'givingUp' | 'createdAt'>
/** Of a charge at the bank's page that is being given up: why nobody may take it. Undefined too where staff, another method or its last day ended it. */
export const whyGivenUp = async (tx: Tx, { intakeId, purpose, givingUp, createdAt: askedAt }: GivenUp): Promise<WhyNot | undefined> =>
  givingUp ? whyNotOf(tx, { intakeId, purpose, askedAt }) : undefined

/** It was sent before that, and the partner took it: it stands as it is there, and a person gives it back or says why not. */
export async function tellTakenUnwanted(tx: Tx, envelope: Envelope, now: Date): Promise<void> {
  const unwanted = await whyNot(tx, envelope)
  if (unwanted) await tellTaken(tx, unwanted.chargeId, now)
}
/** The same of one that the patient confirmed at the bank before it could be ended there. */
export const tellTaken = (tx: Tx, chargeId: string, now: Date): Promise<unknown> =>
  raiseIncident(tx, { kind: 'charged-unwanted', partner: 'stripe', payerId: null, about: { is: 'charge', id: chargeId }, count: 1, counts: 'now' }, now)
