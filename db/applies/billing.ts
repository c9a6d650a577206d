import { BatchRefused, BatchSent, EligibilityRecord, EligibilityToBatch, ItemReceived } from '@heliox/core/billing'
import { IntakeSubmitted } from '@heliox/core/identity'
import { recordAnswer } from '../billing/answers.ts'
import { recordRefused, recordSent } from '../billing/batches.ts'
import { markAnswered, queueInquiry } from '../billing/inquiries.ts'
import { openPayment, recordPayment } from '../billing/payments.ts'
import { recordReceived, takeHeld } from '../billing/received.ts'
import { heldKey } from '../billing/received-items.ts'
import { lockRequest, openRequest, type RequestRow } from '../billing/requests.ts'
import { type ApplyContext, type ApplyFunction, applyOf } from './context.ts'

const openEligibility = applyOf(IntakeSubmitted, async (submitted, context) => {
  await openRequest(context.tx, submitted, context)
})

async function requestOf({ tx }: ApplyContext, requestId: string): Promise<RequestRow> {
  const request = await lockRequest(tx, requestId)
  if (!request) throw new Error('the eligibility request is not there')
  return request
}

/** From the real-time door, or from a person in its place. */
const recordEligibility = applyOf(EligibilityRecord, async ({ requestId, answeredAt, ...answer }, context) => {
  const request = await requestOf(context, requestId)
  await markAnswered(context.tx, requestId, context.now)
  const saidAt = answeredAt ? new Date(answeredAt) : null
  await recordAnswer(
    context.tx,
    request,
    { ...answer, saidAt, receivedAt: context.now, state: 'whole', notNow: false, contested: false, itemId: null },
    context,
  )
})

const toBatch = applyOf(EligibilityToBatch, async ({ requestId, why }, context) => {
  await queueInquiry(context.tx, await requestOf(context, requestId), why, context.now, context)
})

const recordBatchSent = applyOf(BatchSent, async (sent, context) => {
  await recordSent(context.tx, sent, context.now)
  await takeHeld(context, [heldKey.isa13(sent.isa13), heldKey.gs06(sent.gs06)])
})

const recordBatchRefused = applyOf(BatchRefused, ({ batchId, code }, context) => recordRefused(context.tx, batchId, code, context.now))

export const billingFunctions: Readonly<Record<string, ApplyFunction>> = {
  'billing.open-eligibility': openEligibility,
  'billing.open-payment': openPayment,
  'billing.record-eligibility': recordEligibility,
  'billing.queue-inquiry': toBatch,
  'billing.record-batch-sent': recordBatchSent,
  'billing.record-batch-refused': recordBatchRefused,
  'billing.record-received': applyOf(ItemReceived, (received, context) => recordReceived(context, received)),
  'billing.record-payment': recordPayment,
}
