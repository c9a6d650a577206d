import { expect } from 'chai'
import { logTo, now, tenant, until } from '../rounds/testing.ts'
import { startBulkTurns } from './index.ts'

describe('hub/bulk', () => {
  it('a clinic whose turn takes long delays no other’s release', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const turns: string[] = []
    const loop = startBulkTurns({
      ...{ region: 'us-east', connections: { tenant: async (id) => tenant(id) }, clock: { now: () => now }, log: logTo(() => undefined) },
      turns: {
        tenants: async () => ['us-slow', 'us-quick'],
        takeTurns: async (tenantId, at) => {
          expect(at).to.equal(now)
          turns.push(tenantId)
          if (tenantId === 'us-slow') await opened
          return 1
        },
      },
    })
    await until(() => turns.filter((id) => id === 'us-quick').length >= 2)
    open()
    await loop.close()
    expect(turns.slice(0, 3)).to.deep.equal(['us-slow', 'us-quick', 'us-quick'])
  })
})
