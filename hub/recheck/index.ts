import type { RecheckStore } from '@heliox/core/ports'
import { everyTenant, type Repeating, type RoundDeps } from '../rounds/index.ts'

/** How often we ask who is due; when somebody is due is on the hub's clock. */
const roundMs = 1_000
const placesMax = 4

interface RecheckDeps extends RoundDeps {
  rechecks: RecheckStore
  process: string
}

/**
 * Asks payers again: after an answer that is not believed, before a visit, about a canary. It sends nothing: what is due becomes an event in one
 * commit, and a flow sends. More engines are harmless, and keep to each payer's rate together: the store gives a clinic to one at a time.
 */
export function startRechecks({ region, rechecks, connections, clock, log, process }: RecheckDeps): Repeating {
  return everyTenant({
    ...{ what: 'asking again', region, connections, log, roundMs, placesMax },
    due: () => rechecks.due(clock.now()),
    async run(tenantId) {
      const asked = await rechecks.askDue(tenantId, { process, now: clock.now() })
      if (asked.rechecks + asked.canaries > 0) log.info({ tenantId, ...asked }, 'payers are asked again')
    },
  })
}
