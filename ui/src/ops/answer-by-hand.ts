/** What the payer said on the phone, in the shape of the operation's own answer; nobody should type a 271 as JSON. */
export type VerdictByHand = 'active' | 'inactive'

/** A held item names `checkEligibility`, or `checkEligibility.v2` for the second major, alone or behind the partner's name. */
export const asksForCoverage = (operation: string | null): boolean => operation?.includes('checkEligibility') ?? false

const basis = { eb: [], rule: 'by-hand', inferred: false }

/** A verdict, and nothing that only a payer can know. The first major stands in items that were held before the second one. */
export function answerByHand(operation: string | null, verdict: VerdictByHand): Record<string, unknown> {
  if (operation?.endsWith('.v2')) {
    return {
      verdict,
      basis,
      match: { traces: [] },
      source: null,
      rejections: [],
      patient: { is: 'nobody', corrected: false },
      plan: { ids: [], dates: [] },
      otherCoverage: [],
      costShare: [],
      benefits: [],
      other: [],
      warnings: [],
      manual: true,
    }
  }
  return { verdict, basis, trace: 'by-hand', planName: null, planDates: [], copays: [], manual: true }
}
