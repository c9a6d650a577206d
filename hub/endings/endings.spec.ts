import type { EndingStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { now, run, said } from '../rounds/testing.ts'
import { startEndings } from './index.ts'

describe('hub/endings', () => {
  it('empties what ended at the clinics of its own region, at the hub’s time, and goes on when one fails', async () => {
    const emptied: unknown[] = []
    const endings: EndingStore = {
      tenants: async (at) => (at === now ? ['eu-1', 'us-1', 'us-2'] : []),
      empty: async (tenantId, at) => {
        emptied.push([tenantId, at])
        if (tenantId === 'us-1') throw new Error('no commit')
        return 3
      },
    }
    const lines = await run(
      (around) => startEndings({ ...around, endings }),
      () => emptied.length === 2,
    )
    expect(emptied).to.have.deep.members([
      ['us-1', now],
      ['us-2', now],
    ])
    expect(lines.map(said)).to.have.members(['error emptying what has ended failed on our side; later again', 'info drafts and codes that ended were emptied'])
  })
})
