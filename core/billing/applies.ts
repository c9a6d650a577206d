import { IntakeSubmitted } from '../identity/events.ts'
import { defineApply } from '../kit/index.ts'
import { BatchRefused, BatchSent, EligibilityToBatch } from './asking.ts'
import { PaymentRecord } from './model.ts'
import { ItemReceived } from './received.ts'
import { EligibilityRecord } from './record.ts'

export const billingApplies = [
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
    name: 'billing.record-payment',
    version: 1,
    context: 'billing',
    summary: 'What became of the card.',
    input: PaymentRecord,
    emits: ['payment.succeeded.v1', 'payment.failed.v1'],
  }),
] as const
