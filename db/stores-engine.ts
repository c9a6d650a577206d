import type { HoldCause } from '@heliox/core/messaging'
import type { ApplyStore, AuditStore, EffectLedger, FlowStore, LedgerEnd, LedgerMonths, PhiStore, Projector } from '@heliox/core/ports'
import { applyByName } from '@heliox/core/registry'
import { applyFunctions } from './applies/index.ts'
import { type Member, membersOf } from './billing/batches.ts'
import { findRelease, registerRelease } from './catalog/flows.ts'
import { readChart } from './clinical/charts.ts'
import { visitFacts } from './clinical/visits.ts'
import { audit } from './compliance/audit.ts'
import { signedIn } from './compliance/consents.ts'
import { fetchPatient, openFields } from './identity/patients.ts'
import { lockNewest } from './messaging/effects.ts'
import { endEffect } from './messaging/ledger-end.ts'
import { openLedgerMonths } from './messaging/ledger-months.ts'
import { openStarted, startEffect } from './messaging/ledger-start.ts'
import { openOverride } from './messaging/open-override.ts'
import { markPin, pinDelivery } from './messaging/pins.ts'
import { firstTime } from './outbox.ts'
import { projectEvent } from './reporting/projector.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

/** The engine's stores. Each method is one transaction of one tenant; no SQL is written here. */
export function makeLedger({ pool, vault, process, wake }: Deps): EffectLedger {
  const actor = `service:${process}`
  return {
    async start(ref, target, input, options) {
      await vault.warm(ref.tenantId)
      const started = await withTenant(pool, ref.tenantId, actor, (tx) => startEffect(tx, vault, ref, target, input, options))
      return openStarted(vault, ref.tenantId, started)
    },
    async end(ref, effectId, fencing, end, now) {
      await vault.warm(ref.tenantId)
      const at = { now, process, traceparent: traceparentOf(end) }
      const { is, changed } = await withTenant(pool, ref.tenantId, actor, (tx) => endEffect(tx, vault, ref, effectId, fencing, end, at))
      wake.outbox('messaging')
      for (const change of changed) wake.ops({ tenantId: ref.tenantId, ...change })
      return is
    },
  }
}

export const makeLedgerMonths = ({ pool }: Deps): LedgerMonths => ({ open: (now) => openLedgerMonths(pool, now) })

function traceparentOf(end: LedgerEnd): string | null {
  if (end.is === 'answered') return end.traceparent ?? null
  return end.is === 'retry' ? end.redeliver.traceparent : end.envelope.traceparent
}

/** Who must look at what the hub itself could not do. */
const bugOwner = { bug: 'engineer', overdue: 'engineer', contract: 'engineer', 'no-connection': 'clinic' } as const satisfies Partial<Record<HoldCause, string>>

export function makeFlows({ pool, process, wake }: Deps): FlowStore {
  const actor = `service:${process}`
  return {
    async pin(envelope, flow, now) {
      const at = { now, process, traceparent: envelope.traceparent }
      const pin = await withTenant(pool, envelope.tenantId, actor, (tx) => pinDelivery(tx, envelope, flow, at))
      // What was settled here may have told of it.
      if (pin.is === 'settled') wake.outbox('billing')
      return pin
    },
    settle: (envelope, flow, outcome, now) =>
      withTenant(pool, envelope.tenantId, actor, (tx) => markPin(tx, { rootId: envelope.rootId, flow }, outcome === 'done' ? 'settled' : outcome, now)),
    async holdBug(ref, cause, staffText, envelope, now) {
      const itemId = await withTenant(pool, ref.tenantId, actor, async (tx) => {
        const effect = (await lockNewest(tx, ref)) ?? null
        const at = { now, process, traceparent: envelope.traceparent }
        return openOverride(tx, ref, { effect, cause, owner: bugOwner[cause], staffText, envelope }, at)
      })
      wake.outbox('messaging')
      if (itemId !== undefined) wake.ops({ tenantId: ref.tenantId, is: 'item', id: itemId })
    },
    registerRelease: (flow, version, hash, release, now) => registerRelease(pool, { flow, version, sha256: hash, content: release }, now),
    release: (flow, version) => findRelease(pool, flow, version),
  }
}

export function makePhi(deps: Deps): PhiStore {
  const { pool, vault, process } = deps
  return {
    async readPatient(tenantId, patientId, fields, purpose, actor, now) {
      await vault.warm(tenantId)
      // The audit row is committed before anything is opened: a read that then fails has still been a read.
      const sealed = await withTenant(pool, tenantId, actor, (tx) => fetchPatient(tx, patientId, fields, purpose, now))
      return openFields(vault, tenantId, patientId, sealed, fields)
    },
    readVisit: (tenantId, visitId) => withTenant(pool, tenantId, `service:${process}`, (tx) => visitFacts(tx, visitId)),
    readSignedIn: (tenantId, intakeId) => withTenant(pool, tenantId, `service:${process}`, (tx) => signedIn(tx, intakeId)),
    readChart: (tenantId, patientId, purpose, actor, now) => readChart(deps, tenantId, patientId, purpose, actor, now),
    async readBatch(tenantId, batchId, fields, purpose, actor, now) {
      await vault.warm(tenantId)
      // One audit row per patient, committed before anything is opened.
      const members = await withTenant(pool, tenantId, actor, async (tx) => {
        const read: { member: Member; sealed: Buffer | undefined }[] = []
        for (const member of await membersOf(tx, batchId)) read.push({ member, sealed: await fetchPatient(tx, member.patientId, fields, purpose, now) })
        return read
      })
      return Promise.all(
        members.map(async ({ member: { patientId, ...member }, sealed }) => ({
          ...member,
          patient: await openFields(vault, tenantId, patientId, sealed, fields),
        })),
      )
    },
  }
}

export function makeApplies({ pool, vault, wake }: Deps): ApplyStore {
  return {
    async apply(name, input, { envelope, flow, version, step, process, now, suspicions = [] }) {
      const spec = applyByName.get(name)
      const apply = applyFunctions[name]
      if (!spec || !apply) throw new Error(`no apply is called ${name}`)
      const parsed = spec.input.schema.parse(input)
      await vault.warm(envelope.tenantId)
      const key = { eventId: envelope.rootId, flow, step }
      const items = new Set<string>()
      const itemChanged = (id: string): void => void items.add(id)
      const applied = await withTenant(pool, envelope.tenantId, `service:${process}`, async (tx) => {
        if (!(await firstTime(tx, spec.context, key, now))) return false
        await apply(parsed as never, { tx, vault, envelope, flow, version, step, suspicions, now, process, traceparent: envelope.traceparent, itemChanged })
        return true
      })
      wake.outbox(spec.context) // also after `again`: the commit before it may have died with its call
      for (const id of items) wake.ops({ tenantId: envelope.tenantId, is: 'item', id })
      // The patient's page reads what money is asked of them from our own rows: some of it no event tells.
      if (spec.context === 'billing' && envelope.intakeId) wake.journey({ tenantId: envelope.tenantId, intakeId: envelope.intakeId })
      return applied ? 'applied' : 'again'
    },
  }
}

export function makeProjector({ pool, process, wake }: Deps): Projector {
  return {
    async project(envelope, now) {
      const { intakeId } = envelope
      if (!intakeId) return null
      await withTenant(pool, envelope.tenantId, `service:${process}`, (tx) => projectEvent(tx, { ...envelope, intakeId }, now))
      wake.journey({ tenantId: envelope.tenantId, intakeId })
      return intakeId
    },
  }
}

export function makeAudit({ pool }: Deps): AuditStore {
  return {
    audit: (tenantId, { actor, ...entry }, now) => withTenant(pool, tenantId, actor, (tx) => audit(tx, entry, now)),
  }
}
