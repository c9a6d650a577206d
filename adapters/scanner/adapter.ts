import { defineAdapter, limits } from '@heliox/core/kit'
import { ClearPhoto, ClearUpload, PhotoClean, PhotoRefused, UploadClean, UploadRefused } from '@heliox/core/media'
import { z } from 'zod'
import { clearPhoto } from './clear-photo.ts'
import { clearUpload } from './clear-upload.ts'
import { checkHealth } from './health.ts'

/** A virus scanner that speaks clamd's protocol over TCP (H-14, H-16, H-21). Surprises: BEHAVIOR.md. */
export const scanner = defineAdapter({
  id: 'scanner',
  title: 'File scanner (clamd INSTREAM)',
  config: z.object({
    host: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be a host name or an address')
      .meta({ title: 'Host', description: 'The protocol has no encryption and no login: a private network only.' }),
    port: z.int().min(1).max(65_535).meta({ title: 'Port', description: 'clamd: 3310' }),
    bytesMax: z
      .int()
      .min(1)
      .max(limits.uploadBytesMax)
      .default(limits.uploadBytesMax)
      .meta({ title: 'Largest file in bytes', description: 'Not more than StreamMaxLength of the scanner.' }),
  }),
  // clamd knows neither login nor key; what keeps others out is the network.
  secrets: z.object({}),
  health: checkHealth,
  operations: (op) => ({
    clearPhoto: op({
      summary: 'Put the parts of one photo together, scan them, and put re-encoded copies without metadata into the clean bucket.',
      version: 1,
      input: ClearPhoto,
      output: PhotoClean,
      rejection: PhotoRefused,
      // The same bytes give the same verdict and the same copies under the same keys: doing it again changes nothing.
      replay: 'safe',
      // Clean is what the scanner says of these bytes; a person can only refuse them.
      byHand: 'rejected',
      correctable: false,
      // Nobody can do anything about a photo while the scanner is away, and it waits for the scanner, not for a person: a day long.
      breaker: { timeoutMs: 30_000, errorThresholdPercent: 50, volumeThreshold: 3, resetTimeoutMs: 10_000, inFlightMax: 4 },
      retry: { attemptsMax: 300, firstDelayMs: 2_000, delayMsMax: 300_000 },
      call: clearPhoto,
    }),
    clearUpload: op({
      summary: 'Scan one photo in quarantine; put a re-encoded copy without metadata into the clean bucket.',
      version: 1,
      input: ClearUpload,
      output: UploadClean,
      rejection: UploadRefused,
      // The same bytes give the same verdict and the same copy under the same key: doing it again changes nothing.
      replay: 'safe',
      // Clean is what the scanner says of these bytes; a person can only refuse them.
      byHand: 'rejected',
      correctable: false,
      breaker: { timeoutMs: 20_000, errorThresholdPercent: 50, volumeThreshold: 6, resetTimeoutMs: 10_000, inFlightMax: 4 },
      retry: { attemptsMax: 4, firstDelayMs: 2_000, delayMsMax: 120_000 },
      call: clearUpload,
    }),
  }),
})
