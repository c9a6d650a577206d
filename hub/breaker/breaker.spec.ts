import { setImmediate as turn } from 'node:timers/promises'
import type { BreakerNumbers, Log } from '@heliox/core/kit'
import type { BreakerState } from '@heliox/core/messaging'
import type { BreakerRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { type Breakers, makeBreakers, makeInFlight, type Outcome } from './index.ts'
import { type MemoryBreakers, memoryBreakers } from './testing.ts'

const resetMs = 1_000
const numbers: BreakerNumbers = { timeoutMs: 50, errorThresholdPercent: 50, volumeThreshold: 5, resetTimeoutMs: resetMs, inFlightMax: 3 }
const ref: BreakerRef = { tenantId: 't', partner: 'p', payerId: null, operation: 'ask' }
const answered: Outcome = { is: 'answered' }
const ignored: Outcome = { is: 'ignored' }
const failed: Outcome = { is: 'failed', cause: 'timeout' }

describe('hub/breaker', () => {
  let breakers: Breakers
  let store: MemoryBreakers
  let nowMs: number
  let changes: BreakerState[]
  const note = (fields: Record<string, unknown>): void => {
    if (fields.state) changes.push(fields.state as BreakerState)
  }
  const log: Log = { info: note, warn: note, error: note }
  const clock = { now: () => new Date(nowMs) }
  beforeEach(() => {
    changes = []
    nowMs = Date.parse('2026-01-05T15:00:00.000Z')
    store = memoryBreakers()
    breakers = makeBreakers({ store, clock, log, pollMs: 5 })
  })
  afterEach(() => breakers.close())

  async function report(outcome: Outcome, times = 1, of: BreakerNumbers = numbers, to: BreakerRef = ref): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      const admission = await breakers.admit(to, of)
      if (admission.is === 'admitted') await admission.report(outcome)
    }
  }
  const admit = (to: BreakerRef = ref) => breakers.admit(to, numbers)

  it('stays closed below the volume threshold, whatever the error rate', async () => {
    await report(failed, numbers.volumeThreshold - 1)
    expect(breakers.state(ref)).to.equal('closed')
    await report(failed)
    expect(breakers.state(ref)).to.equal('open')
  })

  it('asks the database for nothing while it is closed', async () => {
    await report(answered, 1_000)
    await report(failed, 4)
    expect(store.asked).to.equal(0)
  })

  it('says when to try again while it is open, and admits nothing', async () => {
    await report(failed, 5)
    expect(await admit()).to.deep.equal({ is: 'open', until: new Date(nowMs + resetMs), spreadMs: resetMs, cause: 'timeout' })
  })

  it('takes a "no" of the partner as the answer that it is', async () => {
    await report(answered, 50)
    await report(failed, 5)
    expect(breakers.state(ref)).to.equal('closed')
  })

  it('one payer’s failures leave the partner and its other payers alone', async () => {
    const [bad, good] = ['BAD', 'GOOD'].map((payerId) => ({ ...ref, payerId }))
    await report({ is: 'failed', cause: 'unavailable' }, 50, numbers, bad)
    expect([bad, good, ref].map((one) => breakers.state(one as BreakerRef))).to.deep.equal(['open', 'closed', 'closed'])
  })

  it('half-open admits one try at a time; the others are told to come back', async () => {
    await report(failed, 5)
    nowMs += resetMs
    const tries = await Promise.all(Array.from({ length: 20 }, () => admit()))
    const letIn = tries.filter((one) => one.is === 'admitted')
    expect(letIn).to.have.length(1)
    if (letIn[0]?.is === 'admitted') await letIn[0].report(answered)
    await report(answered, 2)
    expect(changes).to.deep.equal(['open', 'half-open', 'closed'])
  })

  it('stays open twice as long after each failed try, up to sixteen times', async () => {
    await report(failed, 5)
    const waits: number[] = []
    for (let i = 0; i < 7; i += 1) {
      const admission = await admit()
      if (admission.is !== 'open') throw new Error('it admitted a call')
      waits.push(admission.until.getTime() - nowMs)
      nowMs = admission.until.getTime()
      await report(failed)
    }
    expect(waits).to.deep.equal([1, 2, 4, 8, 16, 16, 16].map((times) => times * resetMs))
  })

  it('is not closed by an ignored try, and lets the next one in', async () => {
    await report(failed, 5)
    nowMs += resetMs
    await report(ignored)
    expect(breakers.state(ref)).to.equal('half-open')
    expect((await admit()).is).to.equal('admitted')
  })

  it('frees the right to try of a process that died with it', async () => {
    await report(failed, 5)
    nowMs += resetMs
    expect((await admit()).is).to.equal('admitted')
    expect((await admit()).is).to.equal('open')
    nowMs += 60_000
    expect((await admit()).is).to.equal('admitted')
  })

  it('counts nothing of a try that came back after another had taken its place', async () => {
    await report(failed, 5)
    nowMs += resetMs
    const late = await admit()
    nowMs += 60_000
    const other = await admit()
    if (late.is === 'admitted') await late.report(failed)
    expect(breakers.state(ref)).to.equal('half-open')
    if (other.is === 'admitted') await other.report(answered)
    await report(answered, 2)
    expect(breakers.state(ref)).to.equal('closed')
  })

  it('is neither closed nor opened again by calls that were let in before it opened', async () => {
    const early = await Promise.all(Array.from({ length: 8 }, () => admit()))
    await report(failed, 5)
    const [first, ...rest] = early
    if (first?.is === 'admitted') await first.report(answered)
    expect(breakers.state(ref)).to.equal('open')
    nowMs += resetMs
    await report(answered, 3)
    for (const one of rest) if (one.is === 'admitted') await one.report(failed)
    expect(breakers.state(ref)).to.equal('closed')
  })

  it('forgets the failures of before when it closes', async () => {
    await report(failed, 5)
    nowMs += resetMs
    await report(answered, 3)
    await report(failed)
    expect(breakers.state(ref)).to.equal('closed')
  })

  it('counts one outcome per call', async () => {
    const call = await admit()
    if (call.is !== 'admitted') throw new Error('not admitted')
    for (let i = 0; i < 10; i += 1) await call.report(failed)
    expect(breakers.state(ref)).to.equal('closed')
  })

  it('does not share or change the numbers that it is handed', async () => {
    const frozen = Object.freeze({ ...numbers })
    await report(failed, 5, frozen)
    expect(frozen).to.deep.equal(numbers)
    expect(breakers.state({ ...ref, operation: 'other' })).to.equal('closed')
  })

  describe('several engines', () => {
    let second: Breakers
    beforeEach(async () => {
      second = makeBreakers({ store, clock, log, pollMs: 5 })
      await second.start()
      await breakers.start()
    })
    afterEach(() => second.close())
    async function until(done: () => boolean): Promise<void> {
      const endMs = performance.now() + 2_000
      while (!done()) {
        if (performance.now() > endMs) throw new Error('it did not happen')
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    }

    it('stop and go together', async () => {
      await report(failed, 5)
      await until(() => second.state(ref) === 'open')
      nowMs += resetMs
      await report(answered, 3)
      await until(() => second.state(ref) === 'closed')
    })

    it('one tries, whichever it is', async () => {
      await report(failed, 5)
      await until(() => second.state(ref) === 'open')
      nowMs += resetMs
      const tries = await Promise.all([breakers, second].map((one) => one.admit(ref, numbers)))
      expect(tries.map((one) => one.is).sort()).to.deep.equal(['admitted', 'open'])
    })

    it('an engine that has not heard of the closing finds it out when it asks for a try', async () => {
      await report(failed, 5)
      await until(() => second.state(ref) === 'open')
      await second.close()
      nowMs += resetMs
      await report(answered, 3)
      expect(second.state(ref)).to.equal('open')
      expect((await second.admit(ref, numbers)).is).to.equal('admitted')
      expect(second.state(ref)).to.equal('closed')
    })
  })

  describe('without the database', () => {
    it('keeps what it knows: open stays shut, closed lets through', async () => {
      await report(failed, 5)
      nowMs += resetMs
      store.broken = true
      expect((await admit()).is).to.equal('open')
      expect((await admit({ ...ref, partner: 'other' })).is).to.equal('admitted')
    })

    it('opens here at once, and is written as soon as it can be', async () => {
      await breakers.start()
      store.broken = true
      await report(failed, 5)
      expect((await admit()).is).to.equal('open')
      expect(store.rows.size).to.equal(0)
      store.broken = false
      while (store.rows.size === 0) await new Promise((resolve) => setTimeout(resolve, 2))
      expect(breakers.state(ref)).to.equal('open')
      await turn()
      expect((await admit()).is).to.equal('open')
    })

    it('does not start: an engine that cannot know whom to leave alone asks nobody', async () => {
      store.broken = true
      const started = await breakers.start().catch((error: Error) => error.message)
      expect(started).to.equal('the database is away')
    })
  })
})

describe('hub/breaker in-flight', () => {
  it('gives no more places than there are, per key, and takes each back once', () => {
    const inFlight = makeInFlight()
    const leaves = [1, 2, 3].map(() => inFlight.enter('a', 3))
    expect(inFlight.enter('a', 3)).to.equal(undefined)
    expect(inFlight.enter('b', 3)).to.be.a('function')
    leaves[0]?.()
    leaves[0]?.()
    expect(inFlight.count('a')).to.equal(2)
    expect(inFlight.enter('a', 3)).to.be.a('function')
    expect(inFlight.enter('a', 3)).to.equal(undefined)
  })
})
