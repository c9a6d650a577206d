import { expect } from 'chai'
import { PayerCalendar } from '../../catalog/calendar.ts'
import { no, scoreOf, seen, yes } from './testing/seen.ts'

const of = {
  calendar: PayerCalendar.parse({
    timeZone: 'America/Chicago',
    closed: [{ day: 0, from: '00:00', to: '06:00' }],
    usFederalHolidays: true,
    downtimes: [{ from: '2026-03-03T10:00:00Z', to: '2026-03-03T12:00:00Z' }],
  }),
}
const at = (iso: string, one = yes()): number => scoreOf('closed-calendar', one, undefined, new Date(iso), of)

describe('closed-calendar', () => {
  it('says nothing of a payer that is open, nor of one whose hours nobody told', () => {
    expect(at('2026-03-02T17:00:00Z')).to.equal(0)
    expect(scoreOf('closed-calendar', yes(), undefined, new Date('2026-12-25T17:00:00Z'))).to.equal(0)
  })
  it('is enough alone in a weekly window, on a holiday and in a downtime, for a yes and for a no', () => {
    for (const iso of ['2026-03-01T08:00:00Z', '2026-11-26T18:00:00Z', '2026-03-03T11:00:00Z'])
      for (const one of [yes(), no(), seen({ says: 'neither' })]) expect(at(iso, one), iso).to.equal(1)
  })
  it('goes by the payer’s own clock on the nights in which clocks change', () => {
    // 8 March: 02:00 becomes 03:00; 06:00 is 11:00 UTC from then on.
    expect([at('2026-03-08T10:59:00Z'), at('2026-03-08T11:00:00Z')]).to.deep.equal([1, 0])
    // 1 November: 01:00 to 02:00 comes twice; 06:00 is 12:00 UTC.
    expect([at('2026-11-01T11:59:00Z'), at('2026-11-01T12:00:00Z')]).to.deep.equal([1, 0])
  })
  it('lets a file come in a weekly window, since it may have been made before, and not on a holiday or in a downtime', () => {
    const file = seen({}, null)
    expect([at('2026-03-01T08:00:00Z', file), at('2026-11-26T18:00:00Z', file), at('2026-03-03T11:00:00Z', file)]).to.deep.equal([0, 1, 1])
  })
})
