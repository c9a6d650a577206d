import type { DecisionStore } from '@heliox/core/ports'
import { carryOut, dueDecisions, putOff } from './messaging/carry-out.ts'
import { findDecision } from './messaging/decisions.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

/** The engine's side of decisions. Each method is one transaction of one tenant, in the name of who decided; no SQL is written here. */
export function makeDecisions({ pool, vault, process, wake }: Deps): DecisionStore {
  return {
    async tenants(now) {
      const found = await pool.query<{ id: string }>('SELECT tenant_id AS id FROM messaging.tenants_deciding($1)', [now])
      return found.rows.map(({ id }) => id)
    },
    due: (tenantId, limit, now) => withTenant(pool, tenantId, `service:${process}`, (tx) => dueDecisions(tx, limit, now)),
    async carryOut(tenantId, { id, by }, about) {
      await vault.warm(tenantId)
      const result = await withTenant(pool, tenantId, by, async (tx) => {
        const state = await carryOut(tx, vault, id, { ...about, traceparent: null })
        return { state, overrideId: (await findDecision(tx, id))?.overrideId }
      })
      if (result.state === 'taken') return result.state
      wake.outbox('messaging')
      wake.outbox('identity')
      if (result.overrideId) wake.ops({ tenantId, is: 'item', id: result.overrideId })
      return result.state
    },
    putOff: (tenantId, { id, by }, now) => withTenant(pool, tenantId, by, (tx) => putOff(tx, id, now)),
  }
}
