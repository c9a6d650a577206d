import type { BulkTurnStore } from '@heliox/core/ports'
import { everyTenant, type Repeating, type RoundDeps } from '../rounds/index.ts'

const roundMs = 500
const placesMax = 4

interface BulkDeps extends RoundDeps {
  turns: BulkTurnStore
}

/**
 * Gives the items of bulk releases their turns. It decides and sends nothing itself: a turn is a decision, which is carried out like any
 * person's. One tenant's trouble keeps no other's release from going on.
 */
export function startBulkTurns({ region, turns, connections, clock, log }: BulkDeps): Repeating {
  return everyTenant({
    ...{ what: 'bulk releases', region, connections, log, roundMs, placesMax },
    due: () => turns.tenants(),
    run: async (tenantId) => {
      await turns.takeTurns(tenantId, clock.now())
    },
  })
}
