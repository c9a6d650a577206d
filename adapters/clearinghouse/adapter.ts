import { EligibilityAnswer, EligibilityInquiry, EligibilityRejection } from '@heliox/core/billing'
import { defineAdapter } from '@heliox/core/kit'
import { checkEligibility } from './check-eligibility.ts'
import { ClearinghouseConfig, ClearinghouseSecrets } from './config.ts'
import { checkHealth } from './health.ts'

/** X12 270/271 over the clearinghouse's real-time door. SFTP batches come later. */
export const clearinghouse = defineAdapter({
  id: 'clearinghouse',
  title: 'Clearinghouse (X12 270/271)',
  config: ClearinghouseConfig,
  secrets: ClearinghouseSecrets,
  health: (ctx) => checkHealth(ctx),
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
