import { limits } from '../kit/index.ts'

const hourMs = 3_600_000

/** A link outlives its visit by some hours: one that ended at the planned end would lock out the patient whom the clinic sees late, in the middle of the form. */
export function linkEnd(endsAt: Date, now: Date): Date {
  return new Date(Math.min(endsAt.getTime() + limits.linkHoursAfterVisit * hourMs, now.getTime() + limits.linkDaysMax * 24 * hourMs))
}
