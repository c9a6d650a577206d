import { planTerms } from '@heliox/core/billing'
import { type LanguageTag, sha256Hex } from '@heliox/core/kit'
import type { DuesStore, HookStore, LinkFacts, PaymentStore } from '@heliox/core/ports'
import { beginChargeChecks, chargeToConfirm, stopCharge } from './billing/charge-pages.ts'
import { beginCharge, beginDueCharges, lockCharge } from './billing/charges.ts'
import { askForMethod, offerMethod } from './billing/method-requests.ts'
import { actionOf, askedOfPatient } from './billing/patient-money.ts'
import { beginChecks } from './billing/payment-checks.ts'
import { methodOf, plansOf, viewPayments } from './billing/payments-view.ts'
import { agreePlan, beginInstalments, endPlan, methodOnFile, proposePlan } from './billing/plans.ts'
import { beginRefund } from './billing/refunds.ts'
import { findVisit } from './clinical/visits.ts'
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
  /** A change of money: the relay has something, and the patient's page shows it, also where no event tells of it. */
  const moved = (tenantId: string, intakeId: string): void => {
    wake.outbox('billing')
    wake.journey({ tenantId, intakeId })
  }
  /** A page of the bank, for the patient of this link, and audited as opened for this. */
  const opened = async (link: LinkFacts, purpose: string, idOf: (tx: Tx) => Promise<string | undefined>, now: Date): Promise<string | undefined> => {
    await vault.warm(link.tenantId)
    const sealed = await withTenant(pool, link.tenantId, patient(link), async (tx) => {
      const id = await idOf(tx)
      return id === undefined ? undefined : fetchDocument(tx, id, purpose, now)
    })
    return sealed && openDocument(vault, link.tenantId, sealed)
  }
  return {
    view: (tenantId, intakeId, now) =>
      withTenant(pool, tenantId, reader, async (tx) => ((await visitOfIntake(tx, intakeId)) ? viewPayments(tx, intakeId, now) : undefined)),
    async charge(tenantId, { id, intakeId, amountMinor }, actor, now, traceparent = null) {
      const begun = await withTenant(pool, tenantId, actor, async (tx) => {
        const before = await lockCharge(tx, { id })
        if (before) return before.intakeId === intakeId && before.amountMinor === amountMinor ? 'again' : 'conflict'
        const takesPlace = await placeOf(tx, intakeId)
        if (takesPlace !== 'yes') return takesPlace
        const onFile = await methodOnFile(tx, intakeId)
        if (typeof onFile === 'string') return onFile
        const charge = { ...onFile, id, intakeId, purpose: 'copay' as const, instalmentId: null, amountMinor }
        if (!(await beginCharge(tx, charge, actor, { now, process, traceparent }))) return 'charged-already'
        await audit(tx, { action: 'payment.charge', resource: `charge:${id}`, outcome: 'ok' }, now)
        return 'begun'
      })
      if (begun === 'begun') moved(tenantId, intakeId)
      return begun
    },
    async refund(tenantId, { chargeId, ...wish }, actor, now, traceparent = null) {
      let intakeId = ''
      const begun = await withTenant(pool, tenantId, actor, async (tx) => {
        const charge = await lockCharge(tx, { id: chargeId })
        if (!charge) return 'not-found'
        ;({ intakeId } = charge)
        const is = await beginRefund(tx, charge, wish, { now, process, traceparent })
        if (is === 'begun') await audit(tx, { action: 'payment.refund', resource: `refund:${wish.id} ${wish.reason}`, outcome: 'ok' }, now)
        return is
      })
      if (begun === 'begun') moved(tenantId, intakeId)
      return begun
    },
    async stopCharge(tenantId, chargeId, actor, now) {
      let intakeId = ''
      const stopped = await withTenant(pool, tenantId, actor, async (tx) => {
        const charge = await lockCharge(tx, { id: chargeId })
        if (!charge) return 'not-found'
        ;({ intakeId } = charge)
        const is = await stopCharge(tx, charge, { now, process, traceparent: null })
        if (is === 'stopped') await audit(tx, { action: 'payment.stop', resource: `charge:${chargeId}`, outcome: 'ok' }, now)
        return is
      })
      if (stopped === 'stopped') moved(tenantId, intakeId)
      return stopped
    },
    async askForMethod(tenantId, wish, actor, now) {
      const asked = await withTenant(pool, tenantId, actor, async (tx) => {
        const takesPlace = await placeOf(tx, wish.intakeId)
        return takesPlace === 'yes' ? askForMethod(tx, wish, now) : takesPlace
      })
      if (asked === 'asked') moved(tenantId, wish.intakeId)
      return asked
    },
    async leaveMethod(link, left, now, traceparent = null) {
      await vault.warm(link.tenantId)
      const is = await withTenant(pool, link.tenantId, patient(link), async (tx) =>
        (await placeOf(tx, link.intakeId)) === 'yes' ? offerMethod(tx, link, left, { now, process, traceparent, vault }) : 'visit-cancelled',
      )
      if (is === 'offered') moved(link.tenantId, link.intakeId)
      return is
    },
    async proposePlan(tenantId, wish, timeZone, actor, now) {
      const proposed = await withTenant(pool, tenantId, actor, async (tx) => {
        const takesPlace = await placeOf(tx, wish.intakeId)
        return takesPlace === 'yes' ? proposePlan(tx, wish, timeZone, now) : takesPlace
      })
      if (proposed === 'proposed') moved(tenantId, wish.intakeId)
      return proposed
    },
    async endPlan(tenantId, planId, actor, now) {
      const ended = await withTenant(pool, tenantId, actor, (tx) => endPlan(tx, planId, now))
      if (!ended) return 'not-found'
      moved(tenantId, ended.intakeId)
      return 'ended'
    },
    ofPatient: (link, now) =>
      withTenant(pool, link.tenantId, patient(link), async (tx) => ({
        ...(await askedOfPatient(tx, link.intakeId, (await placeOf(tx, link.intakeId)) !== 'yes', now)),
        method: await methodOf(tx, link.intakeId),
      })),
    async agreePlan(link, agreed, now) {
      const is = await withTenant(pool, link.tenantId, patient(link), async (tx) => {
        const plan = (await plansOf(tx, link.intakeId, ['proposed', 'expired', 'agreed'], now)).find(({ id }) => id === agreed.planId)
        if (!plan) return 'not-found'
        if (plan.status === 'expired') return 'expired'
        if (plan.status === 'proposed' && (await placeOf(tx, link.intakeId)) !== 'yes') return 'visit-cancelled'
        // Nothing of it could be charged: it is not shown either (`askedOfPatient`).
        if (plan.status === 'proposed' && typeof (await methodOnFile(tx, link.intakeId)) === 'string') return 'not-found'
        const { name } = await tenantFacts(tx)
        const shown = sha256Hex(planTerms(plan, name, agreed.language as LanguageTag).join('\n'))
        return shown === agreed.termsSha256 ? agreePlan(tx, link.intakeId, agreed, now) : 'changed-meanwhile'
      })
      if (is === 'agreed') moved(link.tenantId, link.intakeId)
      return is
    },
    confirmationUrl: (link, now) => opened(link, 'confirm-payment-method', (tx) => actionOf(tx, link.intakeId), now),
    chargeUrl: (link, now) =>
      opened(
        link,
        'confirm-charge',
        async (tx) => ((await placeOf(tx, link.intakeId)) === 'yes' ? (await chargeToConfirm(tx, link.intakeId))?.pageId : undefined),
        now,
      ),
  }
}

/** Money is asked for only where there is a visit. One that nobody came to is not called off: what is owed for it is the clinic’s to decide. */
async function placeOf(tx: Tx, intakeId: string): Promise<'yes' | 'visit-cancelled' | 'not-found'> {
  const visitId = await visitOfIntake(tx, intakeId)
  if (visitId === undefined) return 'not-found'
  return (await findVisit(tx, visitId))?.status === 'cancelled' ? 'visit-cancelled' : 'yes'
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
        chargeChecks: await beginChargeChecks(tx, perRoundMax, at),
      }))
      if (begun.charges + begun.instalments + begun.checks + begun.chargeChecks > 0) wake.outbox('billing')
      return begun
    },
  }
}
