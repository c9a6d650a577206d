import type { appointmentStatuses } from './model.ts'
import type { ScheduleDifference, ScheduleOwner } from './scheduler.ts'

interface Said {
  status: (typeof appointmentStatuses)[number]
  startsAt: Date
  endsAt: Date
  practitioner: string
}

/** Somebody is still to come. What is over or called off on both sides is compared no more than by its status. */
export const isLive = (said: Pick<Said, 'status' | 'endsAt'>, now: Date): boolean =>
  (said.status === 'booked' || said.status === 'proposed') && said.endsAt.getTime() > now.getTime()

/** What two sides say differently of one appointment. When and with whom does not matter of one that both called off. */
export function differencesBetween(here: Said, there: Said, now: Date): readonly ScheduleDifference[] {
  const found: ScheduleDifference[] = []
  if (here.status !== there.status) found.push('status')
  if (!isLive(here, now) && !isLive(there, now)) return found
  if (here.startsAt.getTime() !== there.startsAt.getTime() || here.endsAt.getTime() !== there.endsAt.getTime()) found.push('time')
  if (here.practitioner !== there.practitioner) found.push('practitioner')
  return found
}

const aboutContent: readonly ScheduleDifference[] = ['time', 'status', 'practitioner']
/**
 * What a handover waits for: that whoever gets the appointments has each of them as it is. What only the new owner has stays as it is, since its
 * word counts from then on.
 */
export const waitsFor: Readonly<Record<ScheduleOwner, readonly ScheduleDifference[]>> = {
  hub: [...aboutContent, 'only-there', 'unreadable-there'],
  'legacy-scheduler': [...aboutContent, 'only-here', 'refused-there', 'changed-there'],
}
