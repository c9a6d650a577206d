import {
  Charge,
  ChargeDeclined,
  Charged,
  ChargeRecord,
  ChargeRequested,
  Refund,
  Refunded,
  RefundRecord,
  RefundRefused,
  RefundRequested,
} from '@heliox/core/billing'
import { defineMap } from '@heliox/core/kit'

export const charge = defineMap({
  name: 'charge',
  version: 1,
  summary: 'What to take, from which method; nothing of what it is for but a word.',
  root: ChargeRequested,
  input: ChargeRequested,
  output: Charge,
  reads: null,
  map: ({ intakeId: _, ...rest }) => rest,
})
export const chargedRecord = defineMap({
  name: 'charged-record',
  version: 1,
  summary: 'The amount was taken, or the bank has not said yet.',
  root: ChargeRequested,
  input: Charged,
  output: ChargeRecord,
  reads: null,
  map: (charged, { root }) => ({ is: 'charged' as const, chargeId: root.chargeId, charged }),
})
export const chargeDeclinedRecord = defineMap({
  name: 'charge-declined-record',
  version: 1,
  summary: 'The charge was declined, and what to do next.',
  root: ChargeRequested,
  input: ChargeDeclined,
  output: ChargeRecord,
  reads: null,
  map: (declined, { root }) => ({ is: 'declined' as const, chargeId: root.chargeId, declined }),
})

export const refund = defineMap({
  name: 'refund',
  version: 1,
  summary: 'How much of a charge to give back.',
  root: RefundRequested,
  input: RefundRequested,
  output: Refund,
  reads: null,
  map: ({ intakeId: _, patientId: __, ...rest }) => rest,
})
export const refundedRecord = defineMap({
  name: 'refunded-record',
  version: 1,
  summary: 'The partner gives it back, or will.',
  root: RefundRequested,
  input: Refunded,
  output: RefundRecord,
  reads: null,
  map: (refunded, { root }) => ({ is: 'refunded' as const, refundId: root.refundId, refunded }),
})
export const refundRefusedRecord = defineMap({
  name: 'refund-refused-record',
  version: 1,
  summary: 'The partner does not give it back.',
  root: RefundRequested,
  input: RefundRefused,
  output: RefundRecord,
  reads: null,
  map: (refused, { root }) => ({ is: 'refused' as const, refundId: root.refundId, refused }),
})
