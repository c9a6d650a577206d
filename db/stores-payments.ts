import { planTerms } from '@heliox/core/billing'
import { type LanguageTag, sha256Hex } from '@heliox/core/kit'
import type { DuesStore, HookStore, LinkFacts, PaymentStore } from '@heliox/core/ports'
import { beginCharge, beginDueCharges, lockCharge } from './billing/charges.ts'
import { beginChecks } from './billing/payment-checks.ts'
import { methodOf, plansOf, viewPayments } from './billing/payments-view.ts'
import { agreePlan, beginInstalments, endPlan, methodOnFile, proposePlan } from './billing/plans.ts'
import { beginRefund } from './billing/refunds.ts'

import { audit } from './compliance/audit.ts'
import { findHook, makeHookOpener } from './identity/connections.ts'
import { fetchDocument, openDocument } from './identity/documents.ts'
import { visitOfIntake } from './identity/intakes.ts'
import { tenantFacts } from './identity/tenants.ts'
import { keepFile } from './messaging/received-files.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

/** So many of each kind in one commit of one clinic; the next round goes on. */
const perRoundMax = 100
const patient = (link: Pick<LinkFacts, 'intakeId'>): string => `patient:${link.intakeId}`

export function makeHooks({ pool, vault, process, clock }: Deps): HookStore {
  return {
    find: (adapterId, hookKey) => findHook(pool, adapterId, hookKey),
    open: makeHookOpener({ pool, vault, process, clock }),
    async keep(tenantId, receiver, file, now) {
      await vault.warm(tenantId)
      return withTenant(pool, tenantId, `service:${process}`, (tx) => keepFile(tx, vault, receiver, file, now))
    },
  }
}

/** Money, as far as the API goes: rows and events in one commit; a flow moves it. No SQL is written here. */
export function makePayments({ pool, vault, process, wake }: Deps): PaymentStore {
  const reader = `service:${process}`
  return {
    view: (tenantId, intakeId) =>
      withTenant(pool, tenantId, reader, async (tx) => ((await visitOfIntake(tx, intakeId)) ? viewPayments(tx, intakeId) : undefined)),
    async charge(tenantId, { id, intakeId, amountMinor }, actor, now, traceparent = null) {
      const begun = await withTenant(pool, tenantId, actor, async (tx) => {
        const before = await lockCharge(tx, { id })
        if (before) return before.intakeId === intakeId && before.amountMinor === amountMinor ? 'again' : 'conflict'
        if (!(await visitOfIntake(tx, intakeId))) return 'not-found'
        const onFile = await methodOnFile(tx, intakeId)
        if (!onFile) return 'no-method'
        const charge = { ...onFile, id, intakeId, purpose: 'copay' as const, instalmentId: null, amountMinor }
        if (!(await beginCharge(tx, charge, actor, { now, process, traceparent }))) return 'charged-already'
        await audit(tx, { action: 'payment.charge', resource: `charge:${id}`, outcome: 'ok' }, now)
        return 'begun'
      })
      if (begun === 'begun') wake.outbox('billing')
      return begun
    },
    async refund(tenantId, { chargeId, ...wish }, actor, now, traceparent = null) {
      const begun = await withTenant(pool, tenantId, actor, async (tx) => {
        const charge = await lockCharge(tx, { id: chargeId })
        if (!charge) return 'not-found'
        const is = await beginRefund(tx, charge, wish, { now, process, traceparent })
        if (is === 'begun') await audit(tx, { action: 'payment.refund', resource: `refund:${wish.id} ${wish.reason}`, outcome: 'ok' }, now)
        return is
      })
      if (begun === 'begun') wake.outbox('billing')
      return begun
    },
    proposePlan: (tenantId, wish, timeZone, actor, now) =>
      withTenant(pool, tenantId, actor, async (tx) => ((await visitOfIntake(tx, wish.intakeId)) ? proposePlan(tx, wish, timeZone, now) : 'not-found')),
    endPlan: (tenantId, planId, actor, now) => withTenant(pool, tenantId, actor, (tx) => endPlan(tx, planId, now)),
    ofPatient: (link) =>
      withTenant(pool, link.tenantId, patient(link), async (tx) => ({
        confirm: (await actionOf(tx, link.intakeId)) !== undefined,
        plan: (await plansOf(tx, link.intakeId, ['proposed']))[0] ?? null,
        method: await methodOf(tx, link.intakeId),
      })),
    agreePlan: (link, agreed, now) =>
      withTenant(pool, link.tenantId, patient(link), async (tx) => {
        const plan = (await plansOf(tx, link.intakeId, ['proposed', 'agreed'])).find(({ id }) => id === agreed.planId)
        if (!plan) return 'not-found'
        const { name } = await tenantFacts(tx)
        const shown = sha256Hex(planTerms(plan, name, agreed.language as LanguageTag).join('\n'))
        return shown === agreed.termsSha256 ? agreePlan(tx, link.intakeId, agreed, now) : 'changed-meanwhile'
      }),
    async confirmationUrl(link, now) {
      await vault.warm(link.tenantId)
      const sealed = await withTenant(pool, link.tenantId, patient(link), async (tx) => {
        const id = await actionOf(tx, link.intakeId)
        return id === undefined ? undefined : fetchDocument(tx, id, 'confirm-payment-method', now)
      })
      return sealed && openDocument(vault, link.tenantId, sealed)
    },
  }
}

async function actionOf(tx: Tx, intakeId: string): Promise<string | undefined> {
  const found = await tx.query<{ id: string }>(
    `SELECT action_document_id AS id FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2 AND status = 'needs-you' AND action_document_id IS NOT NULL`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]?.id
}

export function makeDues({ pool, wake, process: name }: Deps): DuesStore {
  return {
    async tenants(now) {
      const found = await pool.query<{ tenantId: string }>('SELECT tenant_id AS "tenantId" FROM billing.tenants_with_dues($1)', [now])
      return found.rows.map(({ tenantId }) => tenantId)
    },
    async begin(tenantId, { process, now }) {
      const at = { now, process, traceparent: null }
      const begun = await withTenant(pool, tenantId, `service:${name}`, async (tx) => ({
        charges: await beginDueCharges(tx, perRoundMax, at),
        instalments: await beginInstalments(tx, perRoundMax, at),
        checks: await beginChecks(tx, perRoundMax, at),
      }))
      if (begun.charges + begun.instalments + begun.checks > 0) wake.outbox('billing')
      return begun
    },
  }
}
