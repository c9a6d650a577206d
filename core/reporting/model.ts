import { z } from 'zod'
import { eligibilityStates, paymentStates, suspicions, verdicts } from '../billing/model.ts'
import { methodKinds } from '../billing/money.ts'
import { appointmentStatuses } from '../clinical/model.ts'
import { visitChangeKinds, visitChangers } from '../clinical/visit-changes.ts'
import { holdCauses } from '../messaging/model.ts'

/** One row per intake, built from events: what the status page, the front desk and ops read. Codes only. */
export const Journey = z.object({
  intakeId: z.uuid(),
  visitId: z.uuid().nullable(),
  reference: z.string(),
  startsAt: z.iso.datetime().nullable(),
  practitioner: z.string().nullable(),
  visitStatus: z.enum(appointmentStatuses),
  /** The newest change of the visit: who made it, and when. */
  visitChange: z.object({ change: z.enum(visitChangeKinds), by: z.enum(visitChangers), at: z.iso.datetime() }).nullable(),
  intake: z.enum(['created', 'opened', 'submitted']),
  eligibility: z.enum(eligibilityStates).nullable(),
  /** The payer is asked with a file, together with others: its answer takes hours, not seconds. */
  askedByFile: z.boolean(),
  /** Of an answer that is not believed yet: what the payer says, the rules that doubt it, and when it is asked again. */
  provisional: z.object({ verdict: z.enum(verdicts), doubts: z.array(z.enum(suspicions)), recheckAt: z.iso.datetime() }).nullable(),
  /** Of the answer that counts: when it was given, and from when it is stale and expired by the rules of clinic and payer. */
  answer: z.object({ at: z.iso.datetime(), staleAt: z.iso.datetime().nullable(), expiresAt: z.iso.datetime().nullable() }).nullable(),
  /** What was told of the cover before is no longer so. */
  changed: z.object({ at: z.iso.datetime(), from: z.enum(verdicts) }).nullable(),
  /** The payer did not answer and is tried again by itself: when, and the class of the fault. */
  nextTry: z.object({ at: z.iso.datetime(), why: z.enum(holdCauses) }).nullable(),
  payment: z.enum(paymentStates).nullable(),
  /** What the patient left; null until the payment partner has said. */
  paymentMethod: z.enum(methodKinds).nullable(),
  writeback: z.enum(['none', 'written', 'refused', 'with-our-team']),
  photosExpected: z.int(),
  photosClean: z.int(),
  photosRejected: z.int(),
  /** Open override items. */
  held: z.int(),
  updatedAt: z.iso.datetime(),
})
export type Journey = z.output<typeof Journey>

/** Of an intake of which nothing has happened yet. */
export const nothingYet = {
  visitChange: null,
  intake: 'created',
  eligibility: null,
  askedByFile: false,
  provisional: null,
  answer: null,
  changed: null,
  nextTry: null,
  payment: null,
  paymentMethod: null,
  writeback: 'none',
  photosExpected: 0,
  photosClean: 0,
  photosRejected: 0,
  held: 0,
} as const satisfies Partial<Journey>

export const JourneyStep = z.object({
  at: z.iso.datetime(),
  /** Event type, or `flow/step` for a partner call. */
  step: z.string(),
  process: z.string(),
  outcome: z.string().nullable(),
  /** Since the intake was submitted; null before it. */
  sinceSubmitMs: z.int().nullable(),
  /** Of a partner call. */
  durationMs: z.int().nullable(),
})
export type JourneyStep = z.output<typeof JourneyStep>

/** `HX-` and seven characters without look-alikes, from the intake id: what a patient reads out on the phone. */
export function referenceOf(intakeId: string): string {
  const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
  let n = BigInt(`0x${intakeId.replaceAll('-', '').slice(-12)}`)
  let text = ''
  for (let i = 0; i < 7; i += 1) {
    text += alphabet[Number(n % 30n)]
    n /= 30n
  }
  return `HX-${text.slice(0, 4)}-${text.slice(4)}`
}
