import type { AnswerAges } from '../catalog/answer-ages.ts'
import { nextOpen, type PayerCalendar } from '../catalog/calendar.ts'
import { instantOf, localTime, nextDate } from '../catalog/local-time.ts'
import { sha256Hex } from '../kit/index.ts'

const dayMs = 86_400_000
const daysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * dayMs)

/** From when an answer should be asked for again before it is used. */
export const staleAt = (answeredAt: Date, { freshDays }: AnswerAges): Date => daysAfter(answeredAt, freshDays)
/** From when nobody should rely on it. */
export const expiresAt = (answeredAt: Date, { expireDays }: AnswerAges): Date => daysAfter(answeredAt, expireDays)

export interface AskedAgain {
  requestId: string
  /** When the answer that stands was recorded. */
  recordedAt: Date
  /** The day of the visit in the clinic's zone. */
  serviceDate: string
  /** That answer is not believed. */
  suspicious: boolean
  calendar: PayerCalendar
  clinicTimeZone: string
  rules: AnswerAges
}

/** Payers have loaded the changes of the night by then. */
const morning = 6 * 60
const spreadMinutes = 30

/**
 * When this answer is asked for again; null: not any more. One that is not believed, at the payer's next opening, whenever that is. Any
 * other so many days before the visit, and at each turn of a month until then, when cover begins and ends; never after the visit.
 */
export function nextAskAt(about: AskedAgain, now: Date): Date | null {
  const { calendar, serviceDate, clinicTimeZone } = about
  if (about.suspicious) return atOpening(about, now)
  const visitEnds = instantOf({ date: nextDate(serviceDate), minutes: 0 }, clinicTimeZone)
  const recordedOn = localTime(about.recordedAt, calendar.timeZone).date
  const days = [firstOfNextMonth(recordedOn), ...daysBefore(about)].filter((day) => day > recordedOn && day <= serviceDate).sort()
  for (const day of days) {
    const due = instantOf({ date: day, minutes: morning }, calendar.timeZone)
    const at = atOpening(about, due > now ? due : now)
    if (at < visitEnds) return at
  }
  return null
}

/** The moment itself where the payer is open; after an opening spread out, by the request, so that not all that waited comes at once. */
function atOpening({ calendar, requestId }: AskedAgain, at: Date): Date {
  const open = nextOpen(calendar, at)
  if (open.getTime() === at.getTime()) return at
  const spreadMs = Math.floor((Number.parseInt(sha256Hex(requestId).slice(0, 8), 16) / 2 ** 32) * spreadMinutes * 60_000)
  return nextOpen(calendar, new Date(open.getTime() + spreadMs))
}

const firstOfNextMonth = (date: string): string => {
  const [year = 0, month = 1] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10)
}
const daysBefore = ({ serviceDate, rules }: AskedAgain): string[] =>
  rules.askAgainDaysBefore === 0
    ? []
    : [
        daysAfter(new Date(`${serviceDate}T00:00:00Z`), -rules.askAgainDaysBefore)
          .toISOString()
          .slice(0, 10),
      ]
