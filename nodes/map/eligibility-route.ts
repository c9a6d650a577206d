import { EligibilityRejectionV2, EligibilityRequested, EligibilityRoute, EligibilityToBatch } from '@heliox/core/billing'
import { defineMap } from '@heliox/core/kit'

export const eligibilityRoute = defineMap({
  name: 'eligibility-route',
  version: 1,
  summary: "Which door of the payer is asked: the payer's setting.",
  root: EligibilityRequested,
  input: EligibilityRequested,
  output: EligibilityRoute,
  reads: { patient: [], visit: false, payer: true, purpose: 'eligibility' },
  map: ({ requestId }, _facts, { payer }) => {
    if (!payer) throw new Error('eligibility-route: the payer was not read')
    return { requestId, route: payer.route }
  },
})

export const batchBySetting = defineMap({
  name: 'batch-by-setting',
  version: 1,
  summary: 'This payer is asked by batch only.',
  root: EligibilityRequested,
  input: EligibilityRoute,
  output: EligibilityToBatch,
  reads: null,
  map: ({ requestId }) => ({ requestId, why: 'payer-setting' as const }),
})

export const batchWithoutAnswer = defineMap({
  name: 'batch-without-answer',
  version: 1,
  summary: 'The real-time door of this payer does not answer now: ask it by batch.',
  root: EligibilityRequested,
  input: EligibilityRejectionV2,
  output: EligibilityToBatch,
  reads: null,
  map: ({ next }, { root }) => {
    // An answer about the patient must not be asked for once more and then be taken for another.
    if (next !== 'batch') throw new Error('batch-without-answer: the payer has answered')
    return { requestId: root.requestId, why: 'no-real-time-answer' as const }
  },
})
