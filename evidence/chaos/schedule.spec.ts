import { expect } from 'chai'
import { barriers } from '../../core/kit/barriers.ts'
import { parseBarrier } from '../../hub/barrier/index.ts'
import { barriersOf, fullRuns, pairName, pairs, processes, scheduleOf, timesMin } from './schedule.ts'

const counted = (runs: number, seed = 1): Map<string, number> => {
  const times = new Map<string, number>()
  for (const run of scheduleOf({ runs, seed })) times.set(pairName(run), (times.get(pairName(run)) ?? 0) + 1)
  return times
}

describe('the schedule of the crash matrix', () => {
  it('knows every barrier of the hub and every process, each pair once', () => {
    expect(Object.values(barriersOf).flat().sort()).to.deep.equal([...barriers].sort())
    expect(new Set(pairs.map(pairName))).to.have.property('size', barriers.length * processes.length)
  })

  it('meets every pair three times in five hundred runs, and the broker no more often than that', () => {
    for (const seed of [1, 2, 2 ** 31 - 1]) {
      const times = counted(fullRuns, seed)
      for (const pair of pairs) {
        const seen = times.get(pairName(pair)) ?? 0
        if (pair.victim === 'broker') expect(seen, pairName(pair)).to.equal(timesMin)
        else expect(seen, pairName(pair)).to.be.at.least(timesMin)
      }
    }
  })

  it('takes no pair twice before each was there once', () => {
    expect([...counted(60).values()].filter((times) => times > 1)).to.deep.equal([])
    expect(counted(pairs.length).size).to.equal(pairs.length)
  })

  it('is the same for the same seed, and another for another; fewer runs are its beginning', () => {
    const runs = scheduleOf({ runs: 200, seed: 7 })
    expect(scheduleOf({ runs: 200, seed: 7 })).to.deep.equal(runs)
    expect(scheduleOf({ runs: 200, seed: 8 })).to.not.deep.equal(runs)
    for (const n of [60, 500]) expect(scheduleOf({ runs: n, seed: 7 }).slice(0, 60)).to.deep.equal(runs.slice(0, 60))
  })

  it('arms what the hub can read, so that whoever comes stands still', () => {
    for (const run of scheduleOf({ runs: 500, seed: 3 })) expect(parseBarrier(run.armed), run.armed).to.include({ at: run.barrier, how: 'pause' })
  })

  it('kills the partner that is asked where one is asked, and the one with files where files are fetched', () => {
    const struck = scheduleOf({ runs: 500, seed: 3 }).filter(({ victim }) => victim === 'partner')
    for (const { armed, partner } of struck) {
      if (/^(ledger|partner)-.*@payment/.test(armed)) expect(partner, armed).to.equal('stripe')
      if (/^(ledger|partner)-.*@eligibility|^receive-/.test(armed)) expect(partner, armed).to.equal('clearinghouse')
    }
    expect(new Set(struck.map(({ partner }) => partner))).to.have.property('size', 3)
    expect(new Set(struck.map(({ goesOnAlone }) => goesOnAlone))).to.have.property('size', 2)
  })
})
