import { isPrivateLine } from '@heliox/core/kit'
import { z } from 'zod'

/** What ISA06 and ISA08 may hold: the basic character set without the delimiters, at most 15 characters. */
const PartyId = z.string().regex(/^[0-9A-Z][0-9A-Z .-]{1,14}$/, 'must be 2 to 15 capital letters, digits, blanks, dots or dashes')

export const ClearinghouseConfig = z.object({
  restUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .refine(isPrivateLine, 'must be https')
    .meta({ title: 'Real-time address' }),
  submitterId: PartyId.meta({ title: 'Our id at the clearinghouse (ISA06, GS02)' }),
  receiverId: PartyId.meta({ title: "The clearinghouse's id (ISA08, GS03)" }),
  usage: z.enum(['T', 'P']).meta({ title: 'Test or production (ISA15)' }),
  traceOrigin: z
    .string()
    .regex(/^[139][0-9A-Z]{9}$/)
    .default('9HELIOXHUB')
    .meta({ title: 'Who the trace is from (TRN03)' }),
})
export const ClearinghouseSecrets = z.object({ restToken: z.string().min(8).max(500).meta({ title: 'Bearer token' }) })
export type ClearinghouseConfig = z.output<typeof ClearinghouseConfig>
export type ClearinghouseSecrets = z.output<typeof ClearinghouseSecrets>
