import { IntakeSubmitted } from '../identity/events.ts'
import { defineApply } from '../kit/index.ts'
import { EligibilityRecord, PaymentRecord } from './model.ts'

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
    name: 'billing.record-payment',
    version: 1,
    context: 'billing',
    summary: 'What became of the card.',
    input: PaymentRecord,
    emits: ['payment.succeeded.v1', 'payment.failed.v1'],
  }),
] as const
