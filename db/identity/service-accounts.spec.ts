import { expect } from 'chai'
import { openTestHub, sha256, type TestHub } from '../fixtures.ts'

const by = 'user:018f3c00-0000-7000-8000-000000000013'

describe('programs of a clinic', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  const later = (days: number): Date => new Date(hub.now.getTime() + days * 86_400_000)
  const create = (token: string, tenantId = hub.tenantId) =>
    hub.api.stores.serviceAccounts.create(tenantId, { name: 'wall display', role: 'live', tokenSha256: sha256(token), expiresAt: later(30) }, by, hub.now)
  const find = (token: string, now = hub.now) => hub.api.stores.serviceAccounts.find(sha256(token), now)

  it('are found by the hash of their token until they end, and never by anything else', async () => {
    const id = await create('one')
    expect(await find('one')).to.deep.equal({ id, tenantId: hub.tenantId, region: 'us-east', role: 'live' })
    expect(await find('two')).to.equal(undefined)
    expect(await find('one', later(30)), 'past its time').to.equal(undefined)
    expect(await hub.api.stores.serviceAccounts.end(hub.otherTenantId, id, by, hub.now), 'another clinic’s').to.equal('not-found')
    expect(await hub.api.stores.serviceAccounts.end(hub.tenantId, id, by, hub.now)).to.equal('ended')
    expect(await find('one')).to.equal(undefined)
    expect(await hub.api.stores.serviceAccounts.end(hub.tenantId, id, by, hub.now), 'again').to.equal('not-found')
  })

  it('are told with who made them and until when, never with a token', async () => {
    const id = await create('three')
    const [newest] = (await hub.api.stores.serviceAccounts.list(hub.tenantId)).filter((one) => one.id === id)
    expect(newest).to.deep.equal({
      ...{ id, name: 'wall display', role: 'live', createdBy: by, createdAt: hub.now.toISOString() },
      ...{ expiresAt: later(30).toISOString(), endedAt: null },
    })
    expect(await hub.api.stores.serviceAccounts.list(hub.otherTenantId)).to.deep.equal([])
  })

  it('are made and ended with a row of the audit', async () => {
    const id = await create('four')
    await hub.api.stores.serviceAccounts.end(hub.tenantId, id, by, hub.now)
    const rows = await hub.owner.query(`SELECT actor, action FROM compliance.audit_logs WHERE resource = $1 ORDER BY recorded_at, action`, [
      `service-account:${id}`,
    ])
    expect(rows.rows).to.deep.equal([
      { actor: by, action: 'service-account.create' },
      { actor: by, action: 'service-account.end' },
    ])
  })

  it('are not made without end', async () => {
    const made = await Promise.all(Array.from({ length: 25 }, (_, n) => create(`many-${n}`)))
    expect(made.at(-1) === 'too-many' || (await create('one-more')) === 'too-many').to.equal(true)
  })
})
