import { expect } from 'chai'
import { PayerCalendar } from './calendar.ts'
import { calendarProblems, openMinutesOfWeek } from './calendar-problems.ts'

const calendar = (of: object = {}): PayerCalendar => PayerCalendar.parse({ timeZone: 'America/Chicago', ...of })
const paths = (of: object): string[] => calendarProblems(calendar(of)).map(({ path }) => path)
const everyDay = (from: string, to: string) => [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from, to }))

describe('a calendar that somebody typed', () => {
  it('is right as it stands in the catalogue', () => {
    expect(paths({ closed: [{ day: 0, from: '00:00', to: '24:00' }], usFederalHolidays: true, holidays: ['2026-11-27'] })).to.deep.equal([])
  })

  it('names the row that ends before it begins', () => {
    expect(paths({ closed: [...everyDay('02:00', '03:00'), { day: 6, from: '22:00', to: '06:00' }] })).to.deep.equal(['closed.7.to'])
    expect(paths({ downtimes: [{ from: '2026-03-02T10:00:00Z', to: '2026-03-02T10:00:00Z' }] })).to.deep.equal(['downtimes.0.to'])
    expect(paths({ downtimes: [{ from: '2026-03-02T10:00:00Z', to: '2027-03-02T10:00:00Z' }] })).to.deep.equal(['downtimes.0.to'])
  })

  it('knows no zone that is not one', () => {
    expect(paths({ timeZone: 'America/Lakeside' })).to.deep.equal(['timeZone'])
  })

  it('is never closed all week: every question would wait for ever', () => {
    expect(paths({ closed: everyDay('00:00', '24:00') })).to.deep.equal(['closed'])
    expect(paths({ closed: [...everyDay('00:00', '13:00'), ...everyDay('12:00', '24:00')] })).to.deep.equal(['closed'])
    expect(paths({ closed: [...everyDay('00:00', '12:00'), ...everyDay('12:01', '24:00')] })).to.deep.equal([])
  })

  it('counts a minute that two windows close once', () => {
    expect(
      openMinutesOfWeek(
        calendar({
          closed: [
            { day: 1, from: '08:00', to: '10:00' },
            { day: 1, from: '09:00', to: '11:00' },
          ],
        }),
      ),
    ).to.equal(7 * 1440 - 180)
  })
})
