import { expect } from 'chai'
import { after, scoreOf, seen } from './testing/seen.ts'

/** 700 to 1300 ms. */
const usual = (count: number) => after(Array.from({ length: count }, (_, index) => seen({}, 700 + ((index * 37) % 61) * 10))).health
const fast = (ms: number | null, health = usual(40)): number => scoreOf('fast-answer', seen({}, ms), health)

describe('fast-answer', () => {
  it('says nothing of the payer’s usual, of slower ones, and of somewhat faster ones', () => {
    for (const ms of [600, 950, 1_400, 60_000]) expect(fast(ms), String(ms)).to.equal(0)
  })
  it('grows with how far under the usual it is, and is never enough alone', () => {
    const scores = [300, 200, 120, 60, 5].map((ms) => fast(ms))
    expect(scores).to.deep.equal([...scores].sort((a, b) => a - b))
    expect(scores.at(-1)).to.be.within(0.3, 0.99)
  })
  it('is moved by no single slow answer', () => {
    const { health } = after([seen({}, 55_000), seen({}, 58_000)], { from: usual(40) })
    expect(fast(600, health)).to.equal(0)
  })
  it('says nothing while few are known, where nobody waited, and of a no', () => {
    expect(fast(5, usual(5))).to.equal(0)
    expect(fast(null)).to.equal(0)
    expect(scoreOf('fast-answer', seen({ says: 'no' }, 5), usual(40))).to.equal(0)
  })
})
