import { z } from 'zod'
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

export const Address = z.object({
  line1: Text(60),
  line2: Text(60).nullable().default(null),
  city: Text(40),
  state: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'must be two letters, for example TX'),
  postalCode: z
    .string()
    .trim()
    .regex(/^\d{5}(-?\d{4})?$/, 'must be a ZIP code, for example 78701'),
})
/** For the payer (X12 DMG03): F, M or U. */
export const PayerSex = z.enum(['F', 'M', 'U'])
