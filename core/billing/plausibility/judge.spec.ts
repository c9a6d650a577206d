import { expect } from 'chai'
import fc from 'fast-check'
import { echoMismatches } from '../../kit/index.ts'
import { suspicions } from '../model.ts'
import { learnCanary } from './canary.ts'
import { emptyHealth, PayerHealth } from './health.ts'
import { judge, scoresOf } from './judge.ts'
import { learn } from './learn.ts'
import { fitted } from './numbers.ts'
import type { Seen } from './seen.ts'
import { after, known, later, noon, payer, seen, yes } from './testing/seen.ts'

const anySeen: fc.Arbitrary<Seen> = fc.record({
  latencyMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
  signs: fc.record({
    says: fc.constantFrom('yes', 'no', 'neither'),
    empty: fc.boolean(),
    testMarked: fc.boolean(),
    echo: fc.subarray([...echoMismatches]),
    hasDates: fc.boolean(),
    hasPlan: fc.boolean(),
    body: fc.option(fc.stringMatching(/^[0-9a-f]{64}$/)),
    subject: fc.option(fc.stringMatching(/^[0-9a-f]{64}$/)),
    canary: fc.option(fc.constantFrom('active', 'inactive'), { nil: undefined, freq: 20 }),
  }),
})

describe('The judgement of an answer', () => {
  it('believes an ordinary answer', () => expect(judge(yes(), known(), payer, noon)).to.deep.equal([]))
  it('adds up: two weak reasons may be enough where none is alone, and both are named, the stronger first', () => {
    const twice = seen({ body: 'the-same', subject: 'cccccccc' }, 2)
    const { health } = after([seen({ body: 'the-same', subject: 'aaaaaaaa' })], { from: known() })
    const scores = scoresOf(twice, health, payer, later(60))
    expect([scores['same-body'] < 1, scores['fast-answer'] < 1]).to.deep.equal([true, true])
    expect(judge(twice, health, payer, later(60))).to.deep.equal(['fast-answer', 'same-body'])
    expect(judge({ ...twice, latencyMs: 800 }, health, payer, later(60))).to.deep.equal([])
  })
  it('is the same for the same answer, names only its own rules, each once, and learns within its bounds', () => {
    fc.assert(
      fc.property(fc.array(anySeen, { maxLength: 40 }), (answers) => {
        let health = emptyHealth
        answers.forEach((one, index) => {
          const now = later(index * 977)
          const said = judge(one, health, payer, now)
          expect(judge(one, health, payer, now)).to.deep.equal(said)
          expect(new Set(said).size).to.equal(said.length)
          expect(suspicions).to.include.members(said)
          for (const score of Object.values(scoresOf(one, health, payer, now))) expect(score).to.be.within(0, 1)
          health = learn(one, said, health, payer, now)
        })
        expect(PayerHealth.parse(JSON.parse(JSON.stringify(health)))).to.deep.equal(health)
      }),
      { numRuns: 60 },
    )
  })
  it('never learns a suspicious answer as usual', () => {
    const health = known()
    const lie = seen({ testMarked: true }, 3)
    const { latencies, weeks, days, run } = learn(lie, judge(lie, health, payer, noon), health, payer, noon)
    expect({ latencies, weeks, days, run }).to.deep.equal({ latencies: health.latencies, weeks: health.weeks, days: health.days, run: health.run })
  })
  it('keeps a payer’s health small after years of answers', () => {
    const { health } = after(
      Array.from({ length: 4_000 }, (_, index) => (index % 4 ? yes() : seen({ says: 'no' }))),
      { everyMinutes: 180 },
    )
    const doubted = learnCanary('inactive', 'active', learnCanary('active', 'rejected', health, noon), noon)
    expect(Buffer.byteLength(JSON.stringify(doubted))).to.be.below(20_000)
    expect(PayerHealth.safeParse(doubted).success).to.equal(true)
  })
  it('goes by numbers that are data', () => {
    for (const [name, value] of Object.entries(fitted)) expect(value, name).to.be.greaterThan(0)
    expect(judge(seen({ echo: ['payer'] }), known(), payer, noon, { ...fitted, payerEcho: 1 })).to.deep.equal(['echo-mismatch'])
  })
})
