import { isHoliday, isOpen } from '../../catalog/calendar.ts'
import { localTime } from '../../catalog/local-time.ts'
import type { Detector } from './seen.ts'

/**
 * A payer that is closed answers nothing: whatever speaks in its place, to either side, did not look the member up. A file may have been made
 * before a weekly window began, so for a file only a holiday or an announced downtime counts.
 */
export const closedCalendar: Detector = ({ latencyMs }, _, { calendar }, now) => {
  if (latencyMs !== null) return isOpen(calendar, now) ? 0 : 1
  const wholeDays = isHoliday(calendar, localTime(now, calendar.timeZone).date) || !isOpen({ ...calendar, closed: [] }, now)
  return wholeDays ? 1 : 0
}
