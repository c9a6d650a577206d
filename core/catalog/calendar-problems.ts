import { minutesOf, type PayerCalendar } from './calendar.ts'

/** Where a calendar that a person typed makes no sense; `path` inside the calendar. Texts say what must be, and repeat nothing. */
interface CalendarProblem {
  path: string
  message: string
}

/** Announced once, and then over: a downtime longer than this is a payer that is gone. */
const downtimeDaysMax = 60

/**
 * The shape is the schema's to check; this is its sense. A calendar that is never open would put every question off for ever, and one
 * with a window that ends before it begins would close nothing where somebody meant to.
 */
export function calendarProblems(calendar: PayerCalendar): CalendarProblem[] {
  const problems: CalendarProblem[] = []
  if (!isTimeZone(calendar.timeZone)) problems.push({ path: 'timeZone', message: 'must be a time zone like America/Chicago' })
  calendar.closed.forEach(({ from, to }, index) => {
    if (minutesOf(from) >= minutesOf(to)) problems.push({ path: `closed.${index}.to`, message: 'must be after its beginning; write a night as two windows' })
  })
  calendar.downtimes.forEach(({ from, to }, index) => {
    const lastsMs = Date.parse(to) - Date.parse(from)
    if (lastsMs <= 0) problems.push({ path: `downtimes.${index}.to`, message: 'must be after its beginning' })
    if (lastsMs > downtimeDaysMax * 86_400_000) problems.push({ path: `downtimes.${index}.to`, message: `must be at most ${downtimeDaysMax} days later` })
  })
  if (openMinutesOfWeek(calendar) === 0) problems.push({ path: 'closed', message: 'must leave some time of the week open' })
  return problems
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Windows may overlap: each minute counts once. */
export function openMinutesOfWeek({ closed }: Pick<PayerCalendar, 'closed'>): number {
  let open = 0
  for (let day = 0; day < 7; day += 1) {
    const spans = closed.filter((window) => window.day === day).map(({ from, to }) => [minutesOf(from), minutesOf(to)] as const)
    let upTo = 0
    for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
      open += Math.max(0, from - upTo)
      upTo = Math.max(upTo, to)
    }
    open += Math.max(0, 1440 - upTo)
  }
  return open
}
