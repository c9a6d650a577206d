import type { AnswerCostShare } from '@heliox/core/billing'
import type { PatientAnswer } from '../codec/answer.ts'
import type { Coded } from '../codec/labels.ts'
import { printable } from './words.ts'

const rules: Readonly<Record<PatientAnswer['basis']['rule'], string>> = {
  'plan-active': 'the payer says so of the plan',
  'plan-inactive': 'the payer says so of the plan',
  contradictory: 'it says both active and inactive of the plan',
  'dates-exclude-day': 'the dates of the plan leave the day out',
  'birth-date-differs': 'the birth date is another',
  'member-differs': 'the member is another',
  'payer-cannot-process': 'the payer cannot tell',
  'no-plan-status': 'nothing is said of the plan as a whole',
  'empty-answer': 'there is no benefit in it',
  'test-marked': 'it comes from a test system',
  'foreign-answer': 'it answers another question',
  'turned-down': 'the request was turned down',
  damaged: 'the transaction does not verify, so nothing may be concluded from it',
  'unsupported-version': 'its version is not read',
  'by-hand': 'a person said so',
}
const moves: Readonly<Record<string, string>> = { patient: 'the patient', clinic: 'the clinic', us: 'us', payer: 'the payer' }
const actions: Readonly<Record<PatientAnswer['rejections'][number]['action'], string>> = {
  correct: 'correct it and ask again',
  retry: 'ask again',
  'retry-later': 'ask again later',
  'do-not-retry': 'do not ask again',
  wait: 'wait for the payer',
  call: 'call the payer',
}
const networks = { in: ' in the network', out: ' outside the network', both: ' in and outside the network', unknown: '' } as const
const kinds = {
  copay: 'copay',
  coinsurance: 'coinsurance',
  deductible: 'deductible',
  'out-of-pocket': 'most to pay',
  limitation: 'limit',
  'spend-down': 'spend-down',
} as const

/** Codes of `warnings`; damage is said beneath the set. */
const warned: Readonly<Record<string, string>> = {
  'old-version': 'it is of the old version 4010, which is read only as far as it agrees with 5010',
  'versions-differ': 'its ST03 and the GS08 of its group name different versions',
  'functional-id': 'its group is not marked as one of eligibility answers',
  'unusual-reason': 'a rejection stands in a loop where its code is unusual',
  'more-than-read': 'it says more about a benefit than is read here',
  'percent-scale': 'a share of the price is no fraction: 20 may be meant as 20 percent',
  'unreadable-date': 'a date cannot be read',
}

const worded = ({ code, label }: Coded): string => (label === undefined ? printable(code) : label)

/** What a 271 says of one patient, in sentences. Values are shown: it is the operator's own file. */
export function* explainAnswer(answer: PatientAnswer): Generator<string> {
  const { basis, verdict } = answer
  const day = answer.answeredAt?.slice(0, 10)
  const shown = verdict === 'rejected' ? 'no answer, the request is rejected' : verdict
  yield `${payerOf(answer)} says of ${patientOf(answer)}: ${shown}${day === undefined ? '' : ` on ${day}`}, because ${rules[basis.rule]}${basis.inferred ? ' (inferred from another service)' : ''}${ebs(basis.eb)}.`
  for (const { reason, loop, who, action } of answer.rejections)
    yield `  Rejected in loop ${loop}: ${worded(reason)} (AAA ${printable(reason.code)}). The move is with ${moves[who]}: ${actions[action]}.`
  if (answer.plan.name !== undefined) yield `  Plan: ${printable(answer.plan.name)}.`
  for (const { qualifier, from, to } of answer.plan.dates)
    yield `  ${worded(qualifier)}: ${from === undefined ? '' : `from ${from} `}${to === undefined ? 'with no end' : `to ${to}`}.`
  for (const share of answer.costShare) yield `  ${costShare(share)}${ebs(share.eb)}.`
  if (answer.pcp) yield `  Doctor of first contact: ${printable(answer.pcp.party.name ?? 'no name')}.`
  for (const other of answer.otherCoverage) yield `  Other coverage (${other.role}): ${printable(other.payer?.name ?? 'no name')}.`
  for (const trace of answer.match.traces) yield `  Trace ${printable(trace.id)}${trace.origin === undefined ? '' : ` of ${printable(trace.origin)}`}.`
  for (const code of new Set(answer.warnings.map((warning) => warning.code))) if (Object.hasOwn(warned, code)) yield `  Note: ${warned[code]} (${code}).`
}

const payerOf = ({ payer }: PatientAnswer): string => (payer?.name === undefined ? 'The payer' : `The payer ${printable(payer.name)}`)
function patientOf({ patient, subscriber }: PatientAnswer): string {
  const person = patient.person ?? subscriber
  const name = [person?.givenName, person?.name].filter((part) => part !== undefined).join(' ')
  return `${printable(name) || 'the patient'}${patient.is === 'dependent' ? ' (dependent)' : ''}`
}
const ebs = (indexes: readonly number[]): string => (indexes.length === 0 ? '' : ` [EB ${indexes.map((n) => n + 1).join(', ')}]`)

/** What is used so far or left is no period that an amount is for. */
const saidByFigure = new Set(['24', '29', '33'])

function costShare(share: AnswerCostShare): string {
  const what = share.serviceTypes.map(worded).join(', ')
  const figures = [
    // Where a total was found, it is that amount.
    share.total === undefined ? share.amount : undefined,
    // A fraction, shown as it stands: 0.2 is 20 %, and whoever wrote 20 meant something that only they know.
    share.percent === undefined ? undefined : `${share.percent} of the price`,
    share.total === undefined ? undefined : share.met === undefined && share.remaining === undefined ? share.total : `${share.total} in all`,
    share.met === undefined ? undefined : `${share.met} used`,
    share.remaining === undefined ? undefined : `${share.remaining} left`,
    share.quantity === undefined ? undefined : `${share.quantity.value} ${worded(share.quantity.qualifier)}`,
  ].filter((figure) => figure !== undefined)
  const forWhom = share.level === undefined ? '' : `, ${worded(share.level)}`
  // An amount a visit is no total of a year. Of what is used or left by itself the figure says so already.
  const period = share.period === undefined || saidByFigure.has(share.period.code) ? '' : ` per ${worded(share.period).replace(/^(an?|the) /, '')}`
  const notes = share.notes.length === 0 ? '' : ` ("${share.notes.map(printable).join('; ')}")`
  return `${kinds[share.kind]} ${figures.join(', ') || 'without an amount'}${period}${what === '' ? '' : ` for ${what}`}${networks[share.network]}${forWhom}${notes}`
}
