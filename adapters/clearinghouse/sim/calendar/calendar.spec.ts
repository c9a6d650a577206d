import { expect } from 'chai'
import { inWindow, type LocalTime, localTime, weekdayOf } from './local-time.ts'
import { momentAt, nextOpen, type PayerCalendar } from './payer-calendar.ts'
import { federalHolidayOn, federalHolidays } from './us-federal.ts'

describe('US federal holidays', () => {
  const days = (year: number, observed: boolean) =>
    federalHolidays(year)
      .filter((holiday) => holiday.observed === observed)
      .map(({ day }) => day)

  // The dates that the Office of Personnel Management published.
  it('fall where the government said, by weekday rule and by date', () => {
    expect(days(2026, false)).to.deep.equal(
      '2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-04 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25'.split(' '),
    )
    expect(days(2024, false)).to.deep.equal(
      '2024-01-01 2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-10-14 2024-11-11 2024-11-28 2024-12-25'.split(' '),
    )
  })
  it('are observed on Friday for a Saturday and on Monday for a Sunday', () => {
    expect(days(2026, true)).to.deep.equal(['2026-07-03'])
    expect(days(2021, true)).to.deep.equal(['2021-06-18', '2021-07-05', '2021-12-24'])
    expect(days(2023, true)).to.deep.equal(['2023-01-02', '2023-11-10'])
  })
  it('may be observed in the year before: 1 January 2022 was a Saturday', () => {
    expect(federalHolidayOn('2021-12-31')).to.deep.equal({ day: '2021-12-31', name: "New Year's Day", observed: true })
    expect(federalHolidayOn('2022-01-01')).to.include({ observed: false })
  })
  it('know Juneteenth since 2021 only, and no ordinary day', () => {
    expect(federalHolidayOn('2020-06-19')).to.equal(undefined)
    expect(federalHolidayOn('2026-11-27')).to.equal(undefined)
  })
})

describe("A payer's local time", () => {
  it('is of its zone, on both sides of the change of clocks', () => {
    expect(localTime(new Date('2026-11-01T05:30:00Z'), 'America/New_York')).to.deep.equal({ day: '2026-11-01', weekday: 'SUN', minute: 90 })
    expect(localTime(new Date('2026-11-01T06:30:00Z'), 'America/New_York')).to.include({ minute: 90 })
    expect(localTime(new Date('2026-11-02T04:59:00Z'), 'America/New_York')).to.include({ day: '2026-11-01', minute: 1439 })
  })
  it('keeps a window that passes midnight with the day of its beginning', () => {
    const window = { days: ['SAT'] as const, from: '22:00', to: '04:00' }
    const at = (day: string, minute: number): LocalTime => ({ day, weekday: weekdayOf(day), minute })
    expect(
      [at('2026-11-21', 22 * 60), at('2026-11-22', 239), at('2026-11-22', 240), at('2026-11-22', 22 * 60), at('2026-11-21', 60)].map((t) =>
        inWindow(t, window),
      ),
    ).to.deep.equal([true, true, false, false, false])
  })
})

describe("A payer's calendar", () => {
  const calendar: PayerCalendar = {
    timeZone: 'America/New_York',
    holidays: 'us-federal',
    alsoHolidays: ['2026-11-27'],
    closedOnHolidays: true,
    maintenance: [{ days: ['SAT'], from: '00:00', to: '06:00' }],
  }
  it('goes by its own date: Thanksgiving begins at 05:00 UTC in New York', () => {
    expect(momentAt(calendar, new Date('2026-11-26T04:59:00Z'))).to.include({ holiday: false, closed: false })
    expect(momentAt(calendar, new Date('2026-11-26T05:00:00Z'))).to.include({ holiday: true, closed: true })
  })
  it('opens after the holiday, its own holiday and the window behind them', () => {
    expect(nextOpen(calendar, new Date('2026-11-26T15:00:20Z')).toISOString()).to.equal('2026-11-28T11:00:00.000Z')
  })
  it('is open at once when it is open', () => {
    const noon = new Date('2026-11-25T17:00:00Z')
    expect(nextOpen(calendar, noon)).to.equal(noon)
  })
})
