import type { PayerHealth } from './health.ts'
import type { Detector, SeenSigns } from './seen.ts'

const bodyChars = 16
const subjectChars = 8
/** Whom an answer is about, as kept in `PayerHealth`: cut short. */
export const subjectKey = (subject: string): string => subject.slice(0, subjectChars)
/** As kept in `PayerHealth.bodies`: cut short, which can only miss a lie, and tells nothing of a patient. */
export const bodyKey = ({ body, subject }: SeenSigns): [string, string] | undefined =>
  body === null || subject === null ? undefined : [body.slice(0, bodyChars), subjectKey(subject)]

/** How many other members were told the very same before. */
function othersTold(signs: SeenSigns, { bodies }: Pick<PayerHealth, 'bodies'>): number {
  const key = bodyKey(signs)
  if (!key) return 0
  return new Set(bodies.filter(([body, subject]) => body === key[0] && subject !== key[1]).map(([, subject]) => subject)).size
}

/**
 * An answer names the person: members cannot be told the same, unless nobody looked. One other may be the same patient under a number
 * that was put right since; two are not.
 */
export const sameBody: Detector = ({ signs }, health, _payer, _now, numbers) => {
  if (signs.says !== 'yes') return 0
  return Math.min(1, othersTold(signs, health) * numbers.sharedBody)
}
