/** US federal holidays as the days on which they are kept, as `YYYY-MM-DD` (5 U.S.C. 6103: a Saturday is kept on Friday, a Sunday on Monday). */
export function usFederalHolidays(year: number): string[] {
  const days = [
    kept(year, 1, 1),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    lastMonday(year, 5),
    kept(year, 6, 19),
    kept(year, 7, 4),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 10, 1, 2),
    kept(year, 11, 11),
    nthWeekday(year, 11, 4, 4),
    kept(year, 12, 25),
    // New Year's Day of the next year, when it is a Saturday, is kept in this one.
    kept(year + 1, 1, 1),
  ]
  return days.map((day) => day.toISOString().slice(0, 10)).filter((day) => day.startsWith(String(year)))
}

const dayOf = (year: number, month: number, day: number): Date => new Date(Date.UTC(year, month - 1, day))

function kept(year: number, month: number, day: number): Date {
  const weekday = dayOf(year, month, day).getUTCDay()
  return dayOf(year, month, day + (weekday === 6 ? -1 : weekday === 0 ? 1 : 0))
}
/** `weekday` from 0 (Sunday). */
function nthWeekday(year: number, month: number, weekday: number, n: number): Date {
  const first = dayOf(year, month, 1).getUTCDay()
  return dayOf(year, month, 1 + ((weekday - first + 7) % 7) + 7 * (n - 1))
}
function lastMonday(year: number, month: number): Date {
  const last = dayOf(year, month + 1, 0)
  return dayOf(year, month, last.getUTCDate() - ((last.getUTCDay() + 6) % 7))
}
