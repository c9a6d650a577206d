import {
  copayCentsOf,
  EligibilityAnswer,
  EligibilityAnswerV2,
  EligibilityRecord,
  EligibilityRejection,
  EligibilityRejectionV2,
  EligibilityRequested,
  rejectionRule,
  visitCopayCents,
} from '@heliox/core/billing'
import { defineMap, type ValueOf } from '@heliox/core/kit'

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

export const eligibilityRecordV2 = defineMap({
  name: 'eligibility-record',
  version: 2,
  summary: 'The verdict and the copay, as codes and cents: what billing keeps of a 271.',
  root: EligibilityRequested,
  input: EligibilityAnswerV2,
  output: EligibilityRecord,
  reads: null,
  map: (answer, { root, manual }) => ({
    requestId: root.requestId,
    verdict: answer.verdict,
    rule: answer.basis.rule,
    reasonCodes: [],
    copayCents: copayCentsOf(answer),
    manual: manual || answer.manual,
  }),
})

type Reasons = ValueOf<typeof EligibilityRejection>['reasons']

const turnedDown = (reasons: Reasons) => ({
  verdict: 'rejected' as const,
  rule: rejectionRule(reasons),
  reasonCodes: [...new Set(reasons.map((reason) => reason.code))],
  copayCents: null,
})

export const eligibilityRejectionRecord = defineMap({
  name: 'eligibility-rejection-record',
  version: 1,
  summary: 'The reject reasons of the payer (AAA03), each once, and who must act.',
  root: EligibilityRequested,
  input: EligibilityRejection,
  output: EligibilityRecord,
  reads: null,
  map: (rejection, { root, manual }) => ({ requestId: root.requestId, ...turnedDown(rejection.reasons), manual }),
})

export const eligibilityRejectionRecordV2 = defineMap({
  name: 'eligibility-rejection-record',
  version: 2,
  summary: 'The reject reasons of the payer (AAA03), each once, and who must act.',
  root: EligibilityRequested,
  input: EligibilityRejectionV2,
  output: EligibilityRecord,
  reads: null,
  map: (rejection, { root, manual }) => {
    // A door that does not answer has said nothing about the patient.
    if (rejection.next !== 'record') throw new Error('eligibility-rejection-record: the payer has not answered')
    return { requestId: root.requestId, ...turnedDown(rejection.reasons), manual }
  },
})
