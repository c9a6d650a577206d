import { setTimeout as sleep } from 'node:timers/promises'
import type { LockStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { fhir } from '../adapters/fhir/adapter.ts'
import { contextOf, newVisitV3, staffOf } from '../adapters/fhir/fixtures/context.ts'
import { startEhr } from '../adapters/fhir/testing/ehr.ts'
import { openTestHub, type TestHub } from './fixtures.ts'
import { makeLocks } from './locks.ts'
import { openPool, type Pool } from './pool.ts'
import { openVault } from './vault.ts'

describe('locks over all engines', () => {
  let hub: TestHub
  let pools: Pool[]
  /** As two engines have them: connections and memory of their own. */
  let engines: [LockStore, LockStore]
  before(async () => {
    hub = await openTestHub()
    pools = [1, 2].map(() => openPool(hub.db.urlAs('hub_engine'), { max: 8 }))
    const [one, two] = pools.map((pool) => makeLocks({ pool, vault: openVault({ pool, kmsFile: hub.db.kmsFile }) }))
    if (!one || !two) throw new Error('two engines')
    engines = [one, two]
  })
  after(async () => {
    for (const pool of pools) await pool.end()
    await hub.close()
  })

  const forever = () => AbortSignal.timeout(60_000)
  const under = <T>(engine: number, keys: readonly string[], work: () => Promise<T>, signal = forever()) =>
    (engines[engine % 2] as LockStore).serially(hub.tenantId, 'fhir', keys, signal, work)

  it('let one at a time work under a key, in whichever engine', async () => {
    let [inside, most, done] = [0, 0, 0]
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(2)
      inside -= 1
      done += 1
    }
    await Promise.all(Array.from({ length: 40 }, (_, n) => under(n, ['chart'], work)))
    expect([most, done]).to.deep.equal([1, 40])
  })

  it('let others work meanwhile under other keys, and other tenants under the same', async () => {
    const order: string[] = []
    await under(0, ['a'], async () => {
      await under(1, ['b'], async () => void order.push('b'))
      await engines[1].serially(hub.otherTenantId, 'fhir', ['a'], forever(), async () => void order.push('other tenant'))
      order.push('a')
    })
    expect(order).to.deep.equal(['b', 'other tenant', 'a'])
  })

  it('take several together in whatever order they are named, and nobody waits for ever', async () => {
    let [inside, most] = [0, 0]
    const names = [
      ['x', 'y', 'z'],
      ['z', 'x'],
      ['y', 'z', 'x'],
      ['x', 'x'],
    ]
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(1)
      inside -= 1
    }
    const all = await Promise.all(Array.from({ length: 48 }, (_, n) => under(n, names[n % names.length] ?? [], work)))
    expect(all.every((one) => one !== undefined)).to.equal(true)
    expect(most, 'x is in all of them').to.equal(1)
  })

  it('have not begun the work when the time to wait is over, and let the next one in', async () => {
    let begun = false
    await under(0, ['busy'], async () => {
      for (const engine of [0, 1]) {
        const waited = await under(
          engine,
          ['free', 'busy'],
          async () => {
            begun = true
          },
          AbortSignal.timeout(150),
        )
        expect(waited).to.equal(undefined)
      }
    })
    expect(begun).to.equal(false)
    expect(await under(1, ['free', 'busy'], async () => 'in')).to.deep.equal({ value: 'in' })
  })

  it('of one clinic leave room for another’s, in one engine whose partner is slow', async () => {
    const slow = Array.from({ length: 12 }, (_, n) => under(0, [`slow ${n}`], () => sleep(400)))
    await sleep(100)
    const began = performance.now()
    expect(await engines[0].serially(hub.otherTenantId, 'fhir', ['theirs'], forever(), async () => 'in')).to.deep.equal({ value: 'in' })
    expect(performance.now() - began).to.be.below(250)
    await Promise.all(slow)
  })

  it('are given back by work that throws, and by an engine that dies', async () => {
    const failed = await under(0, ['k'], () => Promise.reject(new Error('it broke'))).catch((error: Error) => error.message)
    expect(failed).to.equal('it broke')
    const dying = openPool(hub.db.urlAs('hub_engine'), { max: 2, onError: () => undefined })
    const lost = makeLocks({ pool: dying, vault: openVault({ pool: dying, kmsFile: hub.db.kmsFile }) })
    const held = lost.serially(hub.tenantId, 'fhir', ['k'], forever(), () => sleep(300))
    await sleep(100)
    // Of this database only: others use the same server.
    await hub.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = pg_locks.database
       WHERE locktype = 'advisory' AND granted AND d.datname = current_database() AND pid <> pg_backend_pid()`,
    )
    expect(await under(1, ['k'], async () => 'in')).to.deep.equal({ value: 'in' })
    await held.catch(() => undefined)
    await dying.end()
  })

  it('make keys of what patients told that say nothing without the tenant’s own key', async () => {
    const [mine, again, others] = [
      await engines[0].keyOf(hub.tenantId, ['okafor', '1981-04-09']),
      await engines[1].keyOf(hub.tenantId, ['okafor', '1981-04-09']),
      await engines[0].keyOf(hub.otherTenantId, ['okafor', '1981-04-09']),
    ]
    expect(mine).to.equal(again)
    expect(mine).not.to.equal(others)
    expect(mine).to.match(/^[0-9a-f]{64}$/)
  })

  it('make one chart of 64 write-backs of one person by two engines, at an EHR whose conditional create races', async () => {
    const sim = await startEhr()
    try {
      await staffOf(sim).knobs({ raceWindowMs: 15 })
      const person = newVisitV3()
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, n) => {
          const ctx = contextOf(sim.url, { timeoutMs: 120_000 })
          const locks = {
            keyOf: (parts: readonly string[]) => (engines[n % 2] as LockStore).keyOf(hub.tenantId, parts),
            async serially<T>(key: string | readonly string[], work: () => Promise<T>): Promise<T> {
              const done = await under(n, typeof key === 'string' ? [key] : key, work, ctx.signal)
              if (!done) throw new Error('it was never free')
              return done.value
            },
          }
          const { visitId, coverageId } = newVisitV3()
          return fhir.operations.writeVisit.call({ ...person, visitId, coverageId }, { ...ctx, locks })
        }),
      )
      expect(answers.filter(({ is }) => is === 'ok')).to.have.length(64)
      expect(await staffOf(sim).all('Patient')).to.have.length(1)
      expect(await staffOf(sim).all('Appointment')).to.have.length(64)
    } finally {
      await sim.stop()
    }
  })
})
