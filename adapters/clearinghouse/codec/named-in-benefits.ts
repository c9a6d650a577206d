import type { AnswerBenefit, EligibilityAnswerV2 } from '@heliox/core/billing'
import { rowOf } from './coder.ts'
import type { LevelSays } from './level.ts'
import type { Reference } from './party.ts'

type Plan = EligibilityAnswerV2['plan']
/** REF01 of numbers that name a plan, a group or a policy. */
const planNumbers = new Set(['18', '1L', '6P', 'CE', 'CT', 'IG', 'M7', 'MRC', 'N6', 'NQ', 'F6'])

/** Each number once; there are a handful. */
function addPlanNumbers(ids: Reference[], references: readonly Reference[]): void {
  for (const reference of references) {
    const { code } = reference.qualifier
    if (planNumbers.has(code) && !ids.some((known) => known.id === reference.id && known.qualifier.code === code)) ids.push(reference)
  }
}

/** The plan that the verdict rests on. `who`: the patient first, then the subscriber. Dates are inherited as a whole, never mixed. */
export function planOf(cited: readonly AnswerBenefit[], who: readonly LevelSays[]): Plan {
  const ids: Reference[] = []
  for (const { party } of who) if (party) addPlanNumbers(ids, party.references)
  for (const { references } of cited) addPlanNumbers(ids, references)
  const group = ids.find(({ qualifier }) => qualifier.code === '6P') ?? ids.find(({ qualifier }) => qualifier.code === '1L')
  return {
    name: cited.find((benefit) => benefit.planText !== undefined)?.planText,
    insuranceType: cited.find((benefit) => benefit.insuranceType !== undefined)?.insuranceType,
    group: group && { id: group.id, name: group.text },
    ids,
    dates: who.find((one) => one.dates.length > 0)?.dates ?? [],
  }
}

/** EB L: the doctor of first contact, where one is named. */
export function pcpOf(benefits: readonly AnswerBenefit[]): EligibilityAnswerV2['pcp'] {
  for (const benefit of benefits) {
    if (benefit.code.code !== 'L') continue
    const named = benefit.related.find(({ party }) => party.entity.code === 'P3') ?? benefit.related[0]
    if (named) return { party: named.party, dates: [...benefit.dates, ...named.dates], eb: benefit.eb }
  }
  return undefined
}

const roles: Readonly<Record<string, EligibilityAnswerV2['otherCoverage'][number]['role']>> = { PRP: 'primary', SEP: 'secondary', TTP: 'tertiary' }
/** EB R: another payer, also where none is named. */
export function otherCoverageOf(benefits: readonly AnswerBenefit[]): EligibilityAnswerV2['otherCoverage'] {
  const other: EligibilityAnswerV2['otherCoverage'] = []
  for (const benefit of benefits) {
    if (benefit.code.code !== 'R') continue
    const { references: ids, eb } = benefit
    if (benefit.related.length === 0) other.push({ role: 'unknown', ids, dates: benefit.dates, eb })
    for (const { party, dates } of benefit.related)
      other.push({
        role: rowOf(roles, party.entity.code) ?? 'unknown',
        payer: party,
        ids: [...ids, ...party.references],
        dates: [...benefit.dates, ...dates],
        eb,
      })
  }
  return other
}
