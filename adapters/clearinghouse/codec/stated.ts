import type { AnswerBenefit, EligibilityAnswerV2 } from '@heliox/core/billing'
import type { AnswerSigns } from '@heliox/core/kit'
import { decides } from './periods.ts'
import { aboutOf, isActive, isStatus } from './plan-status.ts'

type Read = Pick<EligibilityAnswerV2, 'basis' | 'benefits' | 'plan' | 'rejections' | 'marks'> & { verdict: EligibilityAnswerV2['verdict'] | 'rejected' }

/** What an answer states, as flags: no value of it. */
export function statedIn(answer: Read): Pick<AnswerSigns, 'says' | 'empty' | 'hasDates' | 'hasPlan'> {
  const { plan, benefits, basis, rejections } = answer
  const cited = basis.eb.flatMap((index) => benefits[index] ?? [])
  const dates = [...plan.dates, ...cited.flatMap((benefit) => benefit.dates)]
  return {
    says: saysOf(answer),
    empty: benefits.length === 0 && rejections.length === 0 && !(answer.marks ?? []).includes('foreign'),
    hasDates: dates.some(({ qualifier, from, to }) => decides(qualifier.code) && (from !== undefined || to !== undefined)),
    hasPlan: plan.name !== undefined || plan.group !== undefined || plan.ids.length > 0,
  }
}

/** An answer that is not used says something all the same: how the payer does now is told by that. */
const notUsed: ReadonlySet<EligibilityAnswerV2['basis']['rule']> = new Set(['test-marked', 'birth-date-differs', 'member-differs'])

function saysOf({ verdict, basis, benefits }: Read): AnswerSigns['says'] {
  if (verdict === 'active' || verdict === 'mixed') return 'yes'
  if (verdict === 'inactive' || verdict === 'rejected') return 'no'
  if (!notUsed.has(basis.rule)) return 'neither'
  const statements = benefits.filter((benefit) => isStatus(benefit.code.code) && isAboutPlan(benefit))
  if (statements.length === 0) return 'neither'
  return statements.some(({ code }) => isActive(code.code)) ? 'yes' : 'no'
}
const isAboutPlan = ({ serviceTypes }: AnswerBenefit): boolean => aboutOf(serviceTypes.map(({ code }) => code)) !== 'other'
