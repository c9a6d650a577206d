import { z } from 'zod'
import { defineContract, IsoDate, PayerSex, Text } from '../kit/index.ts'

/** What patient and clinic see of one eligibility check. */
export const eligibilityStates = ['checking', 'provisional', 'confirmed', 'inactive', 'needs-you', 'with-our-team', 'corrected'] as const
export type EligibilityState = (typeof eligibilityStates)[number]
/**
 * Why an answer is not believed yet, by the name of the rule that says so (`plausibility/`, K-5). The first four are seen in one answer alone,
 * the others against what this payer usually does.
 */
export const suspicions = [
  'closed-calendar',
  'test-marks',
  'echo-mismatch',
  'empty-answer',
  'no-dates-or-plan',
  'same-body',
  'fast-answer',
  'active-rate',
  'canary-active',
  'canary-inactive',
] as const
export type Suspicion = (typeof suspicions)[number]
/** How old an answer is, by the rules of tenant and payer: fresh, to be asked again, no longer to be relied on. */
const freshnesses = ['fresh', 'stale', 'expired'] as const
export type Freshness = (typeof freshnesses)[number]
export const verdicts = ['active', 'inactive', 'mixed', 'rejected', 'unknown'] as const
export type Verdict = (typeof verdicts)[number]
/** Says something about the cover, and so can be no longer so. */
export const saysCover = (verdict: Verdict): boolean => verdict === 'active' || verdict === 'inactive' || verdict === 'mixed'
export const coverageStatuses = ['draft', 'active', 'cancelled'] as const
export const paymentStates = ['requested', 'stored', 'needs-you', 'declined', 'with-our-team'] as const

/** One 270. PHI. */
export const EligibilityInquiry = defineContract({
  name: 'EligibilityInquiry',
  version: 1,
  phi: true,
  schema: z.object({
    requestId: z.uuid(),
    /** X12 payer id (NM109 of 2100A). */
    payerId: z.string().min(2).max(40),
    payerName: Text(60),
    providerName: Text(60),
    /** NM109 of 2100B. */
    providerNpi: z.string().regex(/^\d{10}$/),
    memberId: z.string().min(2).max(30),
    givenName: Text(35),
    familyName: Text(60),
    birthDate: IsoDate,
    payerSex: PayerSex,
    /** DTP*291: the day of the visit in the clinic's zone. */
    serviceDate: IsoDate,
    /** EQ01. */
    serviceTypes: z
      .array(z.string().regex(/^[0-9A-Z]{1,2}$/))
      .min(1)
      .max(10),
  }),
})

/** One 271 read: the verdict and what it rests on. Money is a decimal string. PHI (dates, plan). */
export const EligibilityAnswer = defineContract({
  name: 'EligibilityAnswer',
  version: 1,
  phi: true,
  schema: z.object({
    verdict: z.enum(['active', 'inactive', 'mixed', 'unknown']),
    /** Indexes of the EB segments that decided, and the rule's name. */
    basis: z.object({ eb: z.array(z.int().min(0)).max(50), rule: z.string().max(60), inferred: z.boolean() }),
    /** TRN02 echoed by the payer: it must be ours. */
    trace: z.string().max(50),
    planName: z.string().max(60).nullable(),
    planDates: z.array(z.object({ qualifier: z.string().max(3), from: IsoDate.nullable(), to: IsoDate.nullable() })).max(20),
    copays: z.array(z.object({ serviceTypes: z.array(z.string()), amount: z.string(), network: z.enum(['in', 'out', 'both', 'unknown']) })).max(50),
    manual: z.boolean(),
  }),
})
/** The payer said no (AAA). Codes only. */
export const EligibilityRejection = defineContract({
  name: 'EligibilityRejection',
  version: 1,
  phi: false,
  schema: z.object({
    reasons: z
      .array(z.object({ loop: z.string().max(6), code: z.string().max(3), followUp: z.string().max(2), who: z.enum(['patient', 'clinic', 'us', 'payer']) }))
      .min(1)
      .max(20),
  }),
})

/** The payer's "no" (AAA), or that of its real-time door. Codes only. */
export const EligibilityRejectionV2 = defineContract({
  name: 'EligibilityRejection',
  version: 2,
  phi: false,
  schema: z.object({
    /** `record`: an answer about this patient. `batch`: the door does not answer now, and this payer may be asked by batch. */
    next: z.enum(['record', 'batch']),
    reasons: z
      .array(z.object({ loop: z.string().max(6), code: z.string().max(3), followUp: z.string().max(2), who: z.enum(['patient', 'clinic', 'us', 'payer']) }))
      .max(20),
  }),
})
/** The "no" of the real-time door when it gives no answer and the payer has another: the question goes by file. */
export const byBatch = EligibilityRejectionV2.schema.parse({ next: 'batch', reasons: [] })

/** Keep a card with a zero-amount SetupIntent (H-4). The token is the browser's; a card number is never here. */
export const StoreCard = defineContract({
  name: 'StoreCard',
  version: 1,
  phi: false,
  schema: z.object({
    paymentId: z.uuid(),
    patientId: z.uuid(),
    confirmationTokenId: z.string().min(8).max(100),
    currency: z.string().length(3),
  }),
})
export const CardStored = defineContract({
  name: 'CardStored',
  version: 1,
  phi: false,
  schema: z.object({
    /** `requires-action`: 3-D Secure; the patient must act. */
    status: z.enum(['succeeded', 'requires-action']),
    setupIntentId: z.string().max(80),
    customerId: z.string().max(80),
    paymentMethodId: z.string().max(80).nullable(),
  }),
})
export const CardDeclined = defineContract({
  name: 'CardDeclined',
  version: 1,
  phi: false,
  schema: z.object({ code: z.string().max(60), declineCode: z.string().max(60).nullable() }),
})
export const PaymentRecord = defineContract({
  name: 'PaymentRecord',
  version: 1,
  phi: false,
  schema: z.object({
    paymentId: z.uuid(),
    outcome: z.enum(['stored', 'needs-you', 'declined']),
    setupIntentId: z.string().nullable(),
    customerId: z.string().nullable(),
    paymentMethodId: z.string().nullable(),
    code: z.string().max(60).nullable(),
  }),
})
