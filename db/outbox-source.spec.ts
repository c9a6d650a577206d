import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { drainAll, newLink, openTestHub, published, type TestHub } from './fixtures.ts'
import { makeOutboxSource } from './outbox-source.ts'
import { openPool } from './pool.ts'
import { connectionOf, makeWake } from './wake.ts'

async function until(condition: () => boolean, withinMs = 5_000): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > withinMs) throw new Error('it did not happen in time')
    await sleep(10)
  }
}

describe('outbox source', () => {
  let hub: TestHub
  beforeEach(async () => {
    hub = await openTestHub()
  })
  afterEach(() => hub.close())

  it('gives two relays no row in common, and all rows between them', async () => {
    for (let i = 0; i < 30; i += 1) await newLink(hub)
    const source = makeOutboxSource(hub.relay)
    const seen: string[][] = [[], []]
    let both = 0
    const meet = Promise.withResolvers<void>()
    await Promise.all(
      seen.map((mine) =>
        source.drain('clinical', 10, hub.now, async (rows) => {
          mine.push(...rows.map((row) => row.id))
          both += 1
          if (both === 2) meet.resolve()
          await meet.promise // neither may finish before the other has claimed
          return published(rows)
        }),
      ),
    )
    expect(seen.map((mine) => mine.length)).to.deep.equal([10, 10])
    seen.push((await drainAll(hub, 'clinical')).map((row) => row.envelope.id))
    expect(new Set(seen.flat()).size).to.equal(30)
  })

  it('keeps what was not confirmed for the next round', async () => {
    for (let i = 0; i < 4; i += 1) await newLink(hub)
    const source = makeOutboxSource(hub.relay)
    const claimed = await source.drain('clinical', 10, hub.now, async (rows) => {
      return published(rows.slice(0, 1))
    })
    expect(claimed).to.equal(4)
    expect((await drainAll(hub, 'clinical')).length).to.equal(3)
  })

  it('frees its rows when publishing throws, and when the relay’s connection dies', async () => {
    await newLink(hub)
    const source = makeOutboxSource(hub.relay)
    const thrown = await source.drain('clinical', 10, hub.now, () => Promise.reject(new Error('broker gone'))).catch((e: Error) => e.message)
    expect(thrown).to.equal('broker gone')
    const died = source.drain('clinical', 10, hub.now, async (rows) => {
      await hub.owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hub_relay' AND datname = $1 AND state = 'idle in transaction'`,
        [hub.db.name],
      )
      return published(rows)
    })
    expect(await died.then(() => 'marked').catch(() => 'died')).to.equal('died')
    expect((await drainAll(hub, 'clinical')).length).to.equal(1)
  })

  it('carries every tenant’s rows, and refuses a name that is no schema', async () => {
    await newLink(hub)
    await newLink(hub, hub.otherTenantId)
    const tenants = (await drainAll(hub, 'identity')).map((row) => row.envelope.tenantId)
    expect(new Set(tenants)).to.deep.equal(new Set([hub.tenantId, hub.otherTenantId]))
    const refused = await makeOutboxSource(hub.relay)
      .drain('public; SELECT', 1, hub.now, async () => published([]))
      .catch((e: Error) => e.message)
    expect(refused).to.match(/not one of the eight/)
  })

  it('puts refused rows off for longer and longer, so that a full batch of them holds up nobody', async () => {
    const source = makeOutboxSource(hub.relay)
    const after = (seconds: number): Date => new Date(hub.now.getTime() + seconds * 1_000)
    for (let i = 0; i < 3; i += 1) await newLink(hub)
    const bad = new Set<string>()
    const refuse = (seconds: number): Promise<number> =>
      source.drain('clinical', 3, after(seconds), async (rows) => {
        for (const row of rows) bad.add(row.id)
        return published([], rows)
      })
    expect(await refuse(0)).to.equal(3)
    await newLink(hub)
    const next: string[] = []
    const claimed = await source.drain('clinical', 3, hub.now, async (rows) => {
      next.push(...rows.map((row) => row.id))
      return published(rows)
    })
    expect(claimed).to.equal(1)
    expect(bad.has(next[0] ?? '')).to.equal(false)
    for (const [from, waitS] of [
      [1, 2],
      [3, 4],
      [7, 8],
    ] as const) {
      expect(await refuse(from - 0.001), 'not before its time').to.equal(0)
      expect(await refuse(from)).to.equal(3)
      expect(await refuse(from + waitS - 0.001)).to.equal(0)
    }
    for (let i = 0; i < 5; i += 1) await refuse(1_000 + 100 * i)
    expect(await refuse(1_400 + 59), 'a minute is the longest wait').to.equal(0)
    const back = await source.drain('clinical', 3, after(1_400 + 60), async (rows) => published(rows))
    expect(back, 'a confirm ends it, at whichever relay').to.equal(3)
    expect(await refuse(10_000)).to.equal(0)
  })

  it('marks rows and keeps them', async () => {
    await newLink(hub)
    await drainAll(hub, 'identity')
    const found = await hub.owner.query('SELECT status::text, processed_at FROM identity.outbox')
    expect(found.rows).to.deep.equal([{ status: 'processed', processed_at: hub.now }])
  })

  it('waits for no server without an end on the connections that stay open', () => {
    const { connectionTimeoutMillis, statement_timeout, query_timeout } = connectionOf(hub.relay, 'x')
    for (const waitMs of [connectionTimeoutMillis, statement_timeout, query_timeout]) expect(waitMs).to.be.within(1_000, 30_000)
  })

  it('wakes after a commit, and again after its connection was lost', async () => {
    const errors: Error[] = []
    const onError = (error: Error): void => void errors.push(error)
    const heard: string[] = []
    const stop = await makeOutboxSource(hub.relay, { onError }).onWake((schema) => heard.push(schema))
    const apiPool = openPool(hub.db.urlAs('hub_api'), { max: 1 })
    const wake = makeWake(apiPool, { onError })
    try {
      expect(heard, 'it looks everywhere once it listens').to.have.length(8)
      heard.length = 0
      for (let i = 0; i < 50; i += 1) wake.outbox('billing')
      await until(() => heard.length > 0)
      expect(heard, 'fifty calls in one window are one').to.deep.equal(['billing'])
      heard.length = 0
      await hub.owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('heliox-listen', 'heliox-wake') AND datname = $1`,
        [hub.db.name],
      )
      await until(() => heard.length >= 8)
      heard.length = 0
      await until(() => {
        wake.outbox('media')
        return heard.includes('media')
      })
      expect(errors.length).to.be.greaterThan(0)
    } finally {
      await wake.close()
      await stop()
      await apiPool.end()
    }
  })
})
