import type { EligibilityAnswerV2 } from '@heliox/core/billing'
import { covers, narrowed, type Span } from './periods.ts'

export type Rule = EligibilityAnswerV2['basis']['rule']
export interface Status {
  verdict: 'active' | 'inactive' | 'mixed' | 'unknown'
  basis: { eb: number[]; rule: Rule; inferred: boolean }
}

/** An EB whose code says active or inactive, about no single procedure, and not turned down by an AAA of its own. */
interface Statement {
  eb: number
  active: boolean
  /** `plan`: service type 30. `medical`: none, or one that only a medical plan answers for. `other` says nothing about the plan. */
  about: 'plan' | 'medical' | 'other'
  periods: readonly Span[]
}
/** All that the plan's status rests on. */
export interface StatusFacts {
  benefits: number
  statements: readonly Statement[]
  /** EB01 V: the payer cannot tell. */
  cannot: readonly number[]
  /** Dates of the patient, narrowed by the subscriber's. */
  periods: readonly Span[]
}

const active = new Set(['1', '2', '3', '4', '5'])
const inactive = new Set(['6', '7', '8'])
export const isStatus = (eb01: string): boolean => active.has(eb01) || inactive.has(eb01)
export const isActive = (eb01: string): boolean => active.has(eb01)

/** EB03 codes that only a medical plan answers for; pharmacy, dental, vision or one specialty alone say nothing about the plan. */
const medical = new Set(['1', '47', '48', '50', '51', '52', '86', '96', '98', 'A0', 'A3', 'BY', 'BZ', 'UC'])
export function aboutOf(serviceTypes: readonly string[]): Statement['about'] {
  if (serviceTypes.includes('30')) return 'plan'
  return serviceTypes.length === 0 || serviceTypes.some((code) => medical.has(code)) ? 'medical' : 'other'
}

/**
 * The plan's status on one day. EBs for service type 30 speak; only where no status carries 30 at all, one for the whole plan (no
 * service type) or for medical care stands in, marked as inferred. Contradictions are kept: no first wins.
 */
export function planStatus(facts: StatusFacts, day: string | undefined): Status {
  const plain = facts.statements.filter((s) => s.about === 'plan')
  const inferred = plain.length === 0
  const statements = inferred ? facts.statements.filter((s) => s.about === 'medical') : plain
  const say = (verdict: Status['verdict'], rule: Rule, by: readonly Statement[]): Status => ({
    verdict,
    basis: { eb: by.map((s) => s.eb), rule, inferred: inferred && by.length > 0 },
  })
  const yes = statements.filter((s) => s.active)
  const today = yes.filter((s) => covers(narrowed(s.periods, facts.periods), day))
  const no = statements.filter((s) => !s.active)
  // A plan that ended does not contradict one that runs; without one that runs, it is the answer.
  const against = no.filter((s) => covers(s.periods, day))
  if (today.length > 0 && against.length > 0) return say('mixed', 'contradictory', [...today, ...against])
  if (today.length > 0) return say('active', 'plan-active', today)
  if (no.length > 0) return say('inactive', 'plan-inactive', no)
  if (yes.length > 0) return say('unknown', 'dates-exclude-day', yes)
  if (facts.benefits === 0) return say('unknown', 'empty-answer', [])
  if (facts.cannot.length === 0) return say('unknown', 'no-plan-status', [])
  return { verdict: 'unknown', basis: { eb: [...facts.cannot], rule: 'payer-cannot-process', inferred: false } }
}
