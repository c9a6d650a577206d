import type { VisitStore, VisitView } from '@heliox/core/ports'
import { forgetKnownChart, knownChart } from './clinical/forget-chart.ts'
import { visitsOfAnother } from './clinical/of-another.ts'
import { type ScheduleFacts, scheduleOwner } from './clinical/schedule-owner.ts'
import { changesOf, changeVisit } from './clinical/visit-changes.ts'
import { findVisit, type VisitRow } from './clinical/visits.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

/** Visits at the front desk. Each method is one transaction of one tenant. */
export function makeVisits({ pool, process, wake }: Deps): VisitStore {
  return {
    find: (tenantId, visitId) =>
      withTenant(pool, tenantId, `service:${process}`, async (tx) => {
        const visit = await findVisit(tx, visitId)
        return visit && viewOf(tx, visit, await scheduleOwner(tx))
      }),
    async change(tenantId, visitId, revision, wish, actor, now, traceparent = null) {
      const changed = await withTenant(pool, tenantId, actor, async (tx) => {
        // First: from here to the commit no handover of the schedule begins.
        const owner = await scheduleOwner(tx)
        const changeable = changeableOf(owner)
        if (changeable !== 'yes') return { is: changeable }
        const outcome = await changeVisit(tx, visitId, revision, wish, { now, process, traceparent })
        return 'visit' in outcome ? { is: outcome.is, visit: await viewOf(tx, outcome.visit, owner) } : outcome
      })
      if (changed.is === 'changed') wake.outbox('clinical')
      return changed
    },
    forgetChart: (tenantId, visitId, wish, actor, now) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const outcome = await forgetKnownChart(tx, visitId, wish, now)
        return 'visit' in outcome ? { is: outcome.is, visit: await viewOf(tx, outcome.visit, await scheduleOwner(tx)) } : outcome
      }),
  }
}

const changeableOf = ({ mayChange, handoverTo }: ScheduleFacts): VisitView['changeable'] => {
  if (mayChange) return 'yes'
  return handoverTo === null ? 'elsewhere' : 'handover'
}

async function viewOf(tx: Tx, visit: VisitRow, owner: ScheduleFacts): Promise<VisitView> {
  const changes = await changesOf(tx, visit.id)
  const chart = await knownChart(tx, visit)
  return {
    visitId: visit.id,
    intakeId: visit.intakeId,
    status: visit.status,
    startsAt: visit.startsAt.toISOString(),
    endsAt: visit.endsAt.toISOString(),
    practitioner: visit.practitioner,
    revision: visit.revision,
    cancelReason: visit.cancelReason,
    changeable: changeableOf(owner),
    ofAnother: (await visitsOfAnother(tx, [visit.id])).has(visit.id),
    chart: chart ? { since: chart.since.toISOString(), source: chart.source } : null,
    changes: changes.map(({ change, by, reason, fromStartsAt, startsAt, at }) => ({
      ...{ change, by, reason },
      ...{ fromStartsAt: fromStartsAt.toISOString(), startsAt: startsAt.toISOString(), at: at.toISOString() },
    })),
  }
}
