import { setTimeout as sleep } from 'node:timers/promises'
import type { BreakerRef, BreakerStore, OpenBreaker } from '@heliox/core/ports'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { makeStores } from '../stores.ts'
import { withTenant } from '../tenancy.ts'
import { makeWake } from '../wake.ts'
import { listBreakers } from './list-breakers.ts'

const resetMs = 30_000
const numbers = { resetMs, plausibleToClose: 3 }

describe('shared breakers', () => {
  let hub: TestHub
  let store: BreakerStore
  let ref: BreakerRef
  let payers = 0
  before(async () => {
    hub = await openTestHub()
    store = hub.engine.stores.breakers
  })
  beforeEach(() => {
    payers += 1
    ref = { tenantId: hub.tenantId, partner: 'clearinghouse', payerId: `PAYER${payers}`, operation: 'checkEligibility.v2' }
  })
  after(() => hub.close())
  const at = (ms: number): Date => new Date(hub.now.getTime() + ms)
  const trip = (ms = 0, to = ref) => store.trip(to, 'timeout', numbers, at(ms))
  const claim = (ms: number, leaseMs = 10_000) => store.claimProbe(ref, leaseMs, at(ms))
  async function lease(ms: number): Promise<number> {
    const claimed = await claim(ms)
    if (claimed.is !== 'probe') throw new Error(claimed.is)
    return claimed.lease
  }
  const rowOf = async (): Promise<Record<string, unknown>> => {
    const found = await hub.owner.query('SELECT state::text, trips, plausible, cause, probe_at FROM messaging.breakers WHERE payer_id = $1', [ref.payerId])
    return found.rows[0]
  }

  it('the first of twenty engines opens it, and all read the same times', async () => {
    const opened = await Promise.all(Array.from({ length: 20 }, (_, i) => trip(i)))
    expect(new Set(opened.map((one) => one.probeAt.toISOString())).size).to.equal(1)
    expect(await rowOf()).to.include({ state: 'open', trips: 1, cause: 'timeout' })
  })

  it('lets one of twenty try, and nobody before its time', async () => {
    await trip()
    expect((await claim(resetMs - 1)).is).to.equal('wait')
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim(resetMs)))
    expect(claims.map((one) => one.is).filter((is) => is === 'probe')).to.have.length(1)
    expect(claims.every((one) => one.is !== 'closed')).to.equal(true)
  })

  it('gives the try of a killed engine to the next when its lease is over, and hears the first no more', async () => {
    await trip()
    const killed = await lease(resetMs)
    expect((await claim(resetMs + 9_999)).is).to.equal('wait')
    const next = await lease(resetMs + 10_000)
    expect(await store.endProbe(ref, killed, { is: 'failed', cause: 'timeout' }, at(resetMs + 10_001))).to.deep.equal({ is: 'late' })
    expect(await store.endProbe(ref, next, { is: 'plausible' }, at(resetMs + 10_002))).to.have.property('is', 'not-closed')
    expect(await rowOf()).to.include({ state: 'half-open', plausible: 1, trips: 1 })
  })

  it('closes after three believed answers in a row, and a failure between them begins anew', async () => {
    await trip()
    let ms = resetMs
    const end = async (how: Parameters<BreakerStore['endProbe']>[2]) => store.endProbe(ref, await lease(ms), how, at(ms))
    await end({ is: 'plausible' })
    await end({ is: 'plausible' })
    const failed = await end({ is: 'failed', cause: 'implausible' })
    if (failed.is !== 'not-closed') throw new Error(failed.is)
    expect(failed.breaker).to.include({ state: 'open', resetMs: 2 * resetMs, cause: 'implausible' })
    expect(failed.breaker.probeAt).to.deep.equal(at(ms + 2 * resetMs))
    ms += 2 * resetMs
    await end({ is: 'plausible' })
    await end({ is: 'ignored' })
    await end({ is: 'plausible' })
    expect(await end({ is: 'plausible' })).to.deep.equal({ is: 'closed' })
    expect((await claim(ms)).is).to.equal('closed')
  })

  it('is shut for twice as long after each failed try, up to sixteen times', async () => {
    await trip()
    let ms = resetMs
    const waits: number[] = []
    for (let i = 0; i < 7; i += 1) {
      const ended = await store.endProbe(ref, await lease(ms), { is: 'failed', cause: 'timeout' }, at(ms))
      if (ended.is !== 'not-closed') throw new Error(ended.is)
      waits.push((ended.breaker.probeAt.getTime() - at(ms).getTime()) / resetMs)
      ms = ended.breaker.probeAt.getTime() - hub.now.getTime()
    }
    expect(waits).to.deep.equal([2, 4, 8, 16, 16, 16, 16])
  })

  it('opens anew after it closed, with its first wait', async () => {
    await trip()
    for (let i = 0; i < 3; i += 1) await store.endProbe(ref, await lease(resetMs), { is: 'plausible' }, at(resetMs))
    expect(await trip(resetMs + 1)).to.deep.include({ state: 'open', resetMs, probeAt: at(2 * resetMs + 1), probeUntil: null })
    expect(await rowOf()).to.include({ trips: 1, plausible: 0 })
  })

  it('tells an engine that starts of every clinic’s, and of none that closed', async () => {
    const others: BreakerRef = { ...ref, tenantId: hub.otherTenantId, payerId: null }
    await trip()
    await trip(0, others)
    const mine = (all: OpenBreaker[]) => all.filter(({ tenantId, payerId }) => payerId === ref.payerId || tenantId === hub.otherTenantId)
    const known = mine(await store.notClosed())
    expect(known.map(({ tenantId, payerId }) => [tenantId, payerId])).to.have.deep.members([
      [hub.tenantId, ref.payerId],
      [hub.otherTenantId, null],
    ])
    for (let i = 0; i < 3; i += 1) await store.endProbe(ref, await lease(resetMs), { is: 'plausible' }, at(resetMs))
    expect(mine(await store.notClosed())).to.have.length(1)
  })

  it('is told to the other engines within a moment', async () => {
    let heard = 0
    const unhear = await store.onChange(() => {
      heard += 1
    })
    const before = heard
    const wake = makeWake(hub.engine.pool)
    const other = makeStores({ pool: hub.engine.pool, vault: hub.engine.vault, process: 'engine-2', clock: { now: () => hub.now }, wake })
    await other.breakers.trip(ref, 'unavailable', numbers, hub.now)
    for (let i = 0; i < 200 && heard === before; i += 1) await sleep(10)
    expect(heard).to.be.greaterThan(before)
    await wake.close()
    await unhear()
  })

  it('is listed for those who look after it: not closed first, with when it is tried', async () => {
    const list = (tenantId: string) => withTenant(hub.api.pool, tenantId, 'service:api-1', listBreakers)
    const named = { ...ref, payerId: 'HELIO1' }
    await trip(1, named)
    const listed = await list(hub.tenantId)
    expect(listed.map(({ state }) => state === 'closed').join()).to.match(/^(false,?)+(true,?)+$/)
    expect(listed.find(({ payerId }) => payerId === 'HELIO1')).to.deep.equal({
      ...{ partner: 'clearinghouse', payerId: 'HELIO1', operation: 'checkEligibility.v2', state: 'open' },
      ...{ since: at(1).toISOString(), nextProbeAt: at(resetMs + 1).toISOString(), trips: 1, plausible: 0, plausibleToClose: 3, cause: 'timeout' },
    })
    const foreign = await list(hub.otherTenantId)
    expect(foreign.some(({ payerId }) => payerId === 'HELIO1')).to.equal(false)
  })
})
