import { z } from 'zod'
import { IsoDate, IsoDateTime } from '../kit/index.ts'
import { usFederalHolidays } from './holidays.ts'
import { instantOf, type LocalTime, localTime, nextDate, weekdayOf } from './local-time.ts'

/** `HH:MM` on the payer's wall clock; 24:00 ends a day. */
export const WallTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)

/**
 * When a payer answers. Payers must publish their windows, and owe nothing inside them (CORE 157): silence there is no incident,
 * and not "inactive". An empty calendar is open always.
 */
export const PayerCalendar = z.object({
  timeZone: z.string().min(1).max(40),
  /** Every week; a window over midnight is written as two. `day` 0 is Sunday. */
  closed: z
    .array(z.object({ day: z.int().min(0).max(6), from: WallTime, to: WallTime }))
    .max(50)
    .default([]),
  usFederalHolidays: z.boolean().default(false),
  /** Further whole days. */
  holidays: z.array(IsoDate).max(200).default([]),
  /** Announced once. */
  downtimes: z
    .array(z.object({ from: IsoDateTime, to: IsoDateTime }))
    .max(100)
    .default([]),
})
export type PayerCalendar = z.output<typeof PayerCalendar>

export function isHoliday(calendar: PayerCalendar, date: string): boolean {
  return calendar.holidays.includes(date) || (calendar.usFederalHolidays && usFederalHolidays(Number(date.slice(0, 4))).includes(date))
}

interface Span {
  from: number
  to: number
}
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** Closed spans that touch this local day, as instants in milliseconds. A span that an hour of autumn doubles lasts through both. */
function closedOn(calendar: PayerCalendar, date: string): Span[] {
  const at = (minutes: number, twice: 'first' | 'second'): number => {
    const local: LocalTime = minutes === 1440 ? { date: nextDate(date), minutes: 0 } : { date, minutes }
    return instantOf(local, calendar.timeZone, twice).getTime()
  }
  const span = (from: number, to: number): Span => ({ from: at(from, 'first'), to: at(to, 'second') })
  const once = calendar.downtimes.map((one) => ({ from: Date.parse(one.from), to: Date.parse(one.to) }))
  if (isHoliday(calendar, date)) return [...once, span(0, 1440)]
  const weekly = calendar.closed.filter((window) => window.day === weekdayOf(date)).map((window) => span(minutesOf(window.from), minutesOf(window.to)))
  return [...once, ...weekly]
}

const closedAt = (calendar: PayerCalendar, ms: number): Span | undefined =>
  closedOn(calendar, localTime(new Date(ms), calendar.timeZone).date).find((span) => span.from <= ms && ms < span.to)

export const isOpen = (calendar: PayerCalendar, at: Date): boolean => closedAt(calendar, at.getTime()) === undefined

/** Farther than this nothing is planned: a calendar that is closed so long is taken as open, and its silence will be seen. */
const daysMax = 60
const dayMs = 86_400_000

/** The moment itself when it is open, or the end of the window it lies in. */
export function nextOpen(calendar: PayerCalendar, at: Date): Date {
  let ms = at.getTime()
  for (let span = closedAt(calendar, ms); span !== undefined; span = closedAt(calendar, ms)) {
    ms = span.to
    if (ms > at.getTime() + daysMax * dayMs) return at
  }
  return new Date(ms)
}

/** So many minutes later, counting only those in which the payer is open. */
export function addOpenMinutes(calendar: PayerCalendar, at: Date, minutes: number): Date {
  const start = at.getTime()
  const end = start + daysMax * dayMs
  let ms = start
  let left = minutes * 60_000
  while (ms < end) {
    const { date } = localTime(new Date(ms), calendar.timeZone)
    const spans = closedOn(calendar, date)
    const inside = spans.find((span) => span.from <= ms && ms < span.to)
    if (inside) {
      ms = inside.to
      continue
    }
    // Open until the next window of this day, or until the day ends and the next one's windows count.
    const midnight = instantOf({ date: nextDate(date), minutes: 0 }, calendar.timeZone).getTime()
    const until = Math.min(midnight, ...spans.filter((span) => span.from > ms).map((span) => span.from))
    if (ms + left <= until) return new Date(ms + left)
    left -= until - ms
    ms = until
  }
  return new Date(start + minutes * 60_000)
}
