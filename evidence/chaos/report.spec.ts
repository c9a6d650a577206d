import { expect } from 'chai'
import type { Matrix, Ran } from './matrix.ts'
import { isFull, lastLine, reportOf, shortcomings } from './report.ts'
import { pairs, scheduleOf } from './schedule.ts'
import { wishOf } from './terminal.ts'

const wanted = 500
const ran = (runs: number): Ran[] => scheduleOf({ runs, seed: 9 }).map((run, i) => ({ ...run, inFlight: 8 + (i % 20), metMs: 100, backMs: 1_000 + i }))
const matrix = (more: Partial<Matrix> = {}): Matrix => ({
  ...{ seed: 9, runs: ran(wanted), notMet: [], intakes: 4_000, drainsMs: [20_000, 31_000], seconds: 2_000 },
  counted: { lost: 0, duplicated: 0, phantom: 0, detail: [], withPeople: 0, doubted: 0 },
  ...more,
})
const on = { commit: 'abc1234', machine: '2 cores', date: '2026-11-22' }

describe('what is said of a crash matrix', () => {
  it('is nothing but its last line where all is zero and every pair was met', () => {
    expect(shortcomings(matrix(), wanted)).to.deep.equal([])
    expect(lastLine(matrix())).to.equal('crash-matrix runs=500 seed=9 lost=0 duplicated=0 phantom=0')
  })

  it('is what was counted, whatever it is', () => {
    for (const kind of ['lost', 'duplicated', 'phantom'] as const) {
      const counted = { ...matrix().counted, [kind]: 1, detail: [`${kind}: something`] }
      expect(shortcomings(matrix({ counted }), wanted)).to.deep.equal([`${kind}: something`])
      expect(shortcomings(matrix({ counted: { ...counted, detail: [] } }), wanted)).to.have.length(1)
    }
  })

  it('is many who wait for a person, or for a payer that is believed: nothing is lost where nothing is done', () => {
    const held = (withPeople: number, doubted: number) => shortcomings(matrix({ counted: { ...matrix().counted, withPeople, doubted } }), wanted)
    expect(held(40, 400)).to.deep.equal([])
    expect(held(41, 0)).to.deep.equal(['41 of 4000 intakes wait for a person'])
    expect(held(0, 401)).to.deep.equal(['401 of 4000 intakes wait for an answer that is believed'])
  })

  it('is of the whole from five hundred runs on, whatever the pairs would need', () => {
    expect([499, 500].map(isFull)).to.deep.equal([false, true])
  })

  it('is every pair that was met too seldom, every run at which nobody came, or with too few in flight, or that was not made', () => {
    const [first, ...rest] = pairs.filter(({ victim }) => victim === 'broker')
    const without = matrix().runs.filter((run) => !(run.barrier === first?.barrier && run.victim === 'broker'))
    expect(rest).to.not.be.empty
    expect(shortcomings(matrix({ runs: without }), wanted)).to.deep.equal([`${first?.barrier} x broker: met 0 times, not 3`, '3 of 500 runs were not made'])
    expect(shortcomings(matrix({ runs: ran(59), notMet: ['ack x api'] }), 60)).to.deep.equal(['ack x api: nobody came to the barrier'])
    const few = ran(60).map((run, i) => (i === 3 ? { ...run, inFlight: 7 } : run))
    expect(shortcomings(matrix({ runs: few }), 60)[0]).to.match(/: 7 intakes in flight, not 8$/)
    expect(shortcomings(matrix({ runs: ran(20) }), 60)).to.deep.equal(['40 of 60 runs were not made'])
  })

  it('is the same report for the same matrix, with each pair’s count and the slowest of each process', () => {
    const report = reportOf(matrix(), wanted, on)
    expect(reportOf(matrix(), wanted, on)).to.equal(report)
    expect(report).to.include(lastLine(matrix())).and.include('commit abc1234 of 2026-11-22, 2 cores').and.include('Nothing.')
    expect(report.split('\n').filter((line) => line.startsWith('| begin |'))).to.have.length(1)
    expect(reportOf(matrix({ notMet: ['ack x api'] }), wanted, on))
      .to.include('- ack x api: nobody came')
      .and.not.include('Nothing.')
  })

  it('begins with words that are understood, or not at all', () => {
    expect(wishOf(['--runs', '10', '--seed', '4'])).to.deep.equal({ runs: 10, seed: 4, lanes: 1 })
    expect(wishOf([])).to.include({ runs: 500 })
    for (const wrong of [['--runs', '0'], ['--runs', 'many'], ['--seed', '-1'], ['--seed', '9999999999'], ['--fast'], ['again']])
      expect(wishOf(wrong), wrong.join(' ')).to.equal(undefined)
  })
})
