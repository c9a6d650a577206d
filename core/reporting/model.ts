import { z } from 'zod'
import { eligibilityStates, paymentStates } from '../billing/model.ts'

/** One row per intake, built from events: what the status page, the front desk and ops read. Codes only. */
export const Journey = z.object({
  intakeId: z.uuid(),
  visitId: z.uuid().nullable(),
  reference: z.string(),
  startsAt: z.iso.datetime().nullable(),
  practitioner: z.string().nullable(),
  intake: z.enum(['created', 'opened', 'submitted']),
  eligibility: z.enum(eligibilityStates).nullable(),
  /** The payer is asked with a file, together with others: its answer takes hours, not seconds. */
  askedByFile: z.boolean(),
  payment: z.enum(paymentStates).nullable(),
  writeback: z.enum(['none', 'written', 'refused', 'with-our-team']),
  photosExpected: z.int(),
  photosClean: z.int(),
  photosRejected: z.int(),
  /** Open override items. */
  held: z.int(),
  updatedAt: z.iso.datetime(),
})
export type Journey = z.output<typeof Journey>

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
