import { EligibilityAnswer, EligibilityInquiry, EligibilityRejection } from '@heliox/core/billing'
import { defineAdapter } from '@heliox/core/kit'
import { z } from 'zod'
import { checkEligibility } from './check-eligibility.ts'
import { ping } from './transport/rest.ts'

/** What ISA06 and ISA08 may hold: the basic character set without the delimiters, at most 15 characters. */
const PartyId = z.string().regex(/^[0-9A-Z][0-9A-Z .-]{1,14}$/, 'must be 2 to 15 capital letters, digits, blanks, dots or dashes')

export const ClearinghouseConfig = z.object({
  restUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
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

/** X12 270/271 over the clearinghouse's real-time door. SFTP batches come with issue 02. */
export const clearinghouse = defineAdapter({
  id: 'clearinghouse',
  title: 'Clearinghouse (X12 270/271)',
  config: ClearinghouseConfig,
  secrets: ClearinghouseSecrets,
  health: (ctx) => ping(ctx),
  operations: (op) => ({
    checkEligibility: op({
      summary: 'Send one 270, read one 271.',
      version: 1,
      input: EligibilityInquiry,
      output: EligibilityAnswer,
      rejection: EligibilityRejection,
      // A read: asking twice costs a fee, never a wrong state.
      replay: 'safe',
      // CORE 156: a real-time answer takes at most 20 s.
      breaker: { timeoutMs: 20_000, errorThresholdPercent: 50, volumeThreshold: 10, resetTimeoutMs: 30_000, inFlightMax: 8 },
      retry: { attemptsMax: 3, firstDelayMs: 2_000, delayMsMax: 60_000 },
      call: checkEligibility,
    }),
  }),
})
