import type { Clock, Log } from '@heliox/core/kit'
import type { ConnectionStore } from '@heliox/core/ports'
import { ownTenants } from './own-tenants.ts'
import { makePlaces } from './places.ts'
import { guarded, type Repeating, repeat } from './repeat.ts'

/** What an engine hands to whatever it does in rounds. */
export interface RoundDeps {
  /** Only its tenants: a region is a cell. */
  region: string
  connections: Pick<ConnectionStore, 'tenant'>
  clock: Clock
  log: Log
}
export interface EveryTenant extends Omit<RoundDeps, 'clock'> {
  /** In the log. */
  what: string
  /** How often it is asked who is due, by the machine's time; when somebody is due is for `due` to say. */
  roundMs: number
  /** Tenants at the same time in one engine. */
  placesMax: number
  due(): Promise<readonly string[]>
  run(tenantId: string, ending: AbortSignal): Promise<void>
}

/**
 * Round after round, something for every tenant that is due. A slow one keeps its own place and delays nobody; one that fails is logged,
 * and comes again. When there are more of them than places, each has its turn before anybody has a second one.
 */
export function everyTenant({ what, region, connections, log, roundMs, placesMax, due, run }: EveryTenant): Repeating {
  const ending = new AbortController()
  const { signal } = ending
  const places = makePlaces(placesMax)
  const own = ownTenants(connections, region)
  const rounds = repeat(what, roundMs, signal, log, async () => {
    for (const tenantId of await own(await due())) {
      await places.free()
      if (signal.aborted) return
      places.enter(tenantId, () => guarded(what, { tenantId }, log, () => run(tenantId, signal)))
    }
  })
  return {
    async close() {
      ending.abort()
      await rounds.close()
      await places.empty()
    },
  }
}
