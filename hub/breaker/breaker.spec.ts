import type { BreakerNumbers } from '@heliox/core/kit'
import { expect } from 'chai'
import { type BreakerState, type Breakers, makeBreakers, makeInFlight, type Outcome } from './index.ts'

const numbers: BreakerNumbers = { timeoutMs: 50, errorThresholdPercent: 50, volumeThreshold: 5, resetTimeoutMs: 60, inFlightMax: 3 }
const key = 'tenant/partner/operation'

describe('hub/breaker', () => {
  let breakers: Breakers
  let changes: BreakerState[]
  beforeEach(() => {
    changes = []
    breakers = makeBreakers((_key, state) => changes.push(state))
  })
  afterEach(() => breakers.close())

  async function report(outcome: Outcome, times = 1, of: BreakerNumbers = numbers): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      const admission = breakers.admit(key, of)
      if (admission.is === 'admitted') await admission.report(outcome)
    }
  }
  async function until(state: BreakerState): Promise<void> {
    const deadline = performance.now() + 5_000
    while (breakers.state(key) !== state) {
      if (performance.now() > deadline) throw new Error(`still ${breakers.state(key)}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  it('stays closed below the volume threshold, whatever the error rate', async () => {
    await report('failed', numbers.volumeThreshold - 1)
    expect(breakers.state(key)).to.equal('closed')
    await report('failed')
    expect(breakers.state(key)).to.equal('open')
  })

  it('says when to try again while it is open, and admits nothing', async () => {
    await report('failed', 5)
    const admission = breakers.admit(key, numbers)
    if (admission.is !== 'open') throw new Error('it admitted a call')
    expect(admission.retryAfterMs).to.be.within(1, numbers.resetTimeoutMs)
  })

  it('never counts what says nothing about the health of the partner', async () => {
    await report('ignored', 50)
    expect(breakers.state(key)).to.equal('closed')
    // Nor does it dilute the rate as a success would.
    await report('failed', 5)
    expect(breakers.state(key)).to.equal('open')
  })

  it('takes a "no" of the partner as the answer that it is', async () => {
    await report('answered', 50)
    await report('failed', 5)
    expect(breakers.state(key)).to.equal('closed')
  })

  it('half-open admits one probe; the others are told to come back', async () => {
    await report('failed', 5)
    await until('half-open')
    const probe = breakers.admit(key, numbers)
    expect(probe.is).to.equal('admitted')
    expect(breakers.admit(key, numbers).is).to.equal('open')
    if (probe.is === 'admitted') await probe.report('answered')
    expect(breakers.state(key)).to.equal('closed')
    expect(changes).to.deep.equal(['open', 'half-open', 'closed'])
  })

  it('opens again when the probe fails, without waiting for the volume threshold', async () => {
    await report('failed', 5)
    await until('half-open')
    await report('failed')
    expect(breakers.state(key)).to.equal('open')
  })

  it('is not closed by an ignored probe, and lets the next one in', async () => {
    await report('failed', 5)
    await until('half-open')
    await report('ignored')
    expect(breakers.state(key)).to.equal('half-open')
    expect(breakers.admit(key, numbers).is).to.equal('admitted')
  })

  it('is not closed by a call that was let in before it opened', async () => {
    const early = breakers.admit(key, numbers)
    await report('failed', 5)
    await until('half-open')
    if (early.is === 'admitted') await early.report('answered')
    expect(breakers.state(key)).to.equal('half-open')
  })

  it('counts one outcome per call', async () => {
    const call = breakers.admit(key, numbers)
    if (call.is !== 'admitted') throw new Error('not admitted')
    for (let i = 0; i < 10; i += 1) await call.report('failed')
    expect(breakers.state(key)).to.equal('closed')
  })

  it('does not share or change the numbers that it is handed', async () => {
    const frozen = Object.freeze({ ...numbers })
    await report('failed', 5, frozen)
    expect(frozen).to.deep.equal(numbers)
    expect(breakers.state('tenant/partner/other')).to.equal('closed')
    expect(breakers.admit('tenant/partner/other', frozen).is).to.equal('admitted')
  })

  it('has no timeout of its own', async () => {
    const slow = breakers.admit(key, { ...numbers, volumeThreshold: 1, timeoutMs: 1 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(breakers.state(key)).to.equal('closed')
    if (slow.is === 'admitted') await slow.report('answered')
    expect(breakers.state(key)).to.equal('closed')
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

  it('a full house does not open the breaker', () => {
    const inFlight = makeInFlight()
    const breakers = makeBreakers()
    inFlight.enter('a', 1)
    for (let i = 0; i < 20; i += 1) expect(inFlight.enter('a', 1)).to.equal(undefined)
    expect(breakers.admit('a', numbers).is).to.equal('admitted')
    expect(breakers.state('a')).to.equal('closed')
    breakers.close()
  })
})
