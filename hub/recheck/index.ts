import type { Clock, Log } from '@heliox/core/kit'
import type { ConnectionStore, RecheckStore } from '@heliox/core/ports'
import { ownTenants } from '../receive/own-tenants.ts'
import { makePlaces } from '../receive/places.ts'
import { guarded, type Repeating, repeat } from '../receive/repeat.ts'

/** How often we ask who is due; when somebody is due is on the hub's clock. */
const roundMs = 1_000
const placesMax = 4

export interface RecheckDeps {
  /** Only its tenants: a region is a cell. */
  region: string
  rechecks: RecheckStore
  connections: Pick<ConnectionStore, 'tenant'>
  clock: Clock
  log: Log
  process: string
}

/**
 * Asks payers again: after an answer that is not believed, before a visit, about a canary. It sends nothing: what is due becomes an event in one
 * commit, and a flow sends. More engines are harmless, and keep to each payer's rate together: the store gives a clinic to one at a time.
 */
export function startRechecks({ region, rechecks, connections, clock, log, process }: RecheckDeps): Repeating {
  const ending = new AbortController()
  const places = makePlaces(placesMax)
  const own = ownTenants(connections, region)
  const rounds = repeat('asking again', roundMs, ending.signal, log, async () => {
    for (const tenantId of await own(await rechecks.due(clock.now()))) {
      places.enter(tenantId, () => guarded('asking again', { tenantId }, log, () => ask(tenantId)))
    }
  })
  async function ask(tenantId: string): Promise<void> {
    const asked = await rechecks.askDue(tenantId, { process, now: clock.now() })
    if (asked.rechecks + asked.canaries > 0) log.info({ tenantId, ...asked }, 'payers are asked again')
  }
  return {
    async close() {
      ending.abort()
      await rounds.close()
      await places.empty()
    },
  }
}
