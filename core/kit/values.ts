import { z } from 'zod'
import { type AddressProblem, addressProblems, postalCodeCharsMax, postalCodeFacts, tidiedAddress } from './address.ts'
import { languageTags } from './languages.ts'

/** Shapes that many contracts share. Dates are ISO; money is integer cents or a decimal string. */
export const IsoDate = z.iso.date()
export const IsoDateTime = z.iso.datetime()
export const Decimal = z.string().regex(/^-?\d{1,12}(\.\d{1,4})?$/, 'must be a decimal number')
export const Code = z.string().min(1).max(40)
/** X12's basic and extended set minus control characters; what a name, an id or an address line may hold. */
export const Text = (charsMax: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(charsMax)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must not hold control characters')
export const LanguageTag = z.enum(languageTags)
export type LanguageTag = z.output<typeof LanguageTag>

/**
 * As it is kept: bounded, and no more, so that a rule which learns something never makes an address unreadable that was sealed before. What was
 * sealed before other countries were asked for is American.
 */
export const Address = z.object({
  line1: Text(60),
  line2: Text(60).nullable().default(null),
  city: Text(40),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be the two letters of a country, for example US')
    .default('US'),
  state: Text(40).nullable().default(null),
  postalCode: Text(postalCodeCharsMax).nullable().default(null),
})
/** As the form takes it: by the rules of its country. */
export const AddressAnswer = Address.overwrite(tidiedAddress).superRefine((address, ctx) => {
  for (const { field, problem } of addressProblems(address))
    ctx.addIssue({ code: 'custom', path: [field], message: problemWords(field, problem, address.country) })
})
function problemWords(field: AddressProblem['field'], problem: AddressProblem['problem'], country: string): string {
  if (field === 'country') return 'must be a country of ISO 3166-1'
  if (field === 'state') return problem === 'missing' ? 'must be there in the United States' : 'must be two letters, for example TX'
  if (problem === 'missing') return 'must be there in this country'
  if (country === 'US') return 'must be a ZIP code, for example 78701'
  const { example } = postalCodeFacts(country)
  return example === null ? 'must be letters and digits' : `must be a postal code of its country, for example ${example}`
}
/** For the payer (X12 DMG03): F, M or U. */
export const PayerSex = z.enum(['F', 'M', 'U'])
