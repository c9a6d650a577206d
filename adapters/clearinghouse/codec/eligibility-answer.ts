import type { EligibilityAnswer, EligibilityRejection } from '@heliox/core/billing'
import { Decimal, type ValueOf } from '@heliox/core/kit'
import { type Rejection, reasonOf } from './aaa.ts'
import type { EligibilityResponse } from './eligibility-response.ts'
import type { Verdict } from './old-verdict.ts'

const networks: Readonly<Record<string, 'in' | 'out' | 'both'>> = { Y: 'in', N: 'out', W: 'both' }

/** The contract's view of a 271: verdict, what it rests on, plan and copays. */
export function toAnswer(response: EligibilityResponse, status: Extract<Verdict, { is: 'status' }>, trace: string): ValueOf<typeof EligibilityAnswer> {
  const cited = response.benefits.filter((b) => status.basis.eb.includes(b.index))
  return {
    verdict: status.verdict,
    basis: status.basis,
    trace,
    planName: cited.find((b) => b.planText !== '')?.planText.slice(0, 60) ?? null,
    planDates: response.periods.slice(0, 20).map(({ qualifier, from, to }) => ({ qualifier, from, to })),
    // A remaining amount (29) is not what the patient pays per visit; an amount that is no number is left out, never guessed.
    copays: response.benefits
      .filter((b) => b.code === 'B' && b.period !== '29' && b.rejections.length === 0 && Decimal.safeParse(b.amount).success)
      .slice(0, 50)
      .map((b) => ({ serviceTypes: [...b.serviceTypes], amount: b.amount, network: networks[b.network] ?? 'unknown' })),
    manual: false,
  }
}

/** Reasons in the order the payer gave them, each with whose move it is. */
export const toRejection = (reasons: readonly Rejection[]): ValueOf<typeof EligibilityRejection> => ({
  reasons: reasons.slice(0, 20).map(({ loop, code, followUp }) => ({ loop, code, followUp, who: reasonOf(code).who })),
})
