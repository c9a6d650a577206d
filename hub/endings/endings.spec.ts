import type { EndingStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { startEndings } from './index.ts'

const now = new Date('2026-02-02T15:00:00Z')
const tenant = (id: string) => ({ id, slug: id, name: id, region: id.startsWith('eu') ? 'eu-west' : 'us-east', timeZone: 'UTC', npi: '1234567893' })

describe('hub/endings', () => {
  it('empties what ended at the clinics of its own region, at the hub’s time, and goes on when one fails', async () => {
    const emptied: unknown[] = []
    const lines: string[] = []
    const log = Object.fromEntries(['info', 'warn', 'error'].map((level) => [level, (_about: object, text: string) => lines.push(`${level} ${text}`)]))
    const { promise: done, resolve } = Promise.withResolvers<void>()
    const endings: EndingStore = {
      tenants: async (at) => (at === now ? ['eu-1', 'us-1', 'us-2'] : []),
      empty: async (tenantId, at) => {
        emptied.push([tenantId, at])
        if (emptied.length === 2) resolve()
        if (tenantId === 'us-1') throw new Error('no commit')
        return 3
      },
    }
    const loop = startEndings({ region: 'us-east', endings, connections: { tenant: async (id) => tenant(id) }, clock: { now: () => now }, log: log as never })
    await done
    await loop.close()
    expect(emptied).to.have.deep.members([
      ['us-1', now],
      ['us-2', now],
    ])
    expect(lines).to.have.members(['error emptying what has ended failed on our side; later again', 'info drafts and codes that ended were emptied'])
  })
})
