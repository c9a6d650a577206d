import { type FaultKind, faultKinds, type Replay } from '@heliox/core/kit'
import { expect } from 'chai'
import { afterFault, backoffMs } from './after-fault.ts'

const dayMs = 24 * 3_600_000
const retry = { firstDelayMs: 1_000, delayMsMax: 30_000 }
const facts = {
  retryAfterMs: undefined,
  replay: 'safe' as Replay,
  hasReconcile: false,
  retry,
  attempt: 1,
  triesMax: 4,
  leftMs: dayMs,
  patienceMs: 10 * dayMs,
  beforeEffect: false,
  waitsForKey: false,
  earlierUnknown: false,
  door: undefined,
  jitter: 0.5,
}
const kinds: readonly (readonly [Replay, boolean])[] = [
  ['safe', false],
  ['keyed', true],
  ['never', true],
  ['never', false],
]

describe('hub/invoke after a fault', () => {
  /** retry or hold, per fault kind, in the order of `kinds`. */
  const expected: Record<FaultKind, { is: readonly ('retry' | 'hold')[]; outcome: 'failed' | 'unknown' }> = {
    unavailable: { is: ['retry', 'retry', 'retry', 'retry'], outcome: 'failed' },
    throttled: { is: ['retry', 'retry', 'retry', 'retry'], outcome: 'failed' },
    timeout: { is: ['retry', 'retry', 'retry', 'hold'], outcome: 'unknown' },
    uncertain: { is: ['retry', 'retry', 'retry', 'hold'], outcome: 'unknown' },
    credentials: { is: ['hold', 'hold', 'hold', 'hold'], outcome: 'failed' },
    contract: { is: ['hold', 'hold', 'hold', 'hold'], outcome: 'unknown' },
  }
  for (const kind of faultKinds) {
    for (const [i, [replay, hasReconcile]] of kinds.entries()) {
      it(`${kind} of a ${replay} operation${hasReconcile ? ' that can reconcile' : ''}: ${expected[kind].is[i]}`, () => {
        const decision = afterFault({ ...facts, kind, replay, hasReconcile })
        expect(decision.is).to.equal(expected[kind].is[i])
        expect(decision.outcome).to.equal(replay === 'safe' ? 'failed' : expected[kind].outcome)
      })
    }
  }

  for (const kind of faultKinds) {
    it(`${kind} before the effect was sent leaves no riddle, but for one that was there before`, () => {
      for (const [replay, hasReconcile] of kinds) {
        const before = { ...facts, kind, replay, hasReconcile, beforeEffect: true }
        expect(afterFault(before)).to.include({ is: expected[kind].is[0], outcome: 'failed' })
        expect(afterFault({ ...before, earlierUnknown: true }).outcome).to.equal(replay === 'safe' ? 'failed' : 'unknown')
      }
    })
  }

  it('holds when the attempts are used up', () => {
    expect(afterFault({ ...facts, kind: 'unavailable', attempt: 3 }).is).to.equal('retry')
    expect(afterFault({ ...facts, kind: 'unavailable', attempt: 4 }).is).to.equal('hold')
  })

  it('holds when the next try would come after the round is over', () => {
    expect(afterFault({ ...facts, kind: 'unavailable', leftMs: 10_000 }).is).to.equal('retry')
    expect(afterFault({ ...facts, kind: 'unavailable', leftMs: 0 }).is).to.equal('hold')
    expect(afterFault({ ...facts, kind: 'throttled', retryAfterMs: dayMs + 1 }).is).to.equal('hold')
  })

  it('never calls a send a failure because the question about it failed', () => {
    expect(afterFault({ ...facts, kind: 'unavailable', replay: 'never', hasReconcile: true, earlierUnknown: true }).outcome).to.equal('unknown')
    expect(afterFault({ ...facts, kind: 'credentials', replay: 'keyed', hasReconcile: true, earlierUnknown: true }).outcome).to.equal('unknown')
  })

  it('waits as long as the partner asked', () => {
    const decision = afterFault({ ...facts, kind: 'throttled', retryAfterMs: 45_000 })
    expect(decision).to.deep.equal({ is: 'retry', outcome: 'failed', delayMs: 45_000 })
  })

  it('waits for a breaker without counting a try, but not past the end of the round', () => {
    const door = { is: 'breaker', opensInMs: 30_000, spreadMs: 10_000 } as const
    expect(afterFault({ ...facts, kind: 'unavailable', attempt: 9, door })).to.deep.equal({ is: 'retry', outcome: 'failed', delayMs: 35_000, waits: 'breaker' })
    expect(afterFault({ ...facts, kind: 'unavailable', door, leftMs: 35_000 }).is).to.equal('retry')
    expect(afterFault({ ...facts, kind: 'unavailable', door, leftMs: 34_999 }).is).to.equal('hold')
  })

  it('waits for the payer to open however old the question is, and as long as is stored', () => {
    const door = { is: 'hours', opensInMs: 3 * dayMs, spreadMs: 600_000 } as const
    const waits = { is: 'retry', outcome: 'failed', delayMs: 3 * dayMs + 300_000, waits: 'hours' }
    expect(afterFault({ ...facts, kind: 'unavailable', attempt: 9, leftMs: 0, door })).to.deep.equal(waits)
    expect(afterFault({ ...facts, kind: 'timeout', replay: 'never', door }).is, 'what may not be asked again is not').to.equal('hold')
    expect(afterFault({ ...facts, kind: 'unavailable', door, patienceMs: 3 * dayMs }).is).to.equal('hold')
  })

  it('lets those who wait come one by one', () => {
    const door = { is: 'breaker', opensInMs: 1_000, spreadMs: 30_000 } as const
    const delays = [0, 0.25, 0.5, 1].map((jitter) => afterFault({ ...facts, kind: 'unavailable', door, jitter }))
    expect(delays.map((one) => one.is === 'retry' && one.delayMs)).to.deep.equal([1_000, 8_500, 16_000, 31_000])
  })

  it('doubles the wait up to its largest, half of it by chance', () => {
    expect([1, 2, 3, 9].map((attempt) => backoffMs(retry, attempt, 0))).to.deep.equal([500, 1_000, 2_000, 15_000])
    expect([1, 2, 3, 9].map((attempt) => backoffMs(retry, attempt, 1))).to.deep.equal([1_000, 2_000, 4_000, 30_000])
  })
})
