import { expect } from 'chai'
import fc from 'fast-check'
import { AnswerAges } from '../catalog/answer-ages.ts'
import { isOpen, PayerCalendar } from '../catalog/calendar.ts'
import { localTime } from '../catalog/local-time.ts'
import { type AskedAgain, expiresAt, nextAskAt, staleAt } from './ageing.ts'

const rules = AnswerAges.parse({})
const calendar = (over: object = {}): PayerCalendar => PayerCalendar.parse({ timeZone: 'America/New_York', ...over })
const about = (over: Partial<AskedAgain> = {}): AskedAgain => ({
  requestId: '7d0c2a8e-52f6-4c39-9a41-6b3df1a0c5e2',
  recordedAt: new Date('2026-03-03T15:00:00Z'),
  serviceDate: '2026-03-20',
  suspicious: false,
  calendar: calendar(),
  clinicTimeZone: 'America/New_York',
  rules,
  ...over,
})
const next = (over: Partial<AskedAgain> = {}, now = about(over).recordedAt): string | null =>
  nextAskAt(about(over), now)?.toISOString().replace('.000', '') ?? null

describe('How long an answer holds', () => {
  const at = new Date('2026-03-03T15:00:00Z')
  it('is counted in days from the moment it was given', () => {
    const days = (until: Date): number => (until.getTime() - at.getTime()) / 86_400_000
    expect([days(staleAt(at, rules)), days(expiresAt(at, rules))]).to.deep.equal([rules.freshDays, rules.expireDays])
  })
})

describe('When an answer is asked for again', () => {
  it('is in the morning of so many days before the visit', () => expect(next()).to.equal('2026-03-18T10:00:00Z'))
  it('is at the turn of a month before that', () => expect(next({ serviceDate: '2026-05-20' })).to.equal('2026-04-01T10:00:00Z'))
  it('is at each turn, and then before the visit', () => {
    const asked: string[] = []
    let recordedAt = new Date('2026-03-03T15:00:00Z')
    for (
      let at = nextAskAt(about({ recordedAt, serviceDate: '2026-05-20' }), recordedAt);
      at;
      at = nextAskAt(about({ recordedAt, serviceDate: '2026-05-20' }), recordedAt)
    ) {
      asked.push(at.toISOString().slice(0, 10))
      recordedAt = new Date(at.getTime() + 60_000)
    }
    expect(asked).to.deep.equal(['2026-04-01', '2026-05-01', '2026-05-18'])
  })
  it('is on the day itself where the visit is on the first of a month', () =>
    expect(next({ serviceDate: '2026-04-01', recordedAt: new Date('2026-03-30T15:00:00Z') })).to.equal('2026-04-01T10:00:00Z'))
  it('is never, once the answer is from that day or later, or after the visit', () => {
    expect(next({ recordedAt: new Date('2026-03-18T15:00:00Z') })).to.equal(null)
    expect(next({}, new Date('2026-03-21T04:00:00Z'))).to.equal(null)
  })
  it('is at once where that moment has passed, and the visit has not', () =>
    expect(next({}, new Date('2026-03-19T20:00:00Z'))).to.equal('2026-03-19T20:00:00Z'))
  it('is only at the turn of a month where the clinic wants nothing before a visit', () => {
    const never = AnswerAges.parse({ askAgainDaysBefore: 0 })
    expect(next({ rules: never })).to.equal(null)
    expect(next({ rules: never, serviceDate: '2026-04-20' })).to.equal('2026-04-01T10:00:00Z')
  })
  it('waits for the payer’s opening, and not for one after the visit', () => {
    const closed = calendar({ holidays: ['2026-03-18'] })
    expect(next({ calendar: closed })?.slice(0, 14)).to.equal('2026-03-19T04:')
    expect(next({ calendar: calendar({ holidays: ['2026-03-18', '2026-03-19', '2026-03-20'] }) })).to.equal(null)
  })
  it('of a suspicious one is at once where the payer is open, and else within half an hour after its opening', () => {
    const now = new Date('2026-11-26T18:00:00Z')
    expect(next({ suspicious: true }, now)).to.equal('2026-11-26T18:00:00Z')
    const at = nextAskAt(about({ suspicious: true, calendar: calendar({ usFederalHolidays: true }) }), now)
    expect(at?.getTime()).to.be.within(Date.parse('2026-11-27T05:00:00Z'), Date.parse('2026-11-27T05:30:00Z'))
  })
  it('of a suspicious one is also after the visit: somebody pays for it', () =>
    expect(next({ suspicious: true }, new Date('2026-03-22T15:00:00Z'))).to.equal('2026-03-22T15:00:00Z'))
  it('is spread out by request', () => {
    const holiday = calendar({ usFederalHolidays: true })
    const moments = Array.from({ length: 50 }, (_, index) =>
      nextAskAt(about({ requestId: `request ${index}`, suspicious: true, calendar: holiday }), new Date('2026-11-26T18:00:00Z'))?.getTime(),
    )
    expect(new Set(moments).size).to.be.greaterThan(45)
  })
  it('is never in the past, never closed, never after the visit, in any zone and on any night', () => {
    const zones = ['America/New_York', 'America/Los_Angeles', 'Pacific/Auckland', 'America/St_Johns', 'UTC']
    const moment = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-01T00:00:00Z'), noInvalidDate: true })
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 0, max: 90 }),
        fc.constantFrom(...zones),
        fc.constantFrom(...zones),
        fc.boolean(),
        (recordedAt, ahead, waited, timeZone, clinicTimeZone, suspicious) => {
          const its = calendar({
            timeZone,
            usFederalHolidays: true,
            closed: [
              { day: 0, from: '01:00', to: '07:00' },
              { day: 6, from: '22:00', to: '24:00' },
            ],
          })
          const serviceDate = new Date(recordedAt.getTime() + ahead * 86_400_000).toISOString().slice(0, 10)
          const now = new Date(recordedAt.getTime() + waited * 86_400_000)
          const at = nextAskAt(about({ recordedAt, serviceDate, suspicious, calendar: its, clinicTimeZone }), now)
          if (suspicious) expect(at).not.to.equal(null)
          if (!at) return
          expect(at.getTime()).to.be.at.least(now.getTime())
          expect(isOpen(its, at)).to.equal(true)
          if (!suspicious) expect(localTime(at, clinicTimeZone).date <= serviceDate).to.equal(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})
