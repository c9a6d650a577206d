import { z } from 'zod'

/**
 * How long an answer about somebody's cover is worth something. Cover changes without a word, mostly at the turn of a month: an answer is
 * asked for again so many days before the visit, is `stale` after `freshDays`, and nobody should rely on it after `expireDays`.
 */
export const AnswerAges = z
  .object({
    freshDays: z.int().min(1).max(90).default(7),
    expireDays: z.int().min(1).max(365).default(30),
    /** 0: not asked again before the visit. */
    askAgainDaysBefore: z.int().min(0).max(30).default(2),
  })
  .refine((ages) => ages.freshDays <= ages.expireDays, { error: 'an answer is stale before it is expired', path: ['expireDays'] })
export type AnswerAges = z.output<typeof AnswerAges>
