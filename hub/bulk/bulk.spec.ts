import { expect } from 'chai'
import { startBulkTurns } from './index.ts'

const now = new Date('2026-02-02T15:00:00Z')
const region = 'us-east'
const tenant = async (id: string) => ({ id, slug: id, name: id, region, timeZone: 'UTC', npi: '1234567893' })
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

describe('hub/bulk', () => {
  it('a clinic whose turn takes long delays no other’s release', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const turns: string[] = []
    const loop = startBulkTurns({
      ...{ region, connections: { tenant }, clock: { now: () => now }, log: log as never },
      turns: {
        tenants: async () => ['slow', 'quick'],
        takeTurns: async (tenantId, at) => {
          expect(at).to.equal(now)
          turns.push(tenantId)
          if (tenantId === 'slow') await opened
          return 1
        },
      },
    })
    const endMs = performance.now() + 5_000
    while (turns.filter((id) => id === 'quick').length < 2 && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5))
    open()
    await loop.close()
    expect(turns.slice(0, 3)).to.deep.equal(['slow', 'quick', 'quick'])
  })
})
