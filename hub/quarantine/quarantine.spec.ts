import type { QuarantineLeft, TenantFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { startQuarantine } from './index.ts'

const now = new Date('2026-02-02T15:00:00Z')
const tenant = (id: string): TenantFacts => ({
  id,
  slug: id,
  name: id,
  region: id.startsWith('eu') ? 'eu-west' : 'us-east',
  timeZone: 'UTC',
  npi: '1234567893',
})

/** One clinic with these files, until something was marked or logged; what happened, in its order. */
async function run(left: QuarantineLeft[], options: { expired?: number; clean?: string[]; remove?: (key: string) => Promise<void> } = {}): Promise<string[]> {
  const happened: string[] = []
  const log = Object.fromEntries(['info', 'warn', 'error'].map((level) => [level, (_about: object, text: string) => happened.push(`${level}: ${text}`)]))
  const loop = startQuarantine({
    region: 'us-east',
    quarantine: {
      tenants: async (at) => (at === now && happened.length === 0 ? ['eu-1', 'us-1'] : []),
      expire: async () => options.expired ?? 0,
      left: async (tenantId) => (tenantId === 'us-1' ? left : []),
      removed: async (_tenantId, ids) => void happened.push(`marked ${ids.join(' ')}`),
      cleanLeft: async (tenantId) => (tenantId === 'us-1' ? (options.clean ?? []) : []),
      cleanRemoved: async (_tenantId, ids) => void happened.push(`marked clean ${ids.join(' ')}`),
    },
    objects: { remove: async (bucket, key) => options.remove?.(key) ?? void happened.push(`${bucket} ${key}`) },
    connections: { tenant: async (id) => tenant(id) },
    clock: { now: () => now },
    log: log as never,
    everyMs: 5,
  })
  const endMs = performance.now() + 5_000
  while (!happened.some((line) => /^(marked|error|warn)/.test(line)) && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5))
  await loop.close()
  return happened
}

describe('hub/quarantine', () => {
  it('takes away every part, and marks what is gone only when all of it is', async () => {
    const left = [
      { uploadId: 'u1', quarantineKey: 'q/u1', parts: 2 },
      { uploadId: 'u2', quarantineKey: 'q/u2', parts: null },
    ]
    expect((await run(left)).slice(0, 4)).to.deep.equal(['quarantine q/u1/000', 'quarantine q/u1/001', 'quarantine q/u2', 'marked u1 u2'])
  })

  it('marks nothing when the store does not take it away: it comes again', async () => {
    const remove = async (): Promise<void> => {
      throw new Error('connect ECONNREFUSED')
    }
    expect(await run([{ uploadId: 'u1', quarantineKey: 'q/u1', parts: 1 }], { remove })).to.deep.equal([
      'error: emptying the quarantine failed on our side; later again',
    ])
  })

  it('takes both clean copies of a photo that left with its draft', async () => {
    expect((await run([], { clean: ['u1'] })).slice(0, 3)).to.deep.equal(['clean us-1/u1', 'clean us-1/u1.thumb', 'marked clean u1'])
  })

  it('says when photos were given up', async () => {
    expect(await run([], { expired: 3 })).to.deep.equal(['warn: photos were given up: nobody could scan them for too long'])
  })
})
