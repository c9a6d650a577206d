import { z } from 'zod'
import { defineContract, defineEvent } from '../kit/index.ts'
import { batchInquiriesMax } from './asking.ts'
import { suspicions, verdicts } from './model.ts'
import { methodKinds, moneyEvents } from './money.ts'
import { chargeEvents } from './payment-charges.ts'
import { methodEvents } from './payment-method.ts'

const ids = { intakeId: z.uuid(), patientId: z.uuid(), visitId: z.uuid() }

export const EligibilityRequested = defineContract({
  name: 'EligibilityRequested',
  version: 1,
  phi: false,
  schema: z.object({
    ...ids,
    requestId: z.uuid(),
    coverageId: z.uuid(),
    payerId: z.string().max(40),
    payerName: z.string().max(60),
    serviceDate: z.iso.date(),
  }),
})
export const EligibilityOutcome = defineContract({
  name: 'EligibilityOutcome',
  version: 1,
  phi: false,
  schema: z.object({
    ...ids,
    requestId: z.uuid(),
    coverageId: z.uuid(),
    payerId: z.string().max(40),
    payerName: z.string().max(60),
    verdict: z.enum(verdicts),
    reasonCodes: z.array(z.string().max(12)).max(20),
    /** A person gave it, not the payer. */
    manual: z.boolean(),
    /** Answers contradict each other, so none of them counts. */
    disputed: z.boolean().optional(),
    /** When it was given, and from when it is stale and expired by the rules of clinic and payer. */
    answeredAt: z.iso.datetime().optional(),
    staleAt: z.iso.datetime().optional(),
    expiresAt: z.iso.datetime().optional(),
  }),
})
/** An answer that is not believed yet: what the payer says, why we doubt it, and when it is asked again. Never confirmed, never in the EHR. */
export const EligibilityProvisional = defineContract({
  name: 'EligibilityProvisional',
  version: 1,
  phi: false,
  schema: EligibilityOutcome.schema.omit({ manual: true, disputed: true, answeredAt: true, staleAt: true, expiresAt: true }).extend({
    suspicions: z.array(z.enum(suspicions)).min(1).max(suspicions.length),
    recheckAt: z.iso.datetime(),
  }),
})
/** What was told of a visit's cover before is no longer so: for clinic and patient (an answer aged and was asked again). */
export const EligibilityChanged = defineContract({
  name: 'EligibilityChanged',
  version: 1,
  phi: false,
  schema: z.object({
    ...ids,
    requestId: z.uuid(),
    payerId: z.string().max(40),
    payerName: z.string().max(60),
    /** A notice about it is written once. */
    changeId: z.uuid(),
    from: z.enum(verdicts),
    to: z.enum(verdicts),
  }),
})
/** Asks a payer about a member that does not exist (`inactive`), or one that it agreed always to know (`active`): nobody's cover. */
export const CanaryDue = defineContract({
  name: 'CanaryDue',
  version: 1,
  phi: false,
  schema: z.object({
    requestId: z.uuid(),
    payerId: z.string().max(40),
    payerName: z.string().max(60),
    known: z.enum(['active', 'inactive']),
    serviceDate: z.iso.date(),
  }),
})
export const EligibilityQueued = defineContract({
  name: 'EligibilityQueued',
  version: 1,
  phi: false,
  schema: z.object({ ...ids, requestId: z.uuid(), payerId: z.string().max(40), why: z.enum(['payer-setting', 'no-real-time-answer', 'not-now']) }),
})
/** The visit went off before its question was sent. */
export const EligibilityWithdrawn = defineContract({
  name: 'EligibilityWithdrawn',
  version: 1,
  phi: false,
  schema: z.object({ ...ids, requestId: z.uuid(), payerId: z.string().max(40), why: z.enum(['visit-off']) }),
})
export const BatchClosed = defineContract({
  name: 'BatchClosed',
  version: 1,
  phi: false,
  schema: z.object({ batchId: z.uuid(), inquiries: z.int().min(1).max(batchInquiriesMax) }),
})
export const PaymentRequested = defineContract({
  name: 'PaymentRequested',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), patientId: z.uuid(), paymentId: z.uuid(), confirmationTokenId: z.string().max(100), currency: z.string().length(3) }),
})
export const PaymentOutcome = defineContract({
  name: 'PaymentOutcome',
  version: 1,
  phi: false,
  schema: z.object({
    intakeId: z.uuid(),
    patientId: z.uuid(),
    paymentId: z.uuid(),
    outcome: z.enum(['stored', 'needs-you', 'declined']),
    code: z.string().max(60).nullable(),
    /** What was kept, where our own call has said it by then: a webhook alone does not tell. */
    method: z.enum(methodKinds).optional(),
  }),
})
export const billingEvents = [
  ...moneyEvents,
  ...methodEvents,
  ...chargeEvents,
  defineEvent({ type: 'eligibility.requested.v1', contract: EligibilityRequested, context: 'billing', summary: 'Ask the payer (H-22).' }),
  defineEvent({
    type: 'eligibility.succeeded.v1',
    contract: EligibilityOutcome,
    context: 'billing',
    summary: 'There is a verdict: active, inactive or mixed (H-22).',
  }),
  defineEvent({ type: 'eligibility.failed.v1', contract: EligibilityOutcome, context: 'billing', summary: 'The payer answered without a verdict (H-22).' }),
  defineEvent({ type: 'eligibility.queued.v1', contract: EligibilityQueued, context: 'billing', summary: 'The payer is asked with the next batch.' }),
  defineEvent({
    type: 'eligibility.withdrawn.v1',
    contract: EligibilityWithdrawn,
    context: 'billing',
    summary: 'The payer is not asked: nobody comes to this visit.',
  }),
  defineEvent({
    type: 'eligibility.provisional.v1',
    contract: EligibilityProvisional,
    context: 'billing',
    summary: 'There is an answer, and it is not believed yet.',
  }),
  defineEvent({ type: 'eligibility.recheck.v1', contract: EligibilityRequested, context: 'billing', summary: 'Ask the payer again about the same visit.' }),
  defineEvent({
    type: 'eligibility.renewed.v1',
    contract: EligibilityOutcome,
    context: 'billing',
    summary: 'The payer was asked again and says the same: the answer is fresh.',
  }),
  defineEvent({ type: 'eligibility.changed.v1', contract: EligibilityChanged, context: 'billing', summary: 'What was told of the cover is no longer so.' }),
  defineEvent({ type: 'payer.canary-due.v1', contract: CanaryDue, context: 'billing', summary: 'Ask a payer about a member whose answer is known.' }),
  defineEvent({ type: 'eligibility.batch-closed.v1', contract: BatchClosed, context: 'billing', summary: 'A batch is full or due: send it.' }),
  defineEvent({ type: 'payment.requested.v1', contract: PaymentRequested, context: 'billing', summary: 'Keep the card (H-4).' }),
  defineEvent({ type: 'payment.succeeded.v1', contract: PaymentOutcome, context: 'billing', summary: 'The card or bank account is on file.' }),
  defineEvent({ type: 'payment.failed.v1', contract: PaymentOutcome, context: 'billing', summary: 'Declined, or the patient must act.' }),
] as const
