import type { DecisionStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { now, run as runRounds, said } from '../rounds/testing.ts'
import { startDecisions } from './index.ts'

const due = (id: string) => ({ id, by: 'user:ana' })

/** Runs the loop over a store until `enough`, and returns what it logged. */
async function run(of: Partial<DecisionStore>, enough: () => boolean): Promise<string[]> {
  const decisions: DecisionStore = {
    tenants: async () => ['us-1'],
    due: async () => [],
    carryOut: async () => 'carried-out',
    putOff: async () => undefined,
    ...of,
  }
  return (await runRounds((around) => startDecisions({ ...around, decisions }), enough)).map(said)
}

describe('hub/decide', () => {
  it('carries out what is due in the clinics of its own region, at the hub’s time and in the name of who decided', async () => {
    const done: unknown[] = []
    await run(
      {
        tenants: async (at) => (at === now ? ['eu-1', 'us-1'] : []),
        due: async (tenantId) => (done.length > 0 ? [] : [due(`${tenantId}/d1`)]),
        carryOut: async (...args) => {
          done.push(args)
          return 'carried-out'
        },
      },
      () => done.length > 0,
    )
    expect(done).to.deep.equal([['us-1', due('us-1/d1'), { process: 'engine-1', now }]])
  })

  it('puts off what fails on our side, and goes on with the next', async () => {
    const put: string[] = []
    const done: string[] = []
    const lines = await run(
      {
        due: async () => (done.length > 0 ? [] : [due('broken'), due('whole')]),
        carryOut: async (_tenantId, { id }) => {
          if (id === 'broken') throw new TypeError('CANARY-5 is no member')
          done.push(id)
          return 'carried-out'
        },
        putOff: async (_tenantId, { id }) => void put.push(id),
      },
      () => done.length > 0,
    )
    expect([put, done]).to.deep.equal([['broken'], ['whole']])
    expect(lines).to.include('error carrying out a decision failed on our side; later again')
  })

  it('counts no try against a decision while storage is away', async () => {
    const put: string[] = []
    let tried = 0
    await run(
      {
        due: async () => [due('d1')],
        carryOut: async () => {
          tried += 1
          throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
        },
        putOff: async (_tenantId, { id }) => void put.push(id),
      },
      () => tried > 1,
    )
    expect(tried).to.be.greaterThan(1)
    expect(put).to.deep.equal([])
  })
})
