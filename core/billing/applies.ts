import { VisitChanged } from '../clinical/visit-changes.ts'
import { IntakeCorrected, IntakeSubmitted } from '../identity/events.ts'
import { defineApply } from '../kit/index.ts'
import { CaseDecided } from '../messaging/cases.ts'
import { BatchRefused, BatchSent, EligibilityToBatch } from './asking.ts'
import { PaymentRecord } from './model.ts'
import { paymentApplies } from './payment-applies.ts'
import { ItemReceived } from './received.ts'
import { CanaryRecord, EligibilityRecord, EligibilityRecordV2 } from './record.ts'

/** What may be told when an answer is recorded. */
const outcomes = [
  'eligibility.succeeded.v1',
  'eligibility.failed.v1',
  'eligibility.provisional.v1',
  'eligibility.renewed.v1',
  'eligibility.changed.v1',
] as const

export const billingApplies = [
  ...paymentApplies,
  defineApply({
    name: 'billing.open-eligibility',
    version: 1,
    context: 'billing',
    summary: 'Coverage as draft, and a request to the payer.',
    input: IntakeSubmitted,
    emits: ['eligibility.requested.v1'],
  }),
  defineApply({
    name: 'billing.open-payment',
    version: 1,
    context: 'billing',
    summary: 'A payment to set up, when the patient left a card.',
    input: IntakeSubmitted,
    emits: ['payment.requested.v1'],
  }),
  defineApply({
    name: 'billing.record-eligibility',
    version: 1,
    context: 'billing',
    summary: 'The verdict, as codes and amounts.',
    input: EligibilityRecord,
    emits: ['eligibility.succeeded.v1', 'eligibility.failed.v1'],
  }),
  defineApply({
    name: 'billing.record-answer',
    version: 1,
    context: 'billing',
    summary: 'What the payer said, believed or provisional, as codes and amounts.',
    input: EligibilityRecordV2,
    emits: outcomes,
  }),
  defineApply({
    name: 'billing.record-canary',
    version: 1,
    context: 'billing',
    summary: 'What the payer said of a member whose answer is known: whether it can be believed now.',
    input: CanaryRecord,
    emits: [],
  }),
  defineApply({
    name: 'billing.queue-inquiry',
    version: 1,
    context: 'billing',
    summary: 'The inquiry waits for the next batch.',
    input: EligibilityToBatch,
    emits: ['eligibility.queued.v1'],
  }),
  defineApply({
    name: 'billing.record-batch-sent',
    version: 1,
    context: 'billing',
    summary: 'The numbers under which each inquiry of a batch was sent.',
    input: BatchSent,
    emits: [],
  }),
  defineApply({
    name: 'billing.record-batch-refused',
    version: 1,
    context: 'billing',
    summary: 'The batch was not taken: its inquiries are unsent until a person sends them again.',
    input: BatchRefused,
    emits: [],
  }),
  defineApply({
    name: 'billing.record-received',
    version: 1,
    context: 'billing',
    summary: 'An answer or acknowledgement from a file, matched to what we asked by our own references.',
    input: ItemReceived,
    emits: ['eligibility.succeeded.v1', 'eligibility.failed.v1', 'eligibility.queued.v1'],
  }),
  defineApply({
    name: 'billing.record-item',
    version: 1,
    context: 'billing',
    summary: 'An answer or acknowledgement from a file, matched by our own references, believed or provisional.',
    input: ItemReceived,
    emits: [...outcomes, 'eligibility.queued.v1'],
  }),
  defineApply({
    name: 'billing.ask-again',
    version: 1,
    context: 'billing',
    summary: 'The payer is asked again with the details that were put right.',
    input: IntakeCorrected,
    emits: ['eligibility.recheck.v1'],
  }),
  defineApply({
    name: 'billing.take-visit-change',
    version: 1,
    context: 'billing',
    summary: 'Cover is asked for the day that the visit has now, and no more for one that is off.',
    input: VisitChanged,
    emits: ['eligibility.recheck.v1'],
  }),
  defineApply({
    name: 'billing.carry-out-decision',
    version: 1,
    context: 'billing',
    summary: 'What a person decided about an answer: their own word, another question, or nothing.',
    input: CaseDecided,
    emits: [...outcomes, 'eligibility.queued.v1', 'eligibility.recheck.v1'],
  }),
  defineApply({
    name: 'billing.record-payment',
    version: 1,
    context: 'billing',
    summary: 'What became of the card.',
    input: PaymentRecord,
    emits: ['payment.succeeded.v1', 'payment.failed.v1'],
  }),
] as const
