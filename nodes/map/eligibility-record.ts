import {
  CanaryDue,
  CanaryRecord,
  copayCentsOf,
  EligibilityAnswer,
  EligibilityAnswerV2,
  EligibilityRecord,
  EligibilityRecordV2,
  EligibilityRejection,
  EligibilityRejectionV2,
  EligibilityRequested,
  rejectionRule,
  type Suspicion,
  suspicions as suspicionNames,
  visitCopayCents,
} from '@heliox/core/billing'
import { defineMap, type MapFacts, type ValueOf } from '@heliox/core/kit'

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

/** A person answers for the payer, and is believed. A name that this version does not know is a doubt all the same: it must not get lost. */
function doubts({ manual, suspicions }: Pick<MapFacts<unknown>, 'manual' | 'suspicions'>): Suspicion[] {
  if (manual) return []
  const unknown = suspicions.find((name) => !(suspicionNames as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Error(`eligibility-record: there is no rule ${unknown}`)
  return [...suspicions] as Suspicion[]
}

export const eligibilityRecordV3 = defineMap({
  name: 'eligibility-record',
  version: 3,
  summary: 'The verdict and the copay, as codes and cents, and the rules that do not believe it.',
  root: EligibilityRequested,
  input: EligibilityAnswerV2,
  output: EligibilityRecordV2,
  reads: null,
  map: (answer, facts) => {
    const manual = facts.manual || answer.manual
    return {
      ...{ requestId: facts.root.requestId, verdict: answer.verdict, rule: answer.basis.rule, reasonCodes: [], copayCents: copayCentsOf(answer), manual },
      suspicions: doubts({ manual, suspicions: facts.suspicions }),
    }
  },
})

export const eligibilityRejectionRecordV3 = defineMap({
  name: 'eligibility-rejection-record',
  version: 3,
  summary: 'The reject reasons of the payer (AAA03), each once, who must act, and the rules that do not believe it.',
  root: EligibilityRequested,
  input: EligibilityRejectionV2,
  output: EligibilityRecordV2,
  reads: null,
  map: (rejection, { root, manual, suspicions }) => {
    if (rejection.next !== 'record') throw new Error('eligibility-rejection-record: the payer has not answered')
    return { requestId: root.requestId, ...turnedDown(rejection.reasons), manual, suspicions: doubts({ manual, suspicions }) }
  },
})

/** Doubted for another reason (said out of hours, of somebody else), it clears its payer of nothing. A false answer is false all the same. */
const isTold = (suspicions: readonly string[]): boolean =>
  suspicions.length === 0 || suspicions.some((name) => name === 'canary-active' || name === 'canary-inactive')

const ofCanary = ({ requestId, payerId, known }: ValueOf<typeof CanaryDue>) => ({ requestId, payerId, known })

export const canaryRecord = defineMap({
  name: 'canary-record',
  version: 1,
  summary: 'What the payer said of a member whose answer is known.',
  root: CanaryDue,
  input: EligibilityAnswerV2,
  output: CanaryRecord,
  reads: null,
  // A person cannot say what this payer answers: nothing is learned of it.
  map: (answer, { root, manual, suspicions }) => ({
    ...ofCanary(root),
    verdict: manual || answer.manual || !isTold(suspicions) ? ('unknown' as const) : answer.verdict,
  }),
})

export const canaryRejectionRecord = defineMap({
  name: 'canary-rejection-record',
  version: 1,
  summary: 'That the payer knows no such member, or that it said nothing about them.',
  root: CanaryDue,
  input: EligibilityRejectionV2,
  output: CanaryRecord,
  reads: null,
  map: ({ next, reasons }, { root, manual, suspicions }) => {
    // Turned down for what is the clinic's or the payer's own (an NPI, an enrolment), it has said nothing about the member.
    const aboutMember = next === 'record' && reasons.some((reason) => reason.who === 'patient')
    return { ...ofCanary(root), verdict: aboutMember && !manual && isTold(suspicions) ? ('rejected' as const) : ('unknown' as const) }
  },
})
