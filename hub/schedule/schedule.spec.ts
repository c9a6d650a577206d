import type { ScheduleRounds, TenantFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { startComparisons } from './index.ts'

const now = new Date('2026-02-02T15:00:00Z')
const tenant = (id: string): TenantFacts => ({
  id,
  slug: id,
  name: id,
  region: id.startsWith('eu') ? 'eu-west' : 'us-east',
  timeZone: 'UTC',
  npi: '1234567893',
})

async function run(schedules: ScheduleRounds, enough: () => boolean): Promise<string[]> {
  const lines: string[] = []
  const log = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, (_about: object, text: string) => lines.push(`${level} ${text}`)]))
  const loop = startComparisons({
    ...{ region: 'us-east', schedules, process: 'engine-1', clock: { now: () => now }, log: log as never },
    connections: { tenant: async (id) => tenant(id) },
  })
  const deadline = performance.now() + 5_000
  while (!enough() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
  await loop.close()
  return lines
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
