import {
  LegacyAppointment,
  LegacyAppointmentDue,
  LegacyItem,
  LegacyListAsked,
  LegacyListed,
  LegacyModeIs,
  LegacyModeWanted,
  LegacyPut,
  LegacyPutDone,
  LegacyRefused,
} from '@heliox/core/clinical'
import { defineAdapter } from '@heliox/core/kit'
import { collectChanges, pageBytesMax, readChanges } from './changes.ts'
import { LegacyConfig, LegacySecrets } from './config.ts'
import { checkHealth, list, put, read, setMode } from './operations.ts'

const breaker = { timeoutMs: 10_000, errorThresholdPercent: 50, volumeThreshold: 8, resetTimeoutMs: 10_000, inFlightMax: 8 }
const retry = { attemptsMax: 6, firstDelayMs: 2_000, delayMsMax: 120_000 }

/** The scheduler that was there before the hub, for as long as both are there (H-8). Surprises: BEHAVIOR.md. */
export const legacyScheduler = defineAdapter({
  id: 'legacy-scheduler',
  title: 'Old scheduler (REST)',
  config: LegacyConfig,
  secrets: LegacySecrets,
  health: checkHealth,
  // All of them may be sent again: a write says what is to be, and looks first.
  operations: (op) => ({
    readAppointment: op({
      summary: 'Read one appointment as it is now.',
      version: 1,
      input: LegacyAppointmentDue,
      output: LegacyAppointment,
      rejection: LegacyRefused,
      replay: 'safe',
      byHand: 'never',
      correctable: false,
      breaker,
      retry,
      call: read,
    }),
    putAppointment: op({
      summary: 'Make the copy of a visit say what the visit says.',
      version: 1,
      input: LegacyPut,
      output: LegacyPutDone,
      rejection: LegacyRefused,
      replay: 'safe',
      byHand: 'rejected',
      correctable: false,
      breaker,
      retry,
      call: put,
    }),
    listAppointments: op({
      summary: 'List a page of appointments, to compare.',
      version: 1,
      input: LegacyListAsked,
      output: LegacyListed,
      rejection: LegacyRefused,
      replay: 'safe',
      byHand: 'never',
      correctable: false,
      breaker: { ...breaker, timeoutMs: 20_000 },
      retry,
      call: list,
    }),
    setMode: op({
      summary: 'Close it for people, or open it again.',
      version: 1,
      input: LegacyModeWanted,
      output: LegacyModeIs,
      rejection: LegacyRefused,
      replay: 'safe',
      byHand: 'never',
      correctable: false,
      breaker,
      retry,
      call: setMode,
    }),
  }),
  receive: (receiver) => ({
    changes: receiver({
      summary: 'What changed there since we last looked.',
      version: 1,
      event: 'legacy.item-received.v1',
      item: LegacyItem,
      everyMs: 3_000,
      timeoutMs: 30_000,
      fileBytesMax: pageBytesMax,
      enabled: () => true,
      collect: (ctx, keep) => collectChanges(ctx, keep),
      read: (bytes) => readChanges(bytes),
    }),
  }),
})
