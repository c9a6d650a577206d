import type { QuarantineLeft, QuarantineStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { logTo, now, run as rounds, said } from '../rounds/testing.ts'
import { startQuarantine } from './index.ts'

/** One clinic with these files, until something was marked or logged; what happened, in its order. */
async function run(
  left: QuarantineLeft[],
  options: { expired?: number; clean?: string[]; remove?: (key: string) => Promise<void>; until?: RegExp } = {},
): Promise<string[]> {
  const happened: string[] = []
  const quarantine: QuarantineStore = {
    tenants: async (at) => (at === now && happened.length === 0 ? ['eu-1', 'us-1'] : []),
    expire: async () => options.expired ?? 0,
    left: async (tenantId) => (tenantId === 'us-1' ? left : []),
    removed: async (_tenantId, ids) => void happened.push(`marked ${ids.join(' ')}`),
    cleanLeft: async (tenantId) => (tenantId === 'us-1' ? (options.clean ?? []) : []),
    cleanRemoved: async (_tenantId, ids) => void happened.push(`marked clean ${ids.join(' ')}`),
  }
  const objects = { remove: async (bucket: string, key: string) => options.remove?.(key) ?? void happened.push(`${bucket} ${key}`) }
  const log = logTo((line) => happened.push(said(line)))
  await rounds(
    (around) => startQuarantine({ ...around, quarantine, objects, log, everyMs: 5 }),
    () => happened.some((line) => (options.until ?? /^(marked|error|warn)/).test(line)),
  )
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
      'error emptying the quarantine failed on our side; later again',
    ])
  })

  it('goes on behind a file that the store refuses to remove, and says so', async () => {
    const remove = async (key: string): Promise<void> => {
      if (key === 'q/u1/000') throw new Error('AccessDenied')
    }
    const left = ['u1', 'u2', 'u3'].map((id) => ({ uploadId: id, quarantineKey: `q/${id}`, parts: 1 }))
    expect(await run(left, { remove, until: /^error/ })).to.deep.equal([
      'marked u2 u3',
      'info files that have served were taken out of quarantine',
      'error emptying the quarantine failed on our side; later again',
    ])
  })

  it('takes both clean copies of a photo that left with its draft', async () => {
    expect((await run([], { clean: ['u1'] })).slice(0, 3)).to.deep.equal(['clean us-1/u1', 'clean us-1/u1.thumb', 'marked clean u1'])
  })

  it('says when photos were given up', async () => {
    expect(await run([], { expired: 3 })).to.deep.equal(['warn photos were given up: nobody could scan them for too long'])
  })
})
