import type { ScheduleRounds } from '@heliox/core/ports'
import { everyTenant, type Repeating, type RoundDeps } from '../rounds/index.ts'

/** How often we ask who is due; when somebody is due is on the hub's clock. */
const roundMs = 1_000
const placesMax = 4

interface ScheduleDeps extends RoundDeps {
  schedules: ScheduleRounds
  process: string
}

/**
 * Has a clinic's visits compared with its old scheduler, now and then, and all the time while a handover waits for the last difference. It
 * sends nothing: what is due becomes the event of the first page, and a flow goes on from there.
 */
export function startComparisons({ region, schedules, connections, clock, log, process }: ScheduleDeps): Repeating {
  return everyTenant({
    ...{ what: 'comparing with the old scheduler', region, connections, log, roundMs, placesMax },
    due: () => schedules.due(clock.now()),
    async run(tenantId) {
      if (await schedules.begin(tenantId, { process, now: clock.now() })) log.info({ tenantId }, 'the old scheduler is compared')
    },
  })
}
