import type { Clock, Log } from '@heliox/core/kit'
import type { BulkTurnStore, ConnectionStore } from '@heliox/core/ports'
import { ownTenants } from '../receive/own-tenants.ts'
import { guarded, type Repeating, repeat } from '../receive/repeat.ts'

const roundMs = 500

export interface BulkDeps {
  /** Only its tenants: a region is a cell. */
  region: string
  turns: BulkTurnStore
  connections: Pick<ConnectionStore, 'tenant'>
  clock: Clock
  log: Log
}

/**
 * Gives the items of bulk releases their turns. It decides and sends nothing itself: a turn is a decision, which is carried out like any
 * person's. One tenant's trouble keeps no other's release from going on.
 */
export function startBulkTurns({ region, turns, connections, clock, log }: BulkDeps): Repeating {
  const ending = new AbortController()
  const own = ownTenants(connections, region)
  const loop = repeat('bulk releases', roundMs, ending.signal, log, async () => {
    for (const tenantId of await own(await turns.tenants())) {
      if (ending.signal.aborted) return
      await guarded('a bulk release', { tenantId }, log, async () => {
        await turns.takeTurns(tenantId, clock.now())
      })
    }
  })
  return {
    async close() {
      ending.abort()
      await loop.close()
    },
  }
}
