import type { ScheduleRounds } from '@heliox/core/ports'
import { expect } from 'chai'
import { now, run as runRounds, said } from '../rounds/testing.ts'
import { startComparisons } from './index.ts'

async function run(schedules: ScheduleRounds, enough: () => boolean): Promise<string[]> {
  return (await runRounds((around) => startComparisons({ ...around, schedules }), enough)).map(said)
}

describe('hub/schedule', () => {
  it('begins for the clinics of its own region, at the hub’s time', async () => {
    const begun: unknown[] = []
    const lines = await run(
      {
        due: async (at) => (at === now ? ['eu-1', 'us-1'] : []),
        begin: async (...args) => {
          begun.push(args)
          return true
        },
      },
      () => begun.length > 0,
    )
    expect(begun).to.deep.equal([['us-1', { process: 'engine-1', now }]])
    expect(lines).to.deep.equal(['info the old scheduler is compared'])
  })

  it('says nothing where another engine was faster, and goes on when one clinic fails', async () => {
    const begun: string[] = []
    const lines = await run(
      {
        due: async () => ['us-1', 'us-2'],
        begin: async (tenantId) => {
          if (tenantId === 'us-1') throw new Error('no commit')
          begun.push(tenantId)
          return false
        },
      },
      () => begun.length > 0,
    )
    expect(begun[0]).to.equal('us-2')
    expect(new Set(lines)).to.deep.equal(new Set(['error comparing with the old scheduler failed on our side; later again']))
  })
})
