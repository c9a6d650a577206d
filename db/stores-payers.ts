import type { PayerAdminStore, PayerStore, PlausibilityStore, RecheckStore } from '@heliox/core/ports'
import { canaryResults } from './billing/canaries.ts'
import { judgeAnswer, seenAnswer } from './billing/plausibility.ts'
import { askDue, tenantsToAsk } from './billing/rechecks.ts'
import { findPayerForAdmin, listPayersForAdmin, savePayerSettings } from './catalog/payer-admin.ts'
import { type KnownPayer, knownPayerOf } from './catalog/payers.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

/** Stores of what a payer is like: the engine's, and the admin's. Each method is one transaction of one tenant; no SQL is written here. */
export function makePayers({ pool, process }: Deps): PayerStore {
  const known = (tenantId: string, payerId: string): Promise<KnownPayer> => withTenant(pool, tenantId, `service:${process}`, (tx) => knownPayerOf(tx, payerId))
  return {
    async payer(tenantId, payerId) {
      const { id, name, rules, supported } = await known(tenantId, payerId)
      return { id, name, route: rules.route, supported }
    },
    hours: async (tenantId, payerId) => (await known(tenantId, payerId)).rules.calendar,
    canary: async (tenantId, payerId, kind) => (await known(tenantId, payerId)).rules.canaries.find((canary) => canary.known === kind),
  }
}

export function makePlausibility({ pool, vault, process }: Deps): PlausibilityStore {
  return {
    async judge(tenantId, payerId, answer, now) {
      const seen = await seenAnswer(vault, tenantId, answer)
      return withTenant(pool, tenantId, `service:${process}`, (tx) => judgeAnswer(tx, payerId, seen, null, now))
    },
  }
}

export function makeRechecks({ pool, wake }: Deps): RecheckStore {
  return {
    due: (now) => tenantsToAsk(pool, now),
    async askDue(tenantId, about) {
      const at = { ...about, traceparent: null }
      const asked = await withTenant(pool, tenantId, `service:${about.process}`, (tx) => askDue(tx, at))
      if (asked.rechecks + asked.canaries > 0) wake.outbox('billing')
      return asked
    },
  }
}

export function makePayerAdmin({ pool, process }: Deps): PayerAdminStore {
  const reader = `service:${process}`
  return {
    list: (tenantId, now) => withTenant(pool, tenantId, reader, (tx) => listPayersForAdmin(tx, now)),
    find: (tenantId, payerId, now) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const found = await findPayerForAdmin(tx, payerId, now)
        if (!found) return undefined
        const { catalogue, own: settings } = found.payer
        return { ...found.item, catalogue, settings, canaryResults: await canaryResults(tx, payerId) }
      }),
    save: (tenantId, payerId, values, actor, now) => withTenant(pool, tenantId, actor, (tx) => savePayerSettings(tx, payerId, values, now)),
  }
}
