import type { ObjectStore } from '@heliox/core/kit'
import { cleanKeyOf, quarantineKeysOf, thumbKeyOf } from '@heliox/core/media'
import type { QuarantineStore } from '@heliox/core/ports'
import { everyTenant, type Repeating, type RoundDeps } from '../rounds/index.ts'

/** Nobody waits for it. */
const roundMs = 30_000
const placesMax = 2

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
      const left = await quarantine.left(tenantId, now)
      for (const { quarantineKey, parts } of left) for (const key of quarantineKeysOf(quarantineKey, parts)) await objects.remove('quarantine', key)
      if (left.length > 0) {
        await quarantine.removed(
          tenantId,
          left.map(({ uploadId }) => uploadId),
          now,
        )
        log.info({ tenantId, uploads: left.length }, 'files that have served were taken out of quarantine')
      }
      const cleanLeft = await quarantine.cleanLeft(tenantId, now)
      for (const uploadId of cleanLeft) for (const keyOf of [cleanKeyOf, thumbKeyOf]) await objects.remove('clean', keyOf(tenantId, uploadId))
      if (cleanLeft.length === 0) return
      await quarantine.cleanRemoved(tenantId, cleanLeft, now)
      log.info({ tenantId, uploads: cleanLeft.length }, 'photos that left with their draft were taken away')
    },
  })
}
