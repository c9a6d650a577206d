import { inWindow, type LocalTime, localTime, type Window } from './local-time.ts'
import { federalHolidayOn } from './us-federal.ts'

export interface PayerCalendar {
  timeZone: string
  holidays: 'us-federal' | 'none'
  /** CCYY-MM-DD */
  alsoHolidays: readonly string[]
  closedOnHolidays: boolean
  maintenance: readonly Window[]
}

export const isHoliday = (calendar: PayerCalendar, day: string): boolean =>
  calendar.alsoHolidays.includes(day) || (calendar.holidays === 'us-federal' && federalHolidayOn(day) !== undefined)

export interface PayerMoment extends LocalTime {
  holiday: boolean
  closed: boolean
}
export function momentAt(calendar: PayerCalendar, at: Date): PayerMoment {
  const time = localTime(at, calendar.timeZone)
  const holiday = isHoliday(calendar, time.day)
  return { ...time, holiday, closed: (holiday && calendar.closedOnHolidays) || calendar.maintenance.some((window) => inWindow(time, window)) }
}

const minuteMs = 60_000
const searchMinutesMax = 14 * 24 * 60
/** The next moment, from `at` on, when the payer is not closed; a payer that is closed for two weeks is asked no further. */
export function nextOpen(calendar: PayerCalendar, at: Date): Date {
  if (!momentAt(calendar, at).closed) return at
  const start = Math.ceil((at.getTime() + 1) / minuteMs) * minuteMs
  for (let n = 0; n < searchMinutesMax; n += 1) {
    const moment = new Date(start + n * minuteMs)
    if (!momentAt(calendar, moment).closed) return moment
  }
  return new Date(start + searchMinutesMax * minuteMs)
}
