import { expect } from 'chai'
import { newLink, openTestHub, type TestHub } from './fixtures.ts'
import { openPool, type Pool } from './pool.ts'
import { withTenant } from './tenancy.ts'

describe('withTenant', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
    await newLink(hub)
    await newLink(hub, hub.otherTenantId)
  })
  after(() => hub.close())
  const visits = 'SELECT DISTINCT tenant_id FROM clinical.appointments'

  it('shows its own tenant only', async () => {
    for (const tenantId of [hub.tenantId, hub.otherTenantId]) {
      const rows = await withTenant(hub.api.pool, tenantId, 'service:test', async (tx) => (await tx.query(visits)).rows)
      expect(rows).to.deep.equal([{ tenant_id: tenantId }])
    }
  })

  it('leaves nothing of the tenant on the pooled connection', async () => {
    const one = openPool(hub.db.urlAs('hub_api'), { max: 1 })
    try {
      expect((await one.query(visits)).rows).to.deep.equal([])
      await withTenant(one, hub.tenantId, 'service:test', (tx) => tx.query(visits))
      expect((await one.query(visits)).rows).to.deep.equal([])
      expect((await one.query(`SELECT current_setting('app.tenant_id', true) AS now`)).rows).to.deep.equal([{ now: '' }])
    } finally {
      await one.end()
    }
  })

  it('refuses what is not a tenant’s id before it asks the database', async () => {
    for (const bad of ['', 'x', `${hub.tenantId}'; DROP TABLE x; --`]) {
      expect(await withTenant(hub.api.pool, bad, 'service:test', async () => 'ran').catch((e: Error) => e.message)).to.match(/not a UUID/)
    }
  })

  it('rolls back when the work throws, and the connection is good again', async () => {
    const one = openPool(hub.db.urlAs('hub_api'), { max: 1 })
    try {
      const failed = withTenant(one, hub.tenantId, 'service:test', async (tx) => {
        await tx.query(`UPDATE identity.intake_sessions SET version = 99 WHERE tenant_id = $1`, [hub.tenantId])
        throw new Error('stop')
      })
      expect(await failed.catch((e: Error) => e.message)).to.equal('stop')
      const versions = await withTenant(one, hub.tenantId, 'service:test', async (tx) => (await tx.query('SELECT version FROM identity.intake_sessions')).rows)
      expect(versions).to.deep.equal([{ version: 1 }])
    } finally {
      await one.end()
    }
  })

  it('gives back a working connection after the server ended one in the middle', async () => {
    const one: Pool = openPool(hub.db.urlAs('hub_api'), { max: 1 })
    try {
      const cut = withTenant(one, hub.tenantId, 'service:test', async (tx) => {
        const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
        await hub.owner.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
        return tx.query('SELECT 1')
      })
      expect(await cut.then(() => 'ran').catch(() => 'cut')).to.equal('cut')
      expect(await withTenant(one, hub.tenantId, 'service:test', async (tx) => (await tx.query('SELECT 1 AS one')).rows)).to.deep.equal([{ one: 1 }])
    } finally {
      await one.end()
    }
  })

  it('never mixes tenants when many requests share few connections', async () => {
    const few = openPool(hub.db.urlAs('hub_api'), { max: 4 })
    try {
      const rounds = Array.from({ length: 400 }, async (_, i) => {
        const tenantId = i % 2 === 0 ? hub.tenantId : hub.otherTenantId
        const rows = await withTenant(few, tenantId, 'service:test', async (tx) => {
          if (i % 7 === 0) await tx.query('SELECT 1/0').catch(() => undefined)
          return (await tx.query(visits).catch(() => ({ rows: [] as { tenant_id: string }[] }))).rows
        }).catch(() => [])
        return rows.filter((row) => row.tenant_id !== tenantId).length
      })
      expect((await Promise.all(rounds)).reduce((sum, n) => sum + n, 0)).to.equal(0)
    } finally {
      await few.end()
    }
  })
})
