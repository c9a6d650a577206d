import { z } from 'zod'
import { IsoDate } from '../kit/index.ts'

/**
 * The second factor of a link. Whoever has the link has seen a message, and messages are forwarded, and phones lie about: before the hub shows
 * what it knows of a patient, they say their birth date and a code that was sent to the address of the contact.
 */
export const proofLimits = {
  codeDigits: 6,
  codeMinutes: 10,
  /** Wrong ones of one code; then it is over. */
  triesMax: 5,
  /** After so many wrong ones nobody may try for this long; each further such round doubles it. */
  pauseMinutes: 1,
  pauseMinutesMax: 24 * 60,
  /** Between two codes, and so many in an hour: a code is a message that costs money and can annoy a stranger. */
  codeEverySeconds: 30,
  codesPerHourMax: 5,
  /** A device stays known for so long. */
  proofHours: 72,
  /** Devices of one link at a time; the oldest is forgotten. */
  proofsMax: 10,
} as const

export const proofEnd = (now: Date): Date => new Date(now.getTime() + proofLimits.proofHours * 3_600_000)

export const codeChannels = ['sms', 'mail'] as const
export type CodeChannel = (typeof codeChannels)[number]
/** `desk`: shown to staff, who read it to a patient that stands there. */
export const codeWays = [...codeChannels, 'desk'] as const

export const ProofAttempt = z.strictObject({
  birthDate: IsoDate.nullable(),
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'must be six digits'),
})
export type ProofAttempt = z.output<typeof ProofAttempt>

export const proofOutcomes = ['proved', 'wrong', 'ended', 'paused'] as const
export type ProofOutcome = (typeof proofOutcomes)[number]

/** How long nobody may try after so many wrong ones in all; 0: they may go on. */
export function pauseMsAfter(failures: number): number {
  if (failures === 0 || failures % proofLimits.triesMax !== 0) return 0
  const rounds = failures / proofLimits.triesMax
  // 2^10 minutes are over the longest pause; more would only overflow.
  return Math.min(proofLimits.pauseMinutes * 2 ** Math.min(rounds - 1, 11), proofLimits.pauseMinutesMax) * 60_000
}
