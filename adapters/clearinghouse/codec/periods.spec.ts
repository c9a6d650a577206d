import { expect } from 'chai'
import fc from 'fast-check'
import { covers, decides, isoDate, readSpan, type Span } from './periods.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)

describe('A date of an answer', () => {
  it(`is what the calendar says, for any eight digits (seed ${seed})`, () => {
    const digits = fc.oneof(
      fc.nat(99_999_999).map((n) => String(n).padStart(8, '0')),
      fc.tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 })).map(([y, m, d]) => {
        return String(y).padStart(4, '0') + String(m).padStart(2, '0') + String(d).padStart(2, '0')
      }),
    )
    fc.assert(
      fc.property(digits, (text) => {
        const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
        const day = new Date(`${iso}T00:00:00Z`)
        const exists = !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === iso && text >= '0001'
        expect(isoDate(text)).to.equal(exists ? iso : undefined)
      }),
      { seed, numRuns: 5_000 },
    )
  })
  it('knows leap years', () => {
    expect(['20240229', '20230229', '20000229', '21000229'].map(isoDate)).to.deep.equal(['2024-02-29', undefined, '2000-02-29', undefined])
  })
  it('is none in any other form', () => {
    for (const text of ['', '2026', '2026-1-1', '202612011', '2026120', ' 0261201', '2026120a', '٢٠٢٦١٢٠١']) expect(isoDate(text), text).to.equal(undefined)
  })
})

describe('A period', () => {
  const cases: [title: string, dtp: [string, string, string], expected: [string | null, string | null] | undefined][] = [
    ['D8 of a begin', ['346', 'D8', '20260101'], ['2026-01-01', null]],
    ['D8 of an end', ['347', 'D8', '20261231'], [null, '2026-12-31']],
    ['D8 of a plan', ['291', 'D8', '20260101'], ['2026-01-01', null]],
    ['a death ends', ['442', 'D8', '20260101'], [null, '2026-01-01']],
    ['RD8', ['291', 'RD8', '20260101-20261231'], ['2026-01-01', '2026-12-31']],
    ['RD8 without an end', ['307', 'RD8', '20260101-99991231'], ['2026-01-01', null]],
    ['an end that never comes', ['347', 'D8', '99991231'], [null, null]],
    ['RD8 with half a date', ['291', 'RD8', '20260101'], undefined],
    ['RD8 with another dash', ['291', 'RD8', '20260101/20261231'], undefined],
    ['a time', ['346', 'TM', '0900'], undefined],
    ['no day of the calendar', ['347', 'D8', '20261301'], undefined],
    ['nothing', ['347', 'D8', ''], undefined],
  ]
  for (const [title, [qualifier, format, value], expected] of cases)
    it(`reads ${title}`, () => {
      const span = readSpan(qualifier, format, value)
      expect(span && [span.from, span.to]).to.deep.equal(expected)
    })
  it('decides for plan, benefit, eligibility, COBRA, policy and death, and for nothing else', () => {
    const deciding = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0')).filter(decides)
    expect(deciding.join(' ')).to.equal('291 292 307 340 341 346 347 348 349 356 357 442 539 540')
  })
  it('holds its first and its last day, and narrows another', () => {
    const span = (from: string | null, to: string | null): Span => ({ qualifier: '', from, to })
    const year = span('2026-01-01', '2026-12-31')
    expect(['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'].map((day) => covers([year], day))).to.deep.equal([false, true, true, false])
    expect(covers([year, span(null, '2026-06-30')], '2026-07-01')).to.equal(false)
    expect(covers([], '2026-07-01')).to.equal(true)
  })
  it('holds no day that is not known', () => {
    expect(covers([{ qualifier: '', from: null, to: null }], undefined)).to.equal(false)
    expect(covers([], undefined)).to.equal(true)
  })
})
