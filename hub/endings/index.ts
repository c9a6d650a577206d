import type { EndingStore } from '@heliox/core/ports'
import { everyTenant, type Repeating, type RoundDeps } from '../rounds/index.ts'

/** A code lives for ten minutes, a draft for days: half a minute more of either is nothing. */
const roundMs = 30_000
const placesMax = 4

interface EndingsDeps extends RoundDeps {
  endings: EndingStore
}

/**
 * What has ended keeps nothing of the patient: what was typed behind a link that is over, and codes that nobody used. A submit empties its draft
 * itself; this is for those that were never sent. The rows stay, empty.
 */
export function startEndings({ region, endings, connections, clock, log }: EndingsDeps): Repeating {
  return everyTenant({
    ...{ what: 'emptying what has ended', region, connections, log, roundMs, placesMax },
    due: () => endings.tenants(clock.now()),
    async run(tenantId) {
      const emptied = await endings.empty(tenantId, clock.now())
      if (emptied > 0) log.info({ tenantId, emptied }, 'drafts and codes that ended were emptied')
    },
  })
}
