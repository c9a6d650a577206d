import { z } from 'zod'
import { addOpenMinutes, isHoliday, minutesOf, nextOpen, type PayerCalendar, WallTime } from './calendar.ts'
import { instantOf, localTime, nextDate, weekdayOf } from './local-time.ts'

/**
 * By when a payer owes the answers to a batch. As it stands when nothing is said, CORE 155: in by 21:00 Eastern of a business day,
 * answers by 07:00 Eastern of the next one, a 999 within an hour.
 */
export const BatchRule = z.object({
  timeZone: z.string().min(1).max(40).default('America/New_York'),
  /** The last minute of the day at which a batch counts for that day. */
  inBy: WallTime.default('21:00'),
  answersBy: WallTime.default('07:00'),
  businessDays: z.int().min(1).max(10).default(1),
  ackMinutes: z.int().min(1).max(10_080).default(60),
})
export type BatchRule = z.output<typeof BatchRule>

const isBusinessDay = (calendar: PayerCalendar, date: string): boolean => weekdayOf(date) % 6 !== 0 && !isHoliday(calendar, date)

/** A calendar without business days for so long owes nothing sensible: the rule then counts days as they are. */
const daysMax = 60
function businessDayFrom(calendar: PayerCalendar, date: string): string {
  let day = date
  for (let i = 0; i < daysMax; i += 1, day = nextDate(day)) if (isBusinessDay(calendar, day)) return day
  return date
}

/** When the answers to what was sent then are overdue. A moment inside a closed window moves to the window's end. */
export function answerDueAt(rule: BatchRule, calendar: PayerCalendar, sentAt: Date): Date {
  const sent = localTime(sentAt, rule.timeZone)
  const inTime = isBusinessDay(calendar, sent.date) && sent.minutes <= minutesOf(rule.inBy)
  let day = inTime ? sent.date : businessDayFrom(calendar, nextDate(sent.date))
  for (let i = 0; i < rule.businessDays; i += 1) day = businessDayFrom(calendar, nextDate(day))
  const minutes = minutesOf(rule.answersBy)
  return nextOpen(calendar, instantOf(minutes === 1440 ? { date: nextDate(day), minutes: 0 } : { date: day, minutes }, rule.timeZone))
}

/** When the 999 of what was sent then is overdue. */
export const ackDueAt = (rule: BatchRule, calendar: PayerCalendar, sentAt: Date): Date => addOpenMinutes(calendar, sentAt, rule.ackMinutes)
