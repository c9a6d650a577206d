import { Charge, ChargeCheck, ChargeCheckDue, ChargeDeclined, ChargeRequested, ChargeSeen, ChargeSeenRecord } from '@heliox/core/billing'
import { defineMap } from '@heliox/core/kit'

export const chargePage = defineMap({
  name: 'charge-page',
  version: 1,
  summary: 'What to take with the patient at their bank’s page, from which method.',
  root: ChargeRequested,
  input: ChargeRequested,
  output: Charge,
  reads: null,
  map: ({ intakeId: _, ...rest }) => rest,
})
export const chargeSeenRecord = defineMap({
  name: 'charge-seen-record',
  version: 1,
  summary: 'The bank has a page for the patient, or asked for nothing after all.',
  root: ChargeRequested,
  input: ChargeSeen,
  output: ChargeSeenRecord,
  reads: null,
  map: (seen, { root }) => ({ is: 'seen' as const, chargeId: root.chargeId, seen }),
})
export const chargeUnseenRecord = defineMap({
  name: 'charge-unseen-record',
  version: 1,
  summary: 'The charge was declined also with the patient.',
  root: ChargeRequested,
  input: ChargeDeclined,
  output: ChargeSeenRecord,
  reads: null,
  map: (declined, { root }) => ({ is: 'declined' as const, chargeId: root.chargeId, declined }),
})

export const chargeCheck = defineMap({
  name: 'charge-check',
  version: 1,
  summary: 'Ask what became of a charge that waits for the patient, or end it.',
  root: ChargeCheckDue,
  input: ChargeCheckDue,
  output: ChargeCheck,
  reads: null,
  map: ({ chargeId, paymentIntentId, giveUp }) => ({ chargeId, paymentIntentId, giveUp }),
})
export const chargeCheckedRecord = defineMap({
  name: 'charge-checked-record',
  version: 1,
  summary: 'What became of a charge that waited for the patient.',
  root: ChargeCheckDue,
  input: ChargeSeen,
  output: ChargeSeenRecord,
  reads: null,
  map: (seen, { root }) => ({ is: 'seen' as const, chargeId: root.chargeId, seen }),
})
export const chargeEndedRecord = defineMap({
  name: 'charge-ended-record',
  version: 1,
  summary: 'A charge that waited for the patient was declined, or ended.',
  root: ChargeCheckDue,
  input: ChargeDeclined,
  output: ChargeSeenRecord,
  reads: null,
  map: (declined, { root }) => ({ is: 'declined' as const, chargeId: root.chargeId, declined }),
})
