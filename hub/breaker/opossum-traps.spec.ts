import type { BreakerNumbers, Log } from '@heliox/core/kit'
import type { BreakerRef } from '@heliox/core/ports'
import { expect } from 'chai'
import CircuitBreaker from 'opossum'
import { type Breakers, makeBreakers, makeInFlight, type Outcome } from './index.ts'
import { type MemoryBreakers, memoryBreakers } from './testing.ts'

const numbers: BreakerNumbers = { timeoutMs: 50, errorThresholdPercent: 50, volumeThreshold: 5, resetTimeoutMs: 1_000, inFlightMax: 3 }
const ref: BreakerRef = { tenantId: 't', partner: 'p', payerId: 'HELIO1', operation: 'ask' }
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const failed: Outcome = { is: 'failed', cause: 'unavailable' }

/** What opossum does when it is left to itself, and that ours does not. Each trap was met in the field by somebody. */
describe('hub/breaker, the eight traps of opossum', () => {
  let breakers: Breakers
  let store: MemoryBreakers
  let nowMs: number
  const clock = { now: () => new Date(nowMs) }
  beforeEach(() => {
    nowMs = Date.parse('2026-01-05T15:00:00.000Z')
    store = memoryBreakers()
    breakers = makeBreakers({ store, clock, log })
  })
  afterEach(() => breakers.close())

  async function call(outcome: Outcome, times = 1, of: BreakerNumbers = numbers): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      const admission = await breakers.admit(ref, of)
      if (admission.is === 'admitted') await admission.report(outcome)
    }
  }

  it('1: one failure does not open it; opossum’s own default does', async () => {
    const bare = new CircuitBreaker(async () => Promise.reject(new Error('once')))
    await bare.fire().catch(() => undefined)
    expect(bare.opened).to.equal(true)
    bare.shutdown()
    await call(failed)
    expect(breakers.state(ref)).to.equal('closed')
    await call(failed, 4)
    expect(breakers.state(ref)).to.equal('open')
  })

  it('2: a call outlives any number of its own; only the caller says that it timed out', async () => {
    const slow = await breakers.admit(ref, { ...numbers, timeoutMs: 1, volumeThreshold: 1 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(breakers.state(ref)).to.equal('closed')
    if (slow.is === 'admitted') await slow.report({ is: 'answered' })
    expect(breakers.state(ref)).to.equal('closed')
  })

  it('3: a call that timed out ends no other: it hands out no signal', async () => {
    const calls = await Promise.all([1, 2, 3].map(() => breakers.admit(ref, numbers)))
    for (const one of calls) expect(Object.keys(one).sort()).to.deep.equal(['is', 'report'])
    const [late, ...others] = calls
    if (late?.is === 'admitted') await late.report({ is: 'failed', cause: 'timeout' })
    for (const one of others) if (one.is === 'admitted') await one.report({ is: 'answered' })
    expect(breakers.state(ref)).to.equal('closed')
  })

  it('4: a full house is not the partner’s failure', async () => {
    const inFlight = makeInFlight()
    inFlight.enter('p', 1)
    for (let i = 0; i < 20; i += 1) expect(inFlight.enter('p', 1)).to.equal(undefined)
    expect(breakers.state(ref)).to.equal('closed')
    expect((await breakers.admit(ref, numbers)).is).to.equal('admitted')
  })

  it('5: what says nothing about its health is neither success nor failure, and hides no outage', async () => {
    await call({ is: 'ignored' }, 50)
    await call(failed, 5)
    expect(breakers.state(ref)).to.equal('open')
    nowMs += numbers.resetTimeoutMs
    await call({ is: 'ignored' }, 5)
    expect(breakers.state(ref)).to.equal('half-open')
  })

  it('6: one success does not close it: three believed ones in a row do', async () => {
    await call(failed, 5)
    nowMs += numbers.resetTimeoutMs
    await call({ is: 'answered' })
    expect(breakers.state(ref)).to.equal('half-open')
    await call({ is: 'answered' })
    await call(failed)
    expect(breakers.state(ref)).to.equal('open')
    nowMs += 2 * numbers.resetTimeoutMs
    await call({ is: 'answered' }, 2)
    expect(breakers.state(ref)).to.equal('half-open')
    await call({ is: 'answered' })
    expect(breakers.state(ref)).to.equal('closed')
  })

  it('7: a second process agrees, and a new one knows before its first call', async () => {
    const second = makeBreakers({ store, clock, log })
    const third = makeBreakers({ store, clock, log })
    await second.start()
    await call(failed, 5)
    await new Promise((resolve) => setImmediate(resolve))
    expect((await second.admit(ref, numbers)).is).to.equal('open')
    await third.start()
    expect((await third.admit(ref, numbers)).is).to.equal('open')
    await Promise.all([second.close(), third.close()])
  })

  it('8: what arrived over HTTP 200 and is none, or is not believed, opens it all the same', async () => {
    await call({ is: 'failed', cause: 'implausible' }, 5)
    expect(breakers.state(ref)).to.equal('open')
    expect(await breakers.admit(ref, numbers)).to.deep.include({ is: 'open', cause: 'implausible' })
  })
})
