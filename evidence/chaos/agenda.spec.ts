import { expect } from 'chai'
import { Agenda } from './agenda.ts'

/** Plays all; `comes` says at which run, and at which try of it, somebody comes to the barrier. */
function played(runs: readonly string[], comes: (run: string, nth: number) => boolean, stopAfter = Number.POSITIVE_INFINITY) {
  const agenda = new Agenda(runs)
  const made: string[] = []
  const left: number[] = []
  for (let run = agenda.next(); run !== undefined; run = agenda.next()) {
    made.push(run)
    if (!comes(run, made.filter((one) => one === run).length)) agenda.missed(run)
    left.push(agenda.left)
    if (made.length === stopAfter) break
  }
  return { made, left, notMet: agenda.notMet() }
}

describe('the agenda of a lane', () => {
  it('makes each run once, in its order, where somebody came to each', () => {
    expect(played(['a', 'b', 'c'], () => true)).to.deep.equal({ made: ['a', 'b', 'c'], left: [2, 1, 0], notMet: [] })
  })

  it('makes a run at which nobody came once more, after all others; then it is met', () => {
    const { made, notMet } = played(['a', 'b', 'c', 'd'], (run, nth) => nth === 2 || run === 'c' || run === 'd')
    expect(made).to.deep.equal(['a', 'b', 'c', 'd', 'a', 'b'])
    expect(notMet).to.deep.equal([])
  })

  it('gives one up after the second time, and counts it once', () => {
    const { made, left, notMet } = played(['a', 'b', 'c'], (run) => run !== 'a')
    expect(made).to.deep.equal(['a', 'b', 'c', 'a'])
    expect(left).to.deep.equal([3, 2, 1, 0])
    expect(notMet).to.deep.equal(['a'])
  })

  it('tries the last one again too, and each of two that look the same', () => {
    expect(played(['a', 'b'], (run) => run !== 'b').made).to.deep.equal(['a', 'b', 'b'])
    const twins = played(['a', 'a'], () => false)
    expect(twins.made).to.have.length(4)
    expect(twins.notMet).to.deep.equal(['a', 'a'])
  })

  it('calls those not met that were never tried again, where a lane stops early', () => {
    expect(played(['a', 'b', 'c'], (run) => run !== 'a', 2)).to.deep.equal({ made: ['a', 'b'], left: [3, 2], notMet: ['a'] })
  })
})
