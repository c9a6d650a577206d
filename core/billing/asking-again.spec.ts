import { expect } from 'chai'
import fc from 'fast-check'
import { AnswerAges } from '../catalog/answer-ages.ts'
import { isOpen, PayerCalendar } from '../catalog/calendar.ts'
import { afterDoubt, doubtAgainAt, doubtsMax } from './asking-again.ts'

const newYork = 'America/New_York'
const calendar = (over: object = {}): PayerCalendar => PayerCalendar.parse({ timeZone: newYork, ...over })
const about = { requestId: '018f3c00-0000-7000-8000-0000000000b1', recordedAt: new Date('2026-01-02'), clinicTimeZone: newYork, rules: AnswerAges.parse({}) }
const at = new Date('2026-02-02T15:00:00Z')
const minutesAfter = (when: Date | null): number => ((when?.getTime() ?? Number.NaN) - at.getTime()) / 60_000

describe('asking again after a doubt', () => {
  it('waits twice as long after each doubt in a row, and never longer than half a day', () => {
    expect([1, 2, 3, 6, 7, 8, 12, 4_000].map((doubts) => minutesAfter(afterDoubt(doubts, at)))).to.deep.equal([15, 30, 60, 480, 720, 720, 720, 720])
  })

  it('waits for the payer’s next opening, over a night that has an hour more', () => {
    const closed = [{ day: 0, from: '00:00', to: '04:00' }]
    const now = new Date('2026-11-01T04:30:00Z')
    const again = doubtAgainAt(1, { ...about, calendar: calendar({ closed }), serviceDate: '2026-11-05' }, now)
    expect(again?.getTime()).to.be.within(Date.parse('2026-11-01T09:00:00.000Z'), Date.parse('2026-11-01T09:30:00.000Z'))
  })

  it('ends after so many, or days after the visit, so that our team gets it', () => {
    const facts = { ...about, calendar: calendar(), serviceDate: '2026-02-09' }
    expect(minutesAfter(doubtAgainAt(doubtsMax, facts, at))).to.equal(720)
    expect(doubtAgainAt(doubtsMax + 1, facts, at)).to.equal(null)
    expect(doubtAgainAt(1, { ...facts, serviceDate: '2026-01-31' }, at), 'the bill still waits').to.not.equal(null)
    expect(doubtAgainAt(1, { ...facts, serviceDate: '2026-01-28' }, at)).to.equal(null)
  })

  it('never asks a closed payer, nor before the wait is over', () => {
    const hours = fc.integer({ min: 0, max: 22 }).chain((from) => fc.record({ from: fc.constant(from), to: fc.integer({ min: from + 1, max: 24 }) }))
    const wall = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
    const times = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(times, hours, fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: doubtsMax }), (now, { from, to }, day, doubts) => {
        const its = calendar({ closed: [{ day, from: wall(from), to: wall(to) }], usFederalHolidays: true })
        const again = doubtAgainAt(doubts, { ...about, calendar: its, serviceDate: '2028-02-09' }, now)
        expect(again && isOpen(its, again)).to.equal(true)
        expect(again?.getTime()).to.be.at.least(afterDoubt(doubts, now).getTime())
      }),
      { numRuns: 200 },
    )
  })
})
