import type { DuesStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { now, run as runRounds, said } from '../rounds/testing.ts'
import { startDues } from './index.ts'

async function run(dues: DuesStore, enough: () => boolean): Promise<string[]> {
  return (await runRounds((around) => startDues({ ...around, dues }), enough)).map(said)
}

describe('hub/dues', () => {
  it('begins what is due for the clinics of its own region, at the hub’s time', async () => {
    const begun: unknown[] = []
    const lines = await run(
      {
        tenants: async (at) => (at === now ? ['eu-1', 'us-1'] : []),
        begin: async (...args) => {
          begun.push(args)
          return { charges: 1, instalments: 2, checks: 0, chargeChecks: 0 }
        },
      },
      () => begun.length > 0,
    )
    expect(begun).to.deep.equal([['us-1', { process: 'engine-1', now }]])
    expect(lines).to.deep.equal(['info money that is due was asked for'])
  })

  it('goes on with the others when one clinic fails', async () => {
    const begun: string[] = []
    const lines = await run(
      {
        tenants: async () => ['us-1', 'us-2'],
        begin: async (tenantId) => {
          if (tenantId === 'us-1') throw new Error('no commit')
          begun.push(tenantId)
          return { charges: 0, instalments: 0, checks: 0, chargeChecks: 0 }
        },
      },
      () => begun.length > 0,
    )
    expect(begun).to.include('us-2')
    expect(lines[0]).to.equal('error beginning what is due failed on our side; later again')
  })
})
