/**
 * US federal holidays (5 U.S.C. 6103) by rule, with the day on which they are observed: a holiday on a Saturday is observed on the
 * Friday before, on a Sunday on the Monday after. Inauguration Day is left out: it is one around Washington only.
 * Years before Juneteenth (2021) have ten.
 */
interface Holiday {
  /** CCYY-MM-DD */
  day: string
  name: string
  observed: boolean
}

type Rule = { name: string; since?: number } & ({ month: number; date: number } | { month: number; weekday: number; nth: number })
const monday = 1
const thursday = 4
/** `nth` -1: the last of the month. */
const rules: readonly Rule[] = [
  { name: "New Year's Day", month: 1, date: 1 },
  { name: 'Birthday of Martin Luther King, Jr.', month: 1, weekday: monday, nth: 3, since: 1986 },
  { name: "Washington's Birthday", month: 2, weekday: monday, nth: 3 },
  { name: 'Memorial Day', month: 5, weekday: monday, nth: -1 },
  { name: 'Juneteenth', month: 6, date: 19, since: 2021 },
  { name: 'Independence Day', month: 7, date: 4 },
  { name: 'Labor Day', month: 9, weekday: monday, nth: 1 },
  { name: 'Columbus Day', month: 10, weekday: monday, nth: 2 },
  { name: 'Veterans Day', month: 11, date: 11 },
  { name: 'Thanksgiving Day', month: 11, weekday: thursday, nth: 4 },
  { name: 'Christmas Day', month: 12, date: 25 },
]

const dayMs = 86_400_000
const iso = (time: number): string => new Date(time).toISOString().slice(0, 10)

function dayOf(rule: Rule, year: number): number {
  if ('date' in rule) return Date.UTC(year, rule.month - 1, rule.date)
  if (rule.nth > 0) {
    const first = Date.UTC(year, rule.month - 1, 1)
    return first + ((rule.weekday - new Date(first).getUTCDay() + 7) % 7) * dayMs + (rule.nth - 1) * 7 * dayMs
  }
  const last = Date.UTC(year, rule.month, 0)
  return last - ((new Date(last).getUTCDay() - rule.weekday + 7) % 7) * dayMs
}

/** The holidays that belong to this year, in order; New Year's Day on a Saturday is observed in the year before. */
export function federalHolidays(year: number): Holiday[] {
  return rules
    .filter((rule) => year >= (rule.since ?? 0))
    .flatMap((rule) => {
      const time = dayOf(rule, year)
      const shift = { 6: -1, 0: 1 }[new Date(time).getUTCDay()]
      const holiday: Holiday[] = [{ day: iso(time), name: rule.name, observed: false }]
      if (shift !== undefined) holiday.push({ day: iso(time + shift * dayMs), name: rule.name, observed: true })
      return holiday
    })
}

const yearsMax = 50
const years = new Map<number, ReadonlyMap<string, Holiday>>()
/** Counted once a year: every inquiry asks. The first holiday of a day is the one that counts. */
function keptIn(year: number): ReadonlyMap<string, Holiday> {
  const known = years.get(year)
  if (known) return known
  if (years.size >= yearsMax) years.clear()
  const days = new Map([...federalHolidays(year), ...federalHolidays(year + 1)].reverse().map((holiday) => [holiday.day, holiday]))
  years.set(year, days)
  return days
}

/** Whether that day (CCYY-MM-DD) is a holiday or the day on which one is observed. */
export const federalHolidayOn = (day: string): Holiday | undefined => keptIn(Number(day.slice(0, 4))).get(day)
