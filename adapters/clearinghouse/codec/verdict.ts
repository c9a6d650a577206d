import { isTransient, type Rejection } from './aaa.ts'
import { covers, isoDate } from './dates.ts'
import type { Benefit, EligibilityResponse } from './eligibility-response.ts'

export type Rule =
  | 'plan-active'
  | 'plan-inactive'
  | 'contradictory'
  | 'dates-exclude-day'
  | 'birth-date-differs'
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
export function decide(response: EligibilityResponse, asked: { day: string; birthDate: string }): Verdict {
  if (response.rejections.length > 0) return turnedDown(response.rejections)
  const status = planStatus(response, asked.day)
  const inBenefits = response.benefits.flatMap((b) => b.rejections)
  // AAA below a benefit concerns that benefit only; it is the answer when there is no plan status beside it.
  if (status.basis.rule === 'no-plan-status' && inBenefits.length > 0) return turnedDown(inBenefits)
  const told = response.birthDate === null ? undefined : isoDate(response.birthDate)
  if (status.verdict !== 'unknown' && response.birthDate !== null && told !== asked.birthDate && !response.corrected)
    return { is: 'status', verdict: 'unknown', basis: { ...status.basis, rule: 'birth-date-differs' } }
  return status
}

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
