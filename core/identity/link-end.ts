import { limits } from '../kit/index.ts'

const dayMs = 24 * 3600 * 1000

/** A link lives until its visit is over: one that ended before would leave the patient outside. */
export const linkEnd = (endsAt: Date, now: Date): Date => new Date(Math.min(endsAt.getTime(), now.getTime() + limits.linkDaysMax * dayMs))
