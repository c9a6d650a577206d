import { EligibilityAnswer, EligibilityRecord, EligibilityRejection, EligibilityRequested, visitCopayCents } from '@heliox/core/billing'
import { defineMap } from '@heliox/core/kit'

export const eligibilityRecord = defineMap({
  name: 'eligibility-record',
  version: 1,
  summary: 'The verdict and the copay, as codes and cents: what billing keeps of a 271.',
  root: EligibilityRequested,
  input: EligibilityAnswer,
  output: EligibilityRecord,
  reads: null,
  map: (answer, { root, manual }) => ({
    requestId: root.requestId,
    verdict: answer.verdict,
    rule: answer.basis.rule,
    reasonCodes: [],
    copayCents: visitCopayCents(answer.copays),
    manual: manual || answer.manual,
  }),
})

/** Who must act, the nearest to the patient first: what the patient can put right is asked of the patient before anyone else. */
const whoFirst = ['patient', 'clinic', 'us', 'payer'] as const

export const eligibilityRejectionRecord = defineMap({
  name: 'eligibility-rejection-record',
  version: 1,
  summary: 'The reject reasons of the payer (AAA03), each once, and who must act.',
  root: EligibilityRequested,
  input: EligibilityRejection,
  output: EligibilityRecord,
  reads: null,
  map: (rejection, { root, manual }) => ({
    requestId: root.requestId,
    verdict: 'rejected' as const,
    rule: `rejected-${whoFirst.find((who) => rejection.reasons.some((reason) => reason.who === who)) ?? 'us'}`,
    reasonCodes: [...new Set(rejection.reasons.map((reason) => reason.code))],
    copayCents: null,
    manual,
  }),
})
