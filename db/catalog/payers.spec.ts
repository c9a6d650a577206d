import { randomUUID } from 'node:crypto'
import { isOpen } from '@heliox/core/catalog'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { activeVersion } from './flows.ts'
import { payerHours } from './payers.ts'

describe('payers and activations', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  const asEngine = <T>(work: Parameters<typeof withTenant<T>>[3]): Promise<T> => withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', work)

  it('say by which door each payer is asked', async () => {
    const routes = await Promise.all(['HELIO1', 'SLOWB4', 'DUALS5'].map(async (id) => (await hub.engine.stores.payers.payer(hub.tenantId, id)).route))
    expect(routes).to.deep.equal(['real-time', 'batch', 'real-time-or-batch'])
  })

  it('know no payer that is not in the catalogue', async () => {
    const error = await hub.engine.stores.payers.payer(hub.tenantId, 'NOBODY').catch((e: Error) => e.message)
    expect(error).to.equal('the catalogue has no such payer')
  })

  it('give every payer hours, also those that came before there were any', async () => {
    const hours = await asEngine((tx) => payerHours(tx, ['HELIO1', 'SLOWB4']))
    const sundayNight = new Date('2026-02-02T03:30:00Z')
    expect([...hours].map(([id, { calendar, rule }]) => [id, isOpen(calendar, sundayNight), rule.answersBy])).to.have.deep.members([
      ['HELIO1', true, '07:00'],
      ['SLOWB4', false, '07:00'],
    ])
  })

  it('let every new request enter eligibility v4', async () => {
    for (let i = 0; i < 20; i += 1) expect(await asEngine((tx) => activeVersion(tx, 'eligibility', randomUUID(), 'eligibility.requested.v1'))).to.equal(4)
    expect(await asEngine((tx) => activeVersion(tx, 'clearinghouse-batch', randomUUID(), 'eligibility.batch-closed.v1'))).to.equal(3)
  })
})
