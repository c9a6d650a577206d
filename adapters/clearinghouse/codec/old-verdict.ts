import { isTransient, type Rejection } from './aaa.ts'
import { covers, isoDate } from './dates.ts'
import type { Benefit, EligibilityResponse } from './eligibility-response.ts'
import { latin } from './latin.ts'

export type Rule =
  | 'plan-active'
  | 'plan-inactive'
  | 'contradictory'
  | 'dates-exclude-day'
  | 'birth-date-differs'
  | 'member-differs'
  | 'payer-cannot-process'
  | 'no-plan-status'
  | 'empty-answer'

export type Verdict =
  | { is: 'status'; verdict: 'active' | 'inactive' | 'mixed' | 'unknown'; basis: { eb: number[]; rule: Rule; inferred: boolean } }
  | { is: 'rejected'; reasons: readonly Rejection[] }
  /** The payer could not answer now: neither a yes nor a no. */
  | { is: 'not-now' }

/** EB03 codes that only a medical plan answers for; pharmacy, dental, vision or one specialty alone say nothing about the plan. */
const medical = new Set(['1', '47', '48', '50', '51', '52', '86', '96', '98', 'A0', 'A3', 'BY', 'BZ', 'UC'])
const activeCodes = new Set(['1', '2', '3', '4', '5'])
const inactiveCodes = new Set(['6', '7', '8'])

/** From one response to one verdict, for the day asked. A request turned down is never active, whatever else it carries. */
export function decide(response: EligibilityResponse, asked: { day: string } & Person): Verdict {
  if (response.rejections.length > 0) return turnedDown(response.rejections)
  const status = planStatus(response, asked.day)
  const inBenefits = response.benefits.flatMap((b) => b.rejections)
  // AAA below a benefit concerns that benefit only; it is the answer when there is no plan status beside it.
  if (status.basis.rule === 'no-plan-status' && inBenefits.length > 0) return turnedDown(inBenefits)
  const differs = status.verdict === 'unknown' || response.corrected ? undefined : difference(response, asked)
  return differs ? { is: 'status', verdict: 'unknown', basis: { ...status.basis, rule: differs } } : status
}

/** Whom we asked about. */
export interface Person {
  memberId: string
  familyName: string
  givenName: string
  birthDate: string
}

/**
 * Gateways mix up answers under load, and the trace is what they copy. A birth date that differs is enough. An id that differs is
 * not (payers write it their own way, and move people to new numbers) unless nothing else told speaks for our patient.
 */
function difference({ birthDate, member }: EligibilityResponse, asked: Person): 'birth-date-differs' | 'member-differs' | undefined {
  if (birthDate !== null) return isoDate(birthDate) === asked.birthDate ? undefined : 'birth-date-differs'
  const sameFamily = member.familyName !== null && letters(member.familyName) === letters(asked.familyName)
  const [told, ours] = [letters(member.givenName ?? ''), letters(asked.givenName)]
  // ROSA for ROSALIE is one person; ROSA and JUAN of one family are two.
  const sameName = sameFamily && (told.startsWith(ours) || ours.startsWith(told))
  const sameId = member.id === null ? member.familyName === null : letters(member.id) === letters(asked.memberId)
  return sameId || sameName ? undefined : 'member-differs'
}
/** What is left of a name or an id when everyone's way of writing it is taken away. */
const letters = (text: string): string => latin(text).replace(/[^A-Z0-9]/g, '')

function turnedDown(rejections: readonly Rejection[]): Verdict {
  return rejections.every(isTransient) ? { is: 'not-now' } : { is: 'rejected', reasons: rejections }
}

function planStatus(response: EligibilityResponse, day: string): Extract<Verdict, { is: 'status' }> {
  const { statements, inferred } = planStatements(response.benefits)
  const periodsOf = (b: Benefit) => (b.periods.length > 0 ? b.periods : response.periods)
  const active = statements.filter((b) => activeCodes.has(b.code))
  const activeToday = active.filter((b) => covers(periodsOf(b), day))
  const inactive = statements.filter((b) => inactiveCodes.has(b.code))
  // A plan that ended does not contradict one that runs; without one that runs, it is the answer.
  const against = inactive.filter((b) => covers(b.periods, day))
  const say = (verdict: 'active' | 'inactive' | 'mixed' | 'unknown', rule: Rule, by: readonly Benefit[]): Extract<Verdict, { is: 'status' }> => ({
    is: 'status',
    verdict,
    basis: { eb: by.map((b) => b.index).slice(0, 50), rule, inferred: inferred && by.some((b) => statements.includes(b)) },
  })
  if (activeToday.length > 0 && against.length > 0) return say('mixed', 'contradictory', [...activeToday, ...against])
  if (activeToday.length > 0) return say('active', 'plan-active', activeToday)
  if (inactive.length > 0) return say('inactive', 'plan-inactive', inactive)
  if (active.length > 0) return say('unknown', 'dates-exclude-day', active)
  if (response.benefits.length === 0) return say('unknown', 'empty-answer', [])
  const cannot = response.benefits.filter((b) => b.code === 'V')
  return cannot.length > 0 ? say('unknown', 'payer-cannot-process', cannot) : say('unknown', 'no-plan-status', [])
}

/**
 * EBs that speak about the plan: service type 30. Only where no status carries 30 at all, one for the whole plan (no service type)
 * or for medical care stands in, marked as inferred.
 */
function planStatements(benefits: readonly Benefit[]): { statements: Benefit[]; inferred: boolean } {
  const statuses = benefits.filter((b) => (activeCodes.has(b.code) || inactiveCodes.has(b.code)) && b.procedure === '' && b.rejections.length === 0)
  const plain = statuses.filter((b) => b.serviceTypes.includes('30'))
  if (plain.length > 0) return { statements: plain, inferred: false }
  return { statements: statuses.filter((b) => b.serviceTypes.length === 0 || b.serviceTypes.some((code) => medical.has(code))), inferred: true }
}
