import type { ObjectStore } from '@heliox/core/kit'
import { cleanKeyOf, quarantineKeysOf, thumbKeyOf } from '@heliox/core/media'
import type { QuarantineStore } from '@heliox/core/ports'
import { everyTenant, type Repeating, type RoundDeps } from '../rounds/index.ts'

/** Nobody waits for it. */
const roundMs = 30_000
const placesMax = 2
/** So many in a round, and the store itself is away. */
const failuresMax = 5

interface QuarantineDeps extends RoundDeps {
  quarantine: QuarantineStore
  objects: Pick<ObjectStore, 'remove'>
  /** Tests do not wait. */
  everyMs?: number
}

/**
 * Nothing stays in quarantine for ever: not what has been scanned, not the parts of what was never finished, and not what nobody could scan. The
 * files go first and the row is marked afterwards; killed in between, they are taken away once more, which is harmless. Nothing goes while a
 * signed URL could still put something in its place. Photos that left with a draft go the same way, and their clean copies after them.
 */
export function startQuarantine({ region, quarantine, objects, connections, clock, log, everyMs = roundMs }: QuarantineDeps): Repeating {
  return everyTenant({
    ...{ what: 'emptying the quarantine', region, connections, log, roundMs: everyMs, placesMax },
    due: () => quarantine.tenants(clock.now()),
    async run(tenantId) {
      const now = clock.now()
      const expired = await quarantine.expire(tenantId, now)
      if (expired > 0) log.warn({ tenantId, expired }, 'photos were given up: nobody could scan them for too long')
      const failures: unknown[] = []
      const left = await quarantine.left(tenantId, now)
      const taken = await each(left, failures, async ({ quarantineKey, parts }) => {
        for (const key of quarantineKeysOf(quarantineKey, parts)) await objects.remove('quarantine', key)
      })
      if (taken.length > 0) {
        await quarantine.removed(
          tenantId,
          taken.map(({ uploadId }) => uploadId),
          now,
        )
        log.info({ tenantId, uploads: taken.length }, 'files that have served were taken out of quarantine')
      }
      const cleanLeft = await each(await quarantine.cleanLeft(tenantId, now), failures, async (uploadId) => {
        for (const keyOf of [cleanKeyOf, thumbKeyOf]) await objects.remove('clean', keyOf(tenantId, uploadId))
      })
      if (cleanLeft.length > 0) {
        await quarantine.cleanRemoved(tenantId, cleanLeft, now)
        log.info({ tenantId, uploads: cleanLeft.length }, 'photos that left with their draft were taken away')
      }
      if (failures.length > 0) throw failures[0]
    },
  })
}

/** Those that it worked for. One that the store keeps refusing must not keep all that come after it. */
async function each<T>(all: readonly T[], failures: unknown[], work: (one: T) => Promise<void>): Promise<T[]> {
  const done: T[] = []
  for (const one of all) {
    try {
      await work(one)
      done.push(one)
    } catch (error) {
      failures.push(error)
      if (failures.length >= failuresMax) break
    }
  }
  return done
}
