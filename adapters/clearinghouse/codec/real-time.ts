import {
  copaysOf,
  type EligibilityAnswer,
  type EligibilityAnswerV2,
  type EligibilityInquiry,
  type EligibilityRejection,
  type EligibilityRejectionV2,
  personDiffers,
  traceOf,
} from '@heliox/core/billing'
import { type Answer, Decimal, PartnerFault, type ValueOf } from '@heliox/core/kit'
import { answersOf, foreignAnswer, type PatientAnswer, toContract } from './answer.ts'
import { type Found, problemsOf, type Transaction } from './found.ts'
import { decides } from './periods.ts'
import { readX12 } from './read.ts'
import { readTa1 } from './ta1.ts'
import type { Inquiry } from './write270.ts'

type Rejection = ValueOf<typeof EligibilityRejectionV2>

/**
 * The bytes of a real-time answer to the answer for this inquiry. Every way in which they are not clearly the one 271 that answers this
 * 270 is a fault, never a verdict. Throws `PartnerFault`.
 */
export function readRealTimeAnswer(
  bytes: Uint8Array,
  asked: Inquiry,
  { usage, mock = false }: { usage: 'T' | 'P'; mock?: boolean },
): Answer<EligibilityAnswerV2, Rejection> {
  const founds = [...readX12(bytes)]
  for (const found of founds) for (const problem of problemsOf(found)) throw damaged(problem.code, problem.place)
  const transactions = founds.flatMap((found) => (found.is === 'transaction' ? [found.transaction] : []))
  refuseWrongInterchange(founds)
  refuseAcknowledgement(founds, transactions)
  const answer = ours(transactions, asked)
  if (answer.is === 'foreign') return { is: 'ok', value: foreignAnswer(answer.of) }
  // A test system that answers in production knows nothing about real members, and the reverse must not pass either.
  const isTest = founds.find((found) => found.is === 'interchange')?.head.elements[15] !== usage
  const marks = [...(isTest ? ['test' as const] : []), ...(mock ? ['mock' as const] : [])]
  if (marks.length === 0) return toPort(answer.of, asked)
  const value = toContract({ ...answer.of, verdict: 'unknown' })
  return { is: 'ok', value: { ...value, basis: { eb: [], rule: 'test-marked', inferred: false }, marks } }
}

/** What the first major has no word for: there, an answer that is no answer to us stays a fault. Throws `PartnerFault`. */
export function refuseMarked({ marks = [] }: Pick<EligibilityAnswerV2, 'marks'>): void {
  if (marks.includes('foreign')) throw new PartnerFault('contract', 'The answer does not carry our trace: it belongs to another inquiry.')
  if (marks.length > 0) throw new PartnerFault('contract', 'The answer comes from a test system, or we asked one and it does not.')
}

const damaged = (code: string, place: string): PartnerFault =>
  new PartnerFault('contract', `The clearinghouse's answer is damaged (${code}).`, { detail: `${code} at ${place}` })

function refuseWrongInterchange(founds: readonly Found[]): void {
  const heads = founds.flatMap((found) => (found.is === 'interchange' ? [found.head] : []))
  if (heads.length > 1) throw damaged('several-interchanges', 'ISA')
  // We asked in 005010: an answer in another version is not to this question.
  if (heads[0]?.version !== '00501') throw damaged('unsupported-version', 'ISA12')
}

/** TA1 and 999 speak about our envelope and syntax, not about the patient. */
function refuseAcknowledgement(founds: readonly Found[], transactions: readonly Transaction[]): void {
  for (const found of founds) {
    if (found.is !== 'ta1') continue
    const { outcome, note } = readTa1(found.elements)
    if (outcome === 'rejected' || outcome === 'unreadable')
      throw new PartnerFault('contract', 'The clearinghouse refused our interchange (TA1).', {
        detail: `TA105 ${/^\d{3}$/.test(note.code) ? note.code : 'unreadable'}`,
      })
  }
  if (transactions.some((transaction) => transaction.set === '271')) return
  const syntax = transactions.some((transaction) => transaction.set === '999')
  throw new PartnerFault('contract', syntax ? 'The clearinghouse answered with a 999 in place of a 271.' : 'The clearinghouse answered without a 271.')
}

/**
 * The answer to our trace. TRN02 decides; where the payer sent no trace of ours, its echo of BHT03 does, and only for a single patient.
 * Never order, control numbers or names: payers regroup, and clearinghouses mix up.
 */
function ours(transactions: readonly Transaction[], asked: Inquiry): { is: 'ours' | 'foreign'; of: PatientAnswer } {
  let foreign: PatientAnswer | undefined
  const trace = traceOf(asked.requestId)
  const found = transactions
    .filter((transaction) => transaction.set === '271')
    .flatMap((transaction) => {
      if (!transaction.version.startsWith('005010X279')) throw damaged('unsupported-version', 'ST03')
      const answers = answersOf(transaction, asked.serviceDate)
      for (const { damage } of answers) if (damage) throw damaged(damage, 'ST')
      const traced = answers.filter((answer) => answer.match.traces.some(({ id }) => id === trace))
      if (traced.length > 0) return traced
      const [only, another] = answers
      foreign ??= only
      // TRN01 2 is "your trace, returned": one that is not ours belongs to another question.
      return only && !another && only.match.bht03 === trace && only.match.traces.every(({ type }) => type !== '2') ? [only] : []
    })
  const [only, another] = found
  // Two answers to one question: no rule says which is right.
  if (another) throw new PartnerFault('contract', 'The clearinghouse gave two answers to one question.')
  if (only) return { is: 'ours', of: only }
  if (!foreign) throw new PartnerFault('contract', 'The answer is about nobody.')
  return { is: 'foreign', of: foreign }
}

function toPort(answer: PatientAnswer, asked: Inquiry): Answer<EligibilityAnswerV2, Rejection> {
  // Said by one payer through a clearinghouse that works: its own breaker counts it, not the one that keeps every other payer's patients waiting.
  if (answer.notNow) throw new PartnerFault('unavailable', 'The payer cannot answer now.', { scope: 'payer' })
  if (answer.verdict === 'rejected') return { is: 'rejected', value: { next: 'record', reasons: reasonsOf(answer) } }
  const value = toContract(answer)
  if (value.verdict === 'unknown') return { is: 'ok', value }
  const differs = personDiffers(answer.told, { ...asked, memberId: asked.memberId ?? asked.holder?.memberId ?? null })
  return { is: 'ok', value: differs ? { ...value, verdict: 'unknown', basis: { ...value.basis, rule: differs } } : value }
}

const reasonsMax = 20
/** In the order the payer gave them, each with whose move it is: those of the request, or, where it stands, those of the benefits. */
export function reasonsOf({ rejections }: Pick<EligibilityAnswerV2, 'rejections'>): Rejection['reasons'] {
  const ofRequest = rejections.filter((rejection) => rejection.benefit === undefined)
  return (ofRequest.length > 0 ? ofRequest : rejections)
    .slice(0, reasonsMax)
    .map(({ loop, reason, followUp, who }) => ({ loop, code: reason.code, followUp: followUp.code, who }))
}

/** The first major asked in fewer words: the patient as subscriber, at once. */
export const toInquiryV2 = (inquiry: ValueOf<typeof EligibilityInquiry>): Inquiry => ({ ...inquiry, route: 'real-time', holder: null, relationship: null })

/** The first major of the contract, as released flows know it. */
export function toAnswerV1(answer: EligibilityAnswerV2, requestId: string): ValueOf<typeof EligibilityAnswer> {
  return {
    verdict: answer.verdict,
    basis: { ...answer.basis, eb: answer.basis.eb.slice(0, 50) },
    trace: traceOf(requestId),
    planName: answer.plan.name?.slice(0, 60) ?? null,
    planDates: answer.plan.dates
      .filter(({ qualifier }) => decides(qualifier.code))
      .slice(0, 20)
      .map(({ qualifier, from, to }) => ({ qualifier: qualifier.code, from: from ?? null, to: to ?? null })),
    // An amount that is no number is left out, never guessed.
    copays: copaysOf(answer)
      .filter(({ amount }) => Decimal.safeParse(amount).success)
      .slice(0, 50)
      .map(({ serviceTypes, amount, network }) => ({ serviceTypes: [...serviceTypes], amount, network })),
    manual: answer.manual,
  }
}
export const toRejectionV1 = ({ reasons }: Rejection): ValueOf<typeof EligibilityRejection> => ({ reasons })
