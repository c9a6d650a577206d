export const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const
export type Weekday = (typeof weekdays)[number]

/** What the clock on a payer's wall shows. */
export interface LocalTime {
  /** CCYY-MM-DD */
  day: string
  weekday: Weekday
  /** Minutes since local midnight, 0 to 1439. */
  minute: number
}

const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formats.set(timeZone, made)
  return made
}

/** Throws RangeError for a zone that does not exist. */
export function localTime(at: Date, timeZone: string): LocalTime {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  )
  const day = `${parts.year}-${parts.month}-${parts.day}`
  return { day, weekday: weekdayOf(day), minute: Number(parts.hour) * 60 + Number(parts.minute) }
}
export const weekdayOf = (day: string): Weekday => weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? 'SUN'
const dayBefore = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** Local hours of some weekdays: `to` at or before `from` means the next day's. */
export interface Window {
  days?: readonly Weekday[] | undefined
  /** HH:MM, 00:00 to 24:00 */
  from: string
  to: string
}
const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))

/** The weekday is that of the window's beginning: SAT 22:00 to 04:00 holds on Sunday at 03:00. */
export function inWindow(time: LocalTime, window: Window): boolean {
  const [from, to] = [minuteOf(window.from), minuteOf(window.to)]
  const beginsOn = (day: Weekday): boolean => window.days === undefined || window.days.includes(day)
  if (from < to) return beginsOn(time.weekday) && time.minute >= from && time.minute < to
  return (beginsOn(time.weekday) && time.minute >= from) || (beginsOn(weekdayOf(dayBefore(time.day))) && time.minute < to)
}
