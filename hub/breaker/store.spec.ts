import { randomUUID } from 'node:crypto'
import type { BreakerRef, BreakerStore } from '@heliox/core/ports'
import { makeStores, openPool, openVault } from '@heliox/db'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'
import fc from 'fast-check'
import { memoryBreakers } from './testing.ts'

const startMs = Date.parse('2026-01-05T15:00:00.000Z')
const step = fc.oneof(
  fc.record({ is: fc.constant('trip' as const), cause: fc.constantFrom('timeout' as const, 'implausible' as const) }),
  fc.record({ is: fc.constant('claim' as const) }),
  fc.record({
    is: fc.constant('end' as const),
    how: fc.constantFrom('plausible' as const, 'plausible' as const, 'failed' as const, 'ignored' as const),
    lease: fc.constantFrom(0, 1),
  }),
  fc.record({ is: fc.constant('later' as const), ms: fc.constantFrom(500, 1_000, 5_000, 16_000) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What a store says to each step, in words. Leases are told by how many there were since, the last first. */
async function told(store: BreakerStore, ref: BreakerRef, steps: readonly Step[]): Promise<unknown[]> {
  let nowMs = startMs
  const leases: number[] = []
  const said: unknown[] = []
  for (const one of steps) {
    const now = new Date(nowMs)
    if (one.is === 'later') nowMs += one.ms
    if (one.is === 'trip') said.push(await store.trip(ref, one.cause, { resetMs: 1_000, plausibleToClose: 2 }, now))
    if (one.is === 'claim') {
      const claim = await store.claimProbe(ref, 2_000, now)
      if (claim.is === 'probe') leases.unshift(claim.lease)
      said.push(claim.is === 'closed' ? claim : { is: claim.is, breaker: claim.breaker })
    }
    if (one.is === 'end') {
      const lease = leases[one.lease]
      if (lease !== undefined) said.push(await store.endProbe(ref, lease, one.how === 'failed' ? { is: 'failed', cause: 'timeout' } : { is: one.how }, now))
    }
  }
  said.push((await store.notClosed()).filter(({ partner }) => partner === ref.partner))
  return said
}

/** The fake stands for the real one in every other test of this folder and of `hub/invoke`: it must not promise more. */
describe('hub/breaker, the rows in memory and in the database', function () {
  this.timeout(60_000)
  let db: TestDatabase
  before(async () => {
    db = await freshDatabase({ seed: true })
  })
  after(() => db.drop())

  it('say the same, whatever is asked of them', async () => {
    const pool = openPool(db.urlAs('hub_engine'), { max: 2 })
    const { breakers } = makeStores({ pool, vault: openVault({ pool, kmsFile: db.kmsFile }), process: 'engine-1', clock: { now: () => new Date(startMs) } })
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const ref: BreakerRef = { tenantId: demo.lakeside.id, partner: `p-${randomUUID().slice(0, 8)}`, payerId: 'HELIO1', operation: 'ask' }
          expect(await told(breakers, ref, steps)).to.deep.equal(await told(memoryBreakers(), ref, steps))
        }),
        { numRuns: 60 },
      )
    } finally {
      await pool.end()
    }
  })
})
