import { BatchRefused, BatchSent, CanaryRecord, EligibilityRecord, EligibilityRecordV2, EligibilityToBatch, ItemReceived } from '@heliox/core/billing'
import { VisitChanged } from '@heliox/core/clinical'
import { IntakeCorrected, IntakeSubmitted } from '@heliox/core/identity'
import type { ValueOf } from '@heliox/core/kit'
import { CaseDecided } from '@heliox/core/messaging'
import { recordAnswer } from '../billing/answers.ts'
import { recordRefused, recordSent } from '../billing/batches.ts'
import { recordCanary } from '../billing/canaries.ts'
import { recordChargeSeen } from '../billing/charge-pages.ts'
import { recordCharge } from '../billing/charges.ts'
import { askCorrected, carryOutDecision } from '../billing/decided.ts'
import { markAnswered, queueInquiry } from '../billing/inquiries.ts'
import { recordPaymentFact } from '../billing/payment-facts.ts'
import { recordMethod } from '../billing/payment-methods.ts'
import { openPayment, recordPayment } from '../billing/payments.ts'
import { recordReceived, takeHeld } from '../billing/received.ts'
import { heldKey } from '../billing/received-items.ts'
import { recordRefund } from '../billing/refunds.ts'
import { lockRequest, openRequest, type RequestRow } from '../billing/requests.ts'
import type { Telling } from '../billing/telling.ts'
import { takeVisitChange } from '../billing/visit-cover.ts'
import { wentOffSince } from '../clinical/visits.ts'
import { answeredAtOf } from '../messaging/effects.ts'
import { type ApplyContext, type ApplyFunction, applyOf } from './context.ts'

const openEligibility = applyOf(IntakeSubmitted, async (submitted, context) => {
  await openRequest(context.tx, submitted, context)
})

async function requestOf({ tx }: ApplyContext, requestId: string): Promise<RequestRow> {
  const request = await lockRequest(tx, requestId)
  if (!request) throw new Error('the eligibility request is not there')
  return request
}

/** From the real-time door, or from a person in its place. The question is as old as the event that asked it. */
async function recordFromDoor(context: ApplyContext, record: ValueOf<typeof EligibilityRecordV2>, telling: Telling): Promise<void> {
  const { requestId, answeredAt, ...answer } = record
  const request = await requestOf(context, requestId)
  const outdated = request.correctedAt !== null && new Date(context.envelope.occurredAt) < request.correctedAt
  if (!outdated) await markAnswered(context.tx, requestId, context.now)
  const saidAt = answeredAt ? new Date(answeredAt) : null
  // Between judging and now its payer may have been found to lie.
  const judgedAt = answer.manual ? null : await answeredAtOf(context.tx, { rootId: context.envelope.rootId, flow: context.flow })
  const how = { judgedAt, saidAt, receivedAt: context.now, state: 'whole', notNow: false, contested: false, itemId: null, outdated } as const
  await recordAnswer(context.tx, request, { ...answer, ...how }, telling)
}

/** For releases from before there were doubts. Their answers are judged like any, and what they have no words for confirms nothing either. */
const recordEligibility = applyOf(EligibilityRecord, (record, context) =>
  recordFromDoor(context, { ...record, suspicions: record.manual ? [] : [...context.suspicions] }, { ...context, outcomesOnly: true }),
)
const recordDoubtable = applyOf(EligibilityRecordV2, (record, context) => recordFromDoor(context, record, context))

const toBatch = applyOf(EligibilityToBatch, async ({ requestId, why }, context) => {
  const request = await requestOf(context, requestId)
  // The visit went off while the question was on its way here.
  if (await wentOffSince(context.tx, request.visitId, new Date(context.envelope.occurredAt))) return
  await queueInquiry(context.tx, request, why, context.now, context)
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
  'billing.record-answer': recordDoubtable,
  'billing.record-canary': applyOf(CanaryRecord, (record, { tx, now }) => recordCanary(tx, record, now)),
  'billing.queue-inquiry': toBatch,
  'billing.record-batch-sent': recordBatchSent,
  'billing.record-batch-refused': recordBatchRefused,
  'billing.record-received': applyOf(ItemReceived, (received, context) => recordReceived({ ...context, outcomesOnly: true }, received)),
  'billing.record-item': applyOf(ItemReceived, (received, context) => recordReceived(context, received)),
  'billing.ask-again': applyOf(IntakeCorrected, (corrected, context) => askCorrected(context.tx, corrected, context)),
  'billing.take-visit-change': applyOf(VisitChanged, (changed, context) => takeVisitChange(context.tx, changed, context)),
  'billing.carry-out-decision': applyOf(CaseDecided, (decided, context) => carryOutDecision(context.tx, decided, context)),
  'billing.record-payment': recordPayment,
  'billing.record-method': recordMethod,
  'billing.record-payment-fact': recordPaymentFact,
  'billing.record-charge': recordCharge,
  'billing.record-charge-seen': recordChargeSeen,
  'billing.record-refund': recordRefund,
}
