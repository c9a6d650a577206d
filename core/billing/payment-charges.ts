import { z } from 'zod'
import { defineContract, defineEvent } from '../kit/index.ts'
import { Charge, ChargeCheck, ChargeDeclined, Charged, ChargeSeen, chargePurposes, Refund, Refunded, RefundRefused } from './money.ts'
import { chargeStates, refundStates } from './payment-facts.ts'

/**
 * Taking an amount from a method on file, and giving it back. A charge is one attempt at the partner: a later one, because the first was
 * declined, is another charge of the same *series*, so that what is asked about one can never be answered with the other.
 */
export const ChargeRequested = defineContract({
  name: 'ChargeRequested',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), ...Charge.schema.shape }),
})
export const ChargeRecord = defineContract({
  name: 'ChargeRecord',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({ is: z.literal('charged'), chargeId: z.uuid(), charged: Charged.schema }),
    z.object({ is: z.literal('declined'), chargeId: z.uuid(), declined: ChargeDeclined.schema }),
  ]),
})
/** PHI: the address where the patient confirms it. */
export const ChargeSeenRecord = defineContract({
  name: 'ChargeSeenRecord',
  version: 1,
  phi: true,
  schema: z.discriminatedUnion('is', [
    z.object({ is: z.literal('seen'), chargeId: z.uuid(), seen: ChargeSeen.schema }),
    z.object({ is: z.literal('declined'), chargeId: z.uuid(), declined: ChargeDeclined.schema }),
  ]),
})
/** A charge waits for the patient, and no webhook told its end; or nobody waits for it any more. */
export const ChargeCheckDue = defineContract({
  name: 'ChargeCheckDue',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), patientId: z.uuid(), ...ChargeCheck.schema.shape }),
})
export const ChargeOutcome = defineContract({
  name: 'ChargeOutcome',
  version: 1,
  phi: false,
  schema: z.object({
    intakeId: z.uuid(),
    patientId: z.uuid(),
    chargeId: z.uuid(),
    purpose: z.enum(chargePurposes),
    status: z.enum(chargeStates),
    code: z.string().max(60).nullable(),
    amountMinor: z.int().min(1),
    currency: z.string().length(3),
  }),
})

export const RefundRequested = defineContract({
  name: 'RefundRequested',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), patientId: z.uuid(), ...Refund.schema.shape }),
})
export const RefundRecord = defineContract({
  name: 'RefundRecord',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({ is: z.literal('refunded'), refundId: z.uuid(), refunded: Refunded.schema }),
    z.object({ is: z.literal('refused'), refundId: z.uuid(), refused: RefundRefused.schema }),
  ]),
})
export const RefundOutcome = defineContract({
  name: 'RefundOutcome',
  version: 1,
  phi: false,
  schema: z.object({
    intakeId: z.uuid(),
    patientId: z.uuid(),
    refundId: z.uuid(),
    chargeId: z.uuid(),
    status: z.enum(refundStates),
    code: z.string().max(60).nullable(),
    amountMinor: z.int().min(1),
    currency: z.string().length(3),
  }),
})

/** Why staff gives money back; a closed list, because free text would become a place for health data. */
export const refundReasons = ['charged-too-much', 'visit-cancelled', 'charged-twice', 'insurer-paid', 'other'] as const
export type RefundReason = (typeof refundReasons)[number]

const dayMs = 24 * 3600 * 1000
/** After the first attempt: somebody without money today often has some on payday. Then a person, never a fourth try. */
const laterTriesMs = [3 * dayMs, 7 * dayMs] as const
type Next = z.output<typeof ChargeDeclined.schema>['next']
/** When the charge after this attempt is due; null: nothing follows by itself. `attempt` counts from 1. */
export function nextTryAt(next: Next, attempt: number, firstAt: Date): Date | null {
  const afterMs = next === 'later' ? laterTriesMs[attempt - 1] : undefined
  return afterMs === undefined ? null : new Date(firstAt.getTime() + afterMs)
}
/**
 * The bank wants the patient: the next attempt is made with them, at their bank's page, and at once. One that was made so already, and failed, asks
 * nobody again by itself.
 */
export const asksPatient = (next: Next, withPatient: boolean): boolean => next === 'patient-confirms' && !withPatient
/** So long the patient may confirm; then the charge ends, and the front desk may take it in another way. */
const confirmDaysMax = 7
export const confirmUntil = (askedAt: Date): Date => new Date(askedAt.getTime() + confirmDaysMax * dayMs)

export const chargeEvents = [
  defineEvent({ type: 'charge.requested.v1', contract: ChargeRequested, context: 'billing', summary: 'Take this amount from the method on file.' }),
  defineEvent({
    type: 'charge.page-due.v1',
    contract: ChargeRequested,
    context: 'billing',
    summary: 'Take this amount with the patient, at their bank’s page.',
  }),
  defineEvent({
    type: 'charge.check-due.v1',
    contract: ChargeCheckDue,
    context: 'billing',
    summary: 'Ask what became of a charge that waits for the patient, or end it.',
  }),
  defineEvent({ type: 'charge.changed.v1', contract: ChargeOutcome, context: 'billing', summary: 'What became of a charge; it may be told again.' }),
  defineEvent({ type: 'refund.requested.v1', contract: RefundRequested, context: 'billing', summary: 'Give this much of a charge back.' }),
  defineEvent({ type: 'refund.changed.v1', contract: RefundOutcome, context: 'billing', summary: 'What became of a refund; it may fail days later.' }),
] as const
