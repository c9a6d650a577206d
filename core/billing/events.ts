import { z } from 'zod'
import { defineContract, defineEvent } from '../kit/index.ts'
import { batchInquiriesMax } from './asking.ts'
import { verdicts } from './model.ts'

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
  }),
})
export const EligibilityQueued = defineContract({
  name: 'EligibilityQueued',
  version: 1,
  phi: false,
  schema: z.object({ ...ids, requestId: z.uuid(), payerId: z.string().max(40), why: z.enum(['payer-setting', 'no-real-time-answer', 'not-now']) }),
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
  }),
})
export const billingEvents = [
  defineEvent({ type: 'eligibility.requested.v1', contract: EligibilityRequested, context: 'billing', summary: 'Ask the payer (H-22).' }),
  defineEvent({
    type: 'eligibility.succeeded.v1',
    contract: EligibilityOutcome,
    context: 'billing',
    summary: 'There is a verdict: active, inactive or mixed (H-22).',
  }),
  defineEvent({ type: 'eligibility.failed.v1', contract: EligibilityOutcome, context: 'billing', summary: 'The payer answered without a verdict (H-22).' }),
  defineEvent({ type: 'eligibility.queued.v1', contract: EligibilityQueued, context: 'billing', summary: 'The payer is asked with the next batch.' }),
  defineEvent({ type: 'eligibility.batch-closed.v1', contract: BatchClosed, context: 'billing', summary: 'A batch is full or due: send it.' }),
  defineEvent({ type: 'payment.requested.v1', contract: PaymentRequested, context: 'billing', summary: 'Keep the card (H-4).' }),
  defineEvent({ type: 'payment.succeeded.v1', contract: PaymentOutcome, context: 'billing', summary: 'The card is on file.' }),
  defineEvent({ type: 'payment.failed.v1', contract: PaymentOutcome, context: 'billing', summary: 'Declined, or the patient must act.' }),
] as const
