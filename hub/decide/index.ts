import type { DecisionStore } from '@heliox/core/ports'
import { errorFields } from '../log/index.ts'
import { everyTenant, isTransient, type Repeating, type RoundDeps } from '../rounds/index.ts'

/** How often we ask whose decisions are due; a person who said "retry now" waits no longer than this. */
const roundMs = 500
const placesMax = 4
/** Of one clinic in one round: a bulk release comes in turns, and another clinic's turn comes too. */
const perRoundMax = 50

interface DecideDeps extends RoundDeps {
  decisions: DecisionStore
  process: string
}

/**
 * Carries out what people decided, once the time to take it back is over. Each decision is one commit with all that follows from it: an
 * engine that is killed has done all of it or nothing, and the next one finds what is left. One that fails on our side is put off and,
 * after a few times, given back to people.
 */
export function startDecisions({ region, decisions, connections, clock, log, process }: DecideDeps): Repeating {
  async function carryOutOne(tenantId: string, due: { id: string; by: string }): Promise<void> {
    try {
      const state = await decisions.carryOut(tenantId, due, { process, now: clock.now() })
      if (state === 'refused') log.warn({ tenantId, decisionId: due.id }, 'a decision could not be carried out')
    } catch (error) {
      // Storage that is away says nothing about this decision: it stays due.
      if (isTransient(error)) throw error
      log.error({ tenantId, decisionId: due.id, ...errorFields(error) }, 'carrying out a decision failed on our side; later again')
      await decisions.putOff(tenantId, due, clock.now())
    }
  }
  return everyTenant({
    ...{ what: 'carrying out decisions', region, connections, log, roundMs, placesMax },
    due: () => decisions.tenants(clock.now()),
    async run(tenantId, ending) {
      for (const due of await decisions.due(tenantId, perRoundMax, clock.now())) {
        if (ending.aborted) return
        await carryOutOne(tenantId, due)
      }
    },
  })
}
