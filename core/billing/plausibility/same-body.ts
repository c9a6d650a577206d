import type { PayerHealth } from './health.ts'
import { numbers } from './numbers.ts'
import type { Detector, SeenSigns } from './seen.ts'

const bodyChars = 16
const subjectChars = 8
/** As kept in `PayerHealth.bodies`: cut short, which can only miss a lie, and tells nothing of a patient. */
export const bodyKey = ({ body, subject }: SeenSigns): [string, string] | undefined =>
  body === null || subject === null ? undefined : [body.slice(0, bodyChars), subject.slice(0, subjectChars)]

/** Whether another member was told the very same before. */
export function isSharedBody(signs: SeenSigns, { bodies }: Pick<PayerHealth, 'bodies'>): boolean {
  const key = bodyKey(signs)
  return key !== undefined && bodies.some(([body, subject]) => body === key[0] && subject !== key[1])
}

/** An answer names the person: two members cannot be told the same, unless nobody looked. A payer whose answers name nobody is learned. */
export const sameBody: Detector = ({ signs }, health) => {
  if (signs.says !== 'yes' || !isSharedBody(signs, health)) return 0
  const { answers, sharedBody } = health.yes
  return answers >= numbers.habitAnswersMin && sharedBody / answers > numbers.sharedBodyUsual ? 0 : numbers.sharedBody
}
