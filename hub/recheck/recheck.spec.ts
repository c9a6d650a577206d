import type { RecheckStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { now, run as runRounds, said } from '../rounds/testing.ts'
import { startRechecks } from './index.ts'

async function run(rechecks: RecheckStore, enough: () => boolean): Promise<string[]> {
  return (await runRounds((around) => startRechecks({ ...around, rechecks }), enough)).map(said)
}

describe('hub/recheck', () => {
  it('asks for the clinics of its own region, at the hub’s time', async () => {
    const asked: unknown[] = []
    const lines = await run(
      {
        due: async (at) => (at === now ? ['eu-1', 'us-1'] : []),
        askDue: async (...args) => {
          asked.push(args)
          return { rechecks: 2, canaries: 1 }
        },
      },
      () => asked.length > 0,
    )
    expect(asked).to.deep.equal([['us-1', { process: 'engine-1', now }]])
    expect(lines).to.deep.equal(['info payers are asked again'])
  })

  it('goes on with the others when one clinic fails, and with the next round when all do', async () => {
    let rounds = 0
    const asked: string[] = []
    const lines = await run(
      {
        due: async () => {
          rounds += 1
          if (rounds === 1) throw new Error('no rows today')
          return ['us-1', 'us-2']
        },
        askDue: async (tenantId) => {
          if (tenantId === 'us-1') throw new Error('no commit')
          asked.push(tenantId)
          return { rechecks: 0, canaries: 0 }
        },
      },
      () => asked.length > 0,
    )
    expect(asked).to.deep.equal(['us-2'])
    expect(lines).to.deep.equal(['error asking again failed on our side; later again', 'error asking again failed on our side; later again'])
  })

  it('ends while a commit is under way, and waits for it', async () => {
    let ended = false
    let began = false
    await run(
      {
        due: async () => ['us-1'],
        askDue: async () => {
          began = true
          await new Promise((resolve) => setTimeout(resolve, 100))
          ended = true
          return { rechecks: 0, canaries: 0 }
        },
      },
      () => began,
    )
    expect(ended).to.equal(true)
  })
})
