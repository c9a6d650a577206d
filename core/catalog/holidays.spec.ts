import { expect } from 'chai'
import { federalHolidays } from '../../adapters/clearinghouse/sim/calendar/us-federal.ts'
import { usFederalHolidays } from './index.ts'

describe('US federal holidays', () => {
  it('are those of the law, with the days on which they are kept', () => {
    expect(usFederalHolidays(2026)).to.deep.equal([
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-05-25',
      '2026-06-19',
      '2026-07-03',
      '2026-07-04',
      '2026-09-07',
      '2026-10-12',
      '2026-11-11',
      '2026-11-26',
      '2026-12-25',
    ])
  })
  it('are kept on a weekday of another month or year where they must', () => {
    expect(usFederalHolidays(2027)).to.include.members(['2027-06-18', '2027-06-19', '2027-07-05', '2027-12-24', '2027-12-31'])
    expect(usFederalHolidays(2028)).to.include.members(['2028-01-01', '2028-11-10', '2028-11-11'])
  })
  it('are the same days for the library and for the simulator, which counts them by itself', () => {
    for (let year = 2022; year <= 2060; year += 1) {
      // What the simulator says of a year and of the next: New Year's Day may be kept in the year before.
      const theirs = [...federalHolidays(year), ...federalHolidays(year + 1)].map(({ day }) => day).filter((day) => day.startsWith(String(year)))
      expect(usFederalHolidays(year), String(year)).to.deep.equal([...new Set(theirs)].sort())
    }
  })
  it('are found out once a year', () => {
    expect(usFederalHolidays(2031)).to.equal(usFederalHolidays(2031))
  })
})
