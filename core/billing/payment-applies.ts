import { defineApply } from '../kit/index.ts'
import { PaymentItemReceived } from './money.ts'
import { ChargeRecord, ChargeSeenRecord, RefundRecord } from './payment-charges.ts'
import { MethodRecord } from './payment-method.ts'

export const paymentApplies = [
  defineApply({
    name: 'billing.record-method',
    version: 1,
    context: 'billing',
    summary: 'The method is on file, waits for the patient or the bank, or was declined.',
    input: MethodRecord,
    emits: ['payment.succeeded.v1', 'payment.failed.v1'],
  }),
  defineApply({
    name: 'billing.record-payment-fact',
    version: 1,
    context: 'billing',
    summary: 'What a webhook said, folded into the payment, charge or refund that it is about.',
    input: PaymentItemReceived,
    emits: ['payment.succeeded.v1', 'payment.failed.v1', 'charge.changed.v1', 'refund.changed.v1'],
  }),
  defineApply({
    name: 'billing.record-charge',
    version: 1,
    context: 'billing',
    summary: 'What became of a charge, and when it is tried again.',
    input: ChargeRecord,
    emits: ['charge.changed.v1'],
  }),
  defineApply({
    name: 'billing.record-charge-seen',
    version: 1,
    context: 'billing',
    summary: 'A charge waits for the patient, or what became of it.',
    input: ChargeSeenRecord,
    emits: ['charge.changed.v1'],
  }),
  defineApply({
    name: 'billing.record-refund',
    version: 1,
    context: 'billing',
    summary: 'What became of a refund.',
    input: RefundRecord,
    emits: ['refund.changed.v1'],
  }),
] as const
