import {
  EligibilityRecordV2,
  EligibilityRejectionV2,
  EligibilityRequested,
  EligibilityRoute,
  EligibilityRouteV2,
  EligibilityToBatch,
} from '@heliox/core/billing'
import { notListedPayerId } from '@heliox/core/catalog'
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

export const eligibilityRouteV2 = defineMap({
  name: 'eligibility-route',
  version: 2,
  summary: 'Which door of the payer is asked, or that it has none: then a person asks.',
  root: EligibilityRequested,
  input: EligibilityRequested,
  output: EligibilityRouteV2,
  reads: { patient: [], visit: false, payer: true, purpose: 'eligibility' },
  map: ({ requestId, payerId }, _facts, { payer }) => {
    if (!payer) throw new Error('eligibility-route: the payer was not read')
    if (payer.supported) return { requestId, route: payer.route, why: null }
    return { requestId, route: 'person' as const, why: payerId === notListedPayerId ? ('not-listed' as const) : ('unsupported' as const) }
  },
})

export const nobodyAsked = defineMap({
  name: 'nobody-asked',
  version: 1,
  summary: 'No payer could be asked: nothing is known of the cover, and a person finds out.',
  root: EligibilityRequested,
  input: EligibilityRouteV2,
  output: EligibilityRecordV2,
  reads: null,
  map: ({ requestId, why }) => {
    if (why === null) throw new Error('nobody-asked: this payer can be asked')
    return { requestId, verdict: 'unknown' as const, rule: 'nobody-asked', reasonCodes: [why], copayCents: null, manual: false, suspicions: [] }
  },
})

export const batchBySettingV2 = defineMap({
  name: 'batch-by-setting',
  version: 2,
  summary: 'This payer is asked by batch only.',
  root: EligibilityRequested,
  input: EligibilityRouteV2,
  output: EligibilityToBatch,
  reads: null,
  map: ({ requestId }) => ({ requestId, why: 'payer-setting' as const }),
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
