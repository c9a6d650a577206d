import { expect } from 'chai'
import fc from 'fast-check'
import { onlyAnswer, transactionsIn } from '../fixtures/found.ts'
import { answer, rows } from '../fixtures/response.ts'
import { verdictsOf } from './verdict.ts'
import { daysOf } from './verdict-days.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)
const days = (...texts: string[]) => daysOf(onlyAnswer(answer(rows(...texts))).facts)

describe('On which days an answer says what', () => {
  it('all days, where no date is told', () => expect(days('EB*6**30')).to.deep.equal([{ from: null, to: null, verdict: 'inactive', rule: 'plan-inactive' }]))
  it('three spans, for a plan that begins and ends', () => {
    expect(days('DTP*291*RD8*20260101-20261231', 'EB*1**30').map(({ from, to, verdict }) => [from, to, verdict])).to.deep.equal([
      [null, '2025-12-31', 'unknown'],
      ['2026-01-01', '2026-12-31', 'active'],
      ['2027-01-01', null, 'unknown'],
    ])
  })
  it('none, for an answer that says nothing', () => expect(daysOf(null)).to.deep.equal([]))
  it('none, where it changes more often than any plan', () => {
    const many = Array.from({ length: 12 }, (_, i) => ['EB*1**30', `DTP*292*RD8*20${10 + i}0101-20${10 + i}0201`]).flat()
    expect(days(...many)).to.deep.equal([])
  })
  const day = fc.date({ min: new Date('2025-11-01'), max: new Date('2027-03-01'), noInvalidDate: true }).map((d) => d.toISOString().slice(0, 10))
  const plain = (iso: string) => iso.replaceAll('-', '')
  const dtp = fc.tuple(fc.constantFrom('291', '346', '347', '348', '349'), day, day).map(([code, a, b]) => {
    const [from = '', to = ''] = [a, b].sort()
    return code === '291' ? `DTP*291*RD8*${plain(from)}-${plain(to)}` : `DTP*${code}*D8*${plain(a)}`
  })
  const eb = fc.tuple(fc.constantFrom('EB*1**30', 'EB*6**30', 'EB*1**48'), fc.array(dtp, { maxLength: 2 })).map(([one, dates]) => [one, ...dates])
  it(`is what the verdict of each single day is, without a gap (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.array(dtp, { maxLength: 2 }), fc.array(eb, { maxLength: 3 }), fc.array(day, { minLength: 20, maxLength: 20 }), (above, ebs, asked) => {
        const text = answer(rows(...above, ...ebs.flat()))
        const spans = daysOf(onlyAnswer(text).facts)
        expect([spans[0]?.from, spans.at(-1)?.to]).to.deep.equal([null, null])
        const [transaction] = transactionsIn(text)
        for (const one of asked) {
          const holding = spans.filter(({ from, to }) => (from === null || from <= one) && (to === null || one <= to))
          const [verdict] = transaction ? verdictsOf(transaction, one) : []
          expect(holding.map(({ verdict: said, rule }) => [said, rule])).to.deep.equal([[verdict?.verdict, verdict?.basis.rule]])
        }
      }),
      { seed, numRuns: 300 },
    )
  })
})
