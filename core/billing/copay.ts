import type { EligibilityAnswerV2 } from './answer.ts'

/** One copay as a payer states it: EB03, the amount of EB07, EB12. */
interface Copay {
  serviceTypes: readonly string[]
  amount: string
  network: 'in' | 'out' | 'both' | 'unknown'
}

/** X12 R elements: "25", "25.5", "25.00", ".5". Undefined for anything else, and for fractions of a cent. */
export function centsOf(amount: string): number | undefined {
  const match = /^(\d{0,9})(?:\.(\d{0,4}))?$/.exec(amount)
  const [, whole = '', fraction = ''] = match ?? []
  if (!match || whole + fraction === '' || /[1-9]/.test(fraction.slice(2))) return undefined
  return Number(whole || '0') * 100 + Number(fraction.slice(0, 2).padEnd(2, '0'))
}

/** Service types that an office visit is paid under, the closest first: physician visit in the office, then the plan as a whole. */
const visitServiceTypes = ['98', '30']

/**
 * What the patient brings to the visit. Null where the answer leaves it open: no copay for a visit, or two different ones. An
 * amount shown to a patient must be the payer's, never our pick.
 */
export function visitCopayCents(copays: readonly Copay[]): number | null {
  const inNetwork = copays.filter((copay) => copay.network !== 'out')
  for (const serviceType of visitServiceTypes) {
    const forVisit = inNetwork.filter((copay) => copay.serviceTypes.includes(serviceType))
    const amounts = new Set(forVisit.map((copay) => centsOf(copay.amount)))
    if (amounts.size === 0) continue
    const [only] = amounts
    return amounts.size === 1 && only !== undefined ? only : null
  }
  return null
}

/**
 * The copays of an answer. What is left of one (EB06 29) is not what a visit costs; one for a single procedure, or whose benefit was
 * turned down, is not the visit's.
 */
export function copaysOf(answer: Pick<EligibilityAnswerV2, 'costShare'>): Copay[] {
  return answer.costShare.flatMap((share) =>
    share.kind === 'copay' && share.amount !== undefined && share.procedure === undefined
      ? [{ serviceTypes: share.serviceTypes.map((type) => type.code), amount: share.amount, network: share.network }]
      : [],
  )
}
export const copayCentsOf = (answer: Pick<EligibilityAnswerV2, 'costShare'>): number | null => visitCopayCents(copaysOf(answer))
