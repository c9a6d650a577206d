import type { DuesStore } from '@heliox/core/ports'
import { everyTenant, type Repeating, type RoundDeps } from '../rounds/index.ts'

/** How often we ask who is due; when something is due is on the hub's clock. */
const roundMs = 1_000
const placesMax = 4

interface DuesDeps extends RoundDeps {
  dues: DuesStore
  process: string
}

/**
 * What money is due: a charge that is tried again, an instalment of a plan, a method or a
 * charge with the patient whose end nobody told. It moves nothing: what is due
 * becomes an event in one commit, and a flow asks the partner. More engines are harmless: rows are locked, and the database takes one live
 * charge for a thing.
 */
export function startDues({ region, dues, connections, clock, log, process }: DuesDeps): Repeating {
  return everyTenant({
    ...{ what: 'beginning what is due', region, connections, log, roundMs, placesMax },
    due: () => dues.tenants(clock.now()),
    async run(tenantId) {
      const begun = await dues.begin(tenantId, { process, now: clock.now() })
      if (begun.charges + begun.instalments + begun.checks + begun.chargeChecks > 0) log.info({ tenantId, ...begun }, 'money that is due was asked for')
    },
  })
}
