import { canonicalJson } from '../kit/index.ts'

/**
 * What a person may put right in a held question about a cover: how the insured person is named. Everything else says which question it
 * is: another payer, day, provider or request would be a question that nobody asked, answered under the name of this one.
 */
const insuredFields: ReadonlySet<string> = new Set(['memberId', 'givenName', 'familyName', 'birthDate', 'payerSex', 'holder', 'relationship'])
export const isOfTheInsured = (name: string): boolean => insuredFields.has(name)

type Input = Readonly<Record<string, unknown>>

/** A correction says what names the insured person; what it leaves out of the rest stays as it was. */
export const correctedInput = (stored: Input, given: Input): Input => ({
  ...Object.fromEntries(Object.entries(stored).filter(([name]) => !isOfTheInsured(name))),
  ...given,
})

/**
 * Fields that a correction changes or adds although they are no part of it, by name. A question whose answer is known beforehand
 * (`canary`) is nobody's cover: nothing of it is corrected, and no other question becomes one.
 */
export function notToCorrect(stored: Input, corrected: Input): string[] {
  const same = (name: string): boolean => canonicalJson(stored[name] ?? null) === canonicalJson(corrected[name] ?? null)
  const mayChange = (name: string): boolean => isOfTheInsured(name) && !('canary' in stored)
  return [...new Set([...Object.keys(stored), ...Object.keys(corrected)])].filter((name) => !mayChange(name) && !same(name)).sort()
}
