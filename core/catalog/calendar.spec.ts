import { expect } from 'chai'
import fc from 'fast-check'
import { ackDueAt, addOpenMinutes, answerDueAt, BatchRule, isOpen, nextOpen, PayerCalendar } from './index.ts'
import { instantOf, localTime } from './local-time.ts'

const newYork = 'America/New_York'
const calendar = (over: object = {}): PayerCalendar => PayerCalendar.parse({ timeZone: newYork, ...over })
const rule = BatchRule.parse({})
const iso = (at: Date): string => at.toISOString().replace('.000', '')
const sundayNight = [
  { day: 0, from: '22:00', to: '24:00' },
  { day: 1, from: '00:00', to: '04:00' },
]

describe('when a payer is open', () => {
  const rows: [string, object, string, boolean][] = [
    ['always, where nothing is said', {}, '2026-02-02T15:00:00Z', true],
    ['not inside a window', { closed: [{ day: 1, from: '09:00', to: '11:00' }] }, '2026-02-02T15:00:00Z', false],
    ['from the very end of a window', { closed: [{ day: 1, from: '09:00', to: '10:00' }] }, '2026-02-02T15:00:00Z', true],
    ['not from its very beginning', { closed: [{ day: 1, from: '10:00', to: '11:00' }] }, '2026-02-02T15:00:00Z', false],
    ['on the same hour of another day', { closed: [{ day: 2, from: '09:00', to: '11:00' }] }, '2026-02-02T15:00:00Z', true],
    ['not on a federal holiday, by the payer’s own date', { usFederalHolidays: true }, '2026-07-04T03:59:00Z', false],
    ['nor on the day itself, where another was kept', { usFederalHolidays: true }, '2026-07-04T04:00:00Z', false],
    ['when that date is over there', { usFederalHolidays: true }, '2026-07-05T04:00:00Z', true],
    ['not on a holiday of its own', { holidays: ['2026-02-02'] }, '2026-02-02T15:00:00Z', false],
    ['not in a downtime that was announced', { downtimes: [{ from: '2026-02-02T14:00:00Z', to: '2026-02-02T16:00:00Z' }] }, '2026-02-02T15:00:00Z', false],
  ]
  for (const [what, over, at, expected] of rows) {
    it(what, () => {
      expect(isOpen(calendar(over), new Date(at))).to.equal(expected)
    })
  }

  it('opens again at the end of a window that runs over midnight', () => {
    expect(iso(nextOpen(calendar({ closed: sundayNight }), new Date('2026-02-02T03:30:00Z')))).to.equal('2026-02-02T09:00:00Z')
  })

  it('counts open minutes only', () => {
    const closed = [{ day: 1, from: '10:00', to: '12:00' }]
    expect(iso(addOpenMinutes(calendar({ closed }), new Date('2026-02-02T14:30:00Z'), 60))).to.equal('2026-02-02T17:30:00Z')
    expect(iso(addOpenMinutes(calendar({ closed }), new Date('2026-02-02T15:30:00Z'), 60))).to.equal('2026-02-02T18:00:00Z')
    expect(iso(addOpenMinutes(calendar({ closed: sundayNight }), new Date('2026-02-02T02:30:00Z'), 60))).to.equal('2026-02-02T09:30:00Z')
    expect(iso(addOpenMinutes(calendar(), new Date('2026-02-02T15:00:00Z'), 60))).to.equal('2026-02-02T16:00:00Z')
  })

  it('knows nights with 23 and 25 hours: a window is what the wall clock shows', () => {
    const closed = [{ day: 0, from: '00:00', to: '04:00' }]
    // 8 March 2026: 02:00 to 03:00 is skipped; 1 November: 01:00 to 02:00 comes twice.
    expect(iso(nextOpen(calendar({ closed }), new Date('2026-03-08T05:00:00Z')))).to.equal('2026-03-08T08:00:00Z')
    expect(iso(nextOpen(calendar({ closed }), new Date('2026-11-01T04:00:00Z')))).to.equal('2026-11-01T09:00:00Z')
    const twice = calendar({ closed: [{ day: 0, from: '01:00', to: '01:30' }] })
    expect(isOpen(twice, new Date('2026-11-01T05:10:00Z'))).to.equal(false)
    expect(isOpen(twice, new Date('2026-11-01T06:10:00Z')), 'the same minute, an hour later').to.equal(false)
    expect(iso(addOpenMinutes(calendar(), new Date('2026-03-08T06:30:00Z'), 60))).to.equal('2026-03-08T07:30:00Z')
  })

  it('takes a payer that never opens as open, so that its silence is seen', () => {
    const never = calendar({ closed: [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from: '00:00', to: '24:00' })) })
    const at = new Date('2026-02-02T15:00:00Z')
    expect(iso(nextOpen(never, at))).to.equal(iso(at))
    expect(iso(addOpenMinutes(never, at, 60))).to.equal('2026-02-02T16:00:00Z')
  })

  it('adds at least what was asked, ends in an open minute, and adds in two steps what it adds in one', () => {
    const wall = fc.integer({ min: 0, max: 1440 }).map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
    const window = fc.record({ day: fc.integer({ min: 0, max: 6 }), from: wall, to: wall }).filter(({ from, to }) => from < to)
    const times = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true })
    const minutes = fc.integer({ min: 1, max: 3_000 })
    const zones = fc.constantFrom(newYork, 'America/Denver', 'Europe/Berlin', 'Australia/Lord_Howe')
    fc.assert(
      fc.property(zones, fc.array(window, { maxLength: 3 }), times, minutes, minutes, (timeZone, closed, at, first, then) => {
        const its = calendar({ timeZone, closed, usFederalHolidays: true })
        const end = addOpenMinutes(its, at, first)
        expect(end.getTime() - at.getTime()).to.be.at.least(first * 60_000)
        expect(isOpen(its, new Date(end.getTime() - 1))).to.equal(true)
        expect(addOpenMinutes(its, end, then).getTime()).to.equal(addOpenMinutes(its, at, first + then).getTime())
      }),
      { numRuns: 60 },
    )
  })
})

describe('by when the answers to a batch are due', () => {
  const rows: [string, object, string, string][] = [
    ['Monday afternoon: Tuesday 07:00 Eastern', {}, '2026-02-02T20:00:00Z', '2026-02-03T12:00:00Z'],
    ['Monday 21:00 Eastern is still in time', {}, '2026-02-03T02:00:00Z', '2026-02-03T12:00:00Z'],
    ['a minute later counts for Tuesday', {}, '2026-02-03T02:01:00Z', '2026-02-04T12:00:00Z'],
    ['Friday: Monday', {}, '2026-02-06T20:00:00Z', '2026-02-09T12:00:00Z'],
    ['Saturday counts for Monday: Tuesday', {}, '2026-02-07T20:00:00Z', '2026-02-10T12:00:00Z'],
    ['a holiday is no business day: Thursday before 3 July 2026 gives Monday', { usFederalHolidays: true }, '2026-07-02T20:00:00Z', '2026-07-06T11:00:00Z'],
    ['sent on a holiday counts for the day after', { usFederalHolidays: true }, '2026-11-26T20:00:00Z', '2026-11-30T12:00:00Z'],
    ['over the night that is an hour short', {}, '2026-03-06T20:00:00Z', '2026-03-09T11:00:00Z'],
    ['over the night that has an hour more', {}, '2026-10-30T20:00:00Z', '2026-11-02T12:00:00Z'],
    ['inside a closed window: at its end', { closed: [{ day: 2, from: '06:00', to: '09:30' }] }, '2026-02-02T20:00:00Z', '2026-02-03T14:30:00Z'],
    [
      'inside a downtime: at its end',
      { downtimes: [{ from: '2026-02-03T10:00:00Z', to: '2026-02-03T18:00:00Z' }] },
      '2026-02-02T20:00:00Z',
      '2026-02-03T18:00:00Z',
    ],
  ]
  for (const [what, over, sentAt, expected] of rows) {
    it(what, () => {
      expect(iso(answerDueAt(rule, calendar(over), new Date(sentAt)))).to.equal(expected)
    })
  }

  it('follows a rule of the payer’s own', () => {
    const own = BatchRule.parse({ timeZone: 'America/Los_Angeles', inBy: '17:00', answersBy: '24:00', businessDays: 2 })
    expect(iso(answerDueAt(own, calendar(), new Date('2026-02-02T20:00:00Z')))).to.equal('2026-02-05T08:00:00Z')
  })

  it('wants a 999 within an hour in which the payer is open', () => {
    expect(iso(ackDueAt(rule, calendar(), new Date('2026-02-02T20:00:00Z')))).to.equal('2026-02-02T21:00:00Z')
    expect(iso(ackDueAt(rule, calendar({ closed: sundayNight }), new Date('2026-02-02T03:30:00Z')))).to.equal('2026-02-02T10:00:00Z')
  })

  it('is never before the sending, and never earlier for what was sent later', () => {
    const times = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true })
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 10_000 }), fc.boolean(), (at, minutes, usFederalHolidays) => {
        const its = calendar({ usFederalHolidays, closed: sundayNight })
        const [due, later] = [at, new Date(at.getTime() + minutes * 60_000)].map((sentAt) => answerDueAt(rule, its, sentAt).getTime()) as [number, number]
        expect(due).to.be.greaterThan(at.getTime())
        expect(later).to.be.at.least(due)
      }),
      { numRuns: 200 },
    )
  })
})

describe('wall clocks', () => {
  it('go there and back in every zone, at every hour of two years', () => {
    const times = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true })
    const zones = fc.constantFrom(newYork, 'America/Los_Angeles', 'Pacific/Honolulu', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata')
    fc.assert(
      fc.property(times, zones, (time, zone) => {
        const at = new Date(Math.floor(time.getTime() / 60_000) * 60_000)
        const local = localTime(at, zone)
        expect([instantOf(local, zone, 'first').getTime(), instantOf(local, zone, 'second').getTime()]).to.include(at.getTime())
      }),
      { numRuns: 300 },
    )
  })

  it('put a time that a spring night skips as much later', () => {
    expect(iso(instantOf({ date: '2026-03-08', minutes: 150 }, newYork))).to.equal('2026-03-08T07:30:00Z')
  })
})
