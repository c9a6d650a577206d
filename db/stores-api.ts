import { randomUUID } from 'node:crypto'
import type { ClinicStore, IntakeStore, LinkFacts, OpsStore } from '@heliox/core/ports'
import { activeForms } from './catalog/forms.ts'
import { listPayers } from './catalog/payers.ts'
import { visitsOfAnother } from './clinical/of-another.ts'
import { isBooked, lockVisit, visitFacts } from './clinical/visits.ts'
import { consentTexts } from './compliance/consents.ts'
import { findLink, markOpened, submitIntake, visitOfIntake } from './identity/intakes.ts'
import { renewLink, revokeLink } from './identity/links.ts'
import { branding, tenantFacts } from './identity/tenants.ts'
import { cleanUpload, completeUpload, requestUpload, uploadOfIntake, uploadsOfIntake } from './media/uploads.ts'
import { findJourney, listJourneys } from './reporting/journeys.ts'
import type { Deps } from './store-deps.ts'
import { bookVisit } from './stores-desk.ts'
import { withTenant } from './tenancy.ts'

const patient = (link: Pick<LinkFacts, 'intakeId'>): string => `patient:${link.intakeId}`

/** The API's stores. Each method is one transaction of one tenant; no SQL is written here. */
export function makeIntake(deps: Deps): IntakeStore {
  const { pool, vault, process, clock, wake } = deps
  const reader = `service:${process}`
  return {
    findLink: (tokenSha256, now, proofSha256s) => findLink(pool, tokenSha256, now, proofSha256s),
    async open(link, now, traceparent = null) {
      const opened = await withTenant(pool, link.tenantId, patient(link), (tx) => markOpened(tx, link, { now, process, traceparent }))
      if (opened) wake.outbox('identity')
    },
    branding: (tenantId) => withTenant(pool, tenantId, reader, branding),
    payers: () => listPayers(pool),
    forms: (tenantId) => withTenant(pool, tenantId, reader, activeForms),
    consentTexts: (tenantId) => withTenant(pool, tenantId, reader, (tx) => consentTexts(tx, clock.now())),
    requestUpload: (link, upload, now) => withTenant(pool, link.tenantId, patient(link), (tx) => requestUpload(tx, link.intakeId, upload, now)),
    async completeUpload(link, uploadId, now, traceparent = null) {
      const at = { now, process, traceparent }
      const { is, wrote } = await withTenant(pool, link.tenantId, patient(link), (tx) => completeUpload(tx, link.intakeId, uploadId, at))
      if (wrote) wake.outbox('media')
      return is
    },
    upload: (link, uploadId) => withTenant(pool, link.tenantId, patient(link), (tx) => uploadOfIntake(tx, link.intakeId, uploadId)),
    async submit(link, submission, meta, now) {
      const outcome = await submitIntake(pool, vault, link, submission, meta, { now, process, traceparent: meta.traceparent })
      if (outcome === 'submitted' || outcome === 'replayed') wake.outbox('identity')
      return outcome
    },
  }
}

export function makeClinic({ pool, vault, process, wake }: Deps): ClinicStore {
  const reader = `service:${process}`
  return {
    tenant: (tenantId) => withTenant(pool, tenantId, reader, tenantFacts),
    async createVisit(tenantId, { visitId: chosen, ...details }, link, actor, now, traceparent = null) {
      const at = { now, process, traceparent }
      const ids = { visitId: chosen ?? randomUUID(), intakeId: randomUUID() }
      await vault.warm(tenantId)
      const made = await withTenant(pool, tenantId, actor, async (tx) => {
        if (chosen !== undefined && (await isBooked(tx, chosen))) return 'booked-already'
        return bookVisit(tx, vault, { ...ids, details, link }, at)
      })
      if (made !== 'booked') return made
      wake.outbox('clinical')
      wake.outbox('identity')
      return ids
    },
    visitEnd: (tenantId, intakeId) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const visitId = await visitOfIntake(tx, intakeId)
        return visitId === undefined ? undefined : new Date((await visitFacts(tx, visitId)).endsAt)
      }),
    async renewLink(tenantId, intakeId, link, actor, correlationId, now) {
      await vault.warm(tenantId)
      return withTenant(pool, tenantId, actor, async (tx) => {
        const visitId = await visitOfIntake(tx, intakeId)
        // Locked, as by whoever finds that it is another's: of the two the second sees what the first made of it.
        if (visitId !== undefined && (await lockVisit(tx, visitId)) && (await visitsOfAnother(tx, [visitId])).has(visitId)) return 'of-another'
        return renewLink(tx, vault, intakeId, link, correlationId, now)
      })
    },
    revokeLink: (tenantId, intakeId, actor, correlationId, now) => withTenant(pool, tenantId, actor, (tx) => revokeLink(tx, intakeId, correlationId, now)),
    uploads: (tenantId, intakeId) => withTenant(pool, tenantId, reader, (tx) => uploadsOfIntake(tx, intakeId)),
    cleanUpload: (tenantId, uploadId) => withTenant(pool, tenantId, reader, (tx) => cleanUpload(tx, uploadId)),
  }
}

export function makeOps({ pool, process }: Deps): OpsStore {
  const reader = `service:${process}`
  return {
    journey: (tenantId, intakeId) => withTenant(pool, tenantId, reader, (tx) => findJourney(tx, intakeId)),
    journeys: (tenantId, filter) => withTenant(pool, tenantId, reader, (tx) => listJourneys(tx, filter)),
  }
}
