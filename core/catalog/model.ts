import { z } from 'zod'
import { Text } from '../kit/index.ts'

/** A payer a patient can pick. */
export const Payer = z.object({
  id: z.string().min(2).max(40),
  name: Text(60),
  timeZone: z.string().max(40),
  /** What patients call it, and what stands on older cards. */
  aliases: z.array(Text(60)).max(20).default([]),
  /** Payer ids as cards print them. */
  cardPayerIds: z
    .array(z.string().regex(/^[A-Za-z0-9]{3,20}$/))
    .max(20)
    .default([]),
  /** False: nobody can be asked by computer. A person of the clinic asks, and the patient is told so. */
  supported: z.boolean().default(true),
})
export type Payer = z.output<typeof Payer>

/** Stands where the patient's insurer is none of the list. */
export const notListedPayerId = 'not-listed'
/** What staff reads in place of a name: the patient's own words are PHI and stay sealed. */
export const notListedPayerName = 'Insurer not on the list'
