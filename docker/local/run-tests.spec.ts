import { expect } from 'chai'
import { failureLines, fromBothEnds } from './run-tests.ts'

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe('The suites of make test', () => {
  it('run two at a time from both ends, each once, and the side that is done first takes over', async () => {
    const begun: number[] = []
    let [running, runningMax] = [0, 0]
    const results = await fromBothEnds([40, 1, 2, 3, 4], async (ms) => {
      begun.push(ms)
      running += 1
      runningMax = Math.max(runningMax, running)
      await after(ms)
      running -= 1
      return `${ms} done`
    })
    expect(begun).to.deep.equal([40, 4, 3, 2, 1])
    expect(runningMax).to.equal(2)
    expect(results).to.deep.equal(['40 done', '1 done', '2 done', '3 done', '4 done'])
  })
  it('are none of them when there are none', async () => {
    expect(await fromBothEnds([], async () => 1)).to.deep.equal([])
  })
  it('say of each failure what it said, since a record of a run may hold no more than its end', () => {
    const failed = [
      { title: 'a promise is kept', why: 'expected 1 to equal 2\nat promise.spec.ts:7' },
      { title: 'another', why: '' },
    ]
    expect(failureLines(failed)).to.equal('FAILED: a promise is kept\n    expected 1 to equal 2\n    at promise.spec.ts:7\nFAILED: another\n    \n')
  })
})
