import {
  BatchRefused,
  BatchSent,
  EligibilityAnswer,
  EligibilityAnswerV2,
  EligibilityBatch,
  EligibilityInquiry,
  EligibilityInquiryV2,
  EligibilityRejection,
  EligibilityRejectionV2,
  ReceivedItem,
} from '@heliox/core/billing'
import { defineAdapter } from '@heliox/core/kit'
import { answerMsMax, checkEligibility, checkEligibilityV1, otherDoor } from './check-eligibility.ts'
import { receivedItemsOf } from './codec/received-items.ts'
import { ClearinghouseConfig, ClearinghouseSecrets } from './config.ts'
import { checkHealth } from './health.ts'
import { collectFiles, fileBytesMax, receiveTimes } from './receive-files.ts'
import { signsOf } from './signs.ts'
import { findBatch, submitBatch } from './submit-batch.ts'

const realTime = {
  // A read: asking twice costs a fee, never a wrong state.
  replay: 'safe',
  breaker: { timeoutMs: answerMsMax, errorThresholdPercent: 50, volumeThreshold: 10, resetTimeoutMs: 30_000, inFlightMax: 8 },
  retry: { attemptsMax: 3, firstDelayMs: 2_000, delayMsMax: 60_000 },
} as const

/** X12 270/271: one at a time over the clearinghouse's real-time door, many in a file over SFTP. */
export const clearinghouse = defineAdapter({
  id: 'clearinghouse',
  title: 'Clearinghouse (X12 270/271)',
  config: ClearinghouseConfig,
  secrets: ClearinghouseSecrets,
  health: (ctx) => checkHealth(ctx),
  operations: (op) => ({
    checkEligibility: op({
      summary: 'Send one 270, read one 271.',
      version: 2,
      input: EligibilityInquiryV2,
      output: EligibilityAnswerV2,
      rejection: EligibilityRejectionV2,
      ...realTime,
      call: checkEligibility,
      instead: otherDoor,
      payerOf: ({ payerId }) => payerId,
      signsOf,
    }),
    checkEligibilityV1: op({
      summary: 'Send one 270, read one 271 (first major: subscribers only).',
      name: 'checkEligibility',
      version: 1,
      input: EligibilityInquiry,
      output: EligibilityAnswer,
      rejection: EligibilityRejection,
      ...realTime,
      call: checkEligibilityV1,
      payerOf: ({ payerId }) => payerId,
    }),
    submitBatch: op({
      summary: 'Put a file of 270s, one set per patient, into the folder of the clearinghouse.',
      version: 1,
      input: EligibilityBatch,
      output: BatchSent,
      rejection: BatchRefused,
      // By ISA13: the same file again is refused as a duplicate (TA1 025), not worked on twice.
      replay: 'keyed',
      keyedForMs: 24 * 3_600_000,
      // What was sent under which numbers only the code knows that wrote them.
      byHand: 'rejected',
      // Made of many requests by the hub: one that is left out would be asked by nobody, and nobody would know.
      correctable: false,
      breaker: { timeoutMs: 40_000, errorThresholdPercent: 50, volumeThreshold: 4, resetTimeoutMs: 60_000, inFlightMax: 1 },
      // CORE 153: nothing is sent again within 90 s.
      settleMs: 120_000,
      retry: { attemptsMax: 4, firstDelayMs: 120_000, delayMsMax: 900_000 },
      call: submitBatch,
      reconcile: findBatch,
    }),
  }),
  receive: (receiver) => ({
    files: receiver({
      summary: 'Collect what the clearinghouse left for us: answers (271) and acknowledgements (TA1, 999, 277CA).',
      version: 1,
      event: 'clearinghouse.item-received.v1',
      item: ReceivedItem,
      ...receiveTimes,
      fileBytesMax,
      enabled: (config) => config.sftpHost !== undefined,
      collect: (ctx, keep) => collectFiles(ctx, keep),
      read: receivedItemsOf,
    }),
  }),
})
