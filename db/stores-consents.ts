import { SignatureRecord } from '@heliox/core/compliance'
import { sha256Hex } from '@heliox/core/kit'
import type { AccessStore, ConsentStore, LinkFacts } from '@heliox/core/ports'
import { findVisit } from './clinical/visits.ts'
import { linesAbout } from './compliance/accesses.ts'
import { consentsOf, consentTexts, withdrawConsent, withdrawnOf } from './compliance/consents.ts'
import { fetchDocument, openDocument } from './identity/documents.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

const patient = (link: Pick<LinkFacts, 'intakeId'>): string => `patient:${link.intakeId}`

/** Consents. Each method is one transaction of one tenant; no SQL is written here. */
export function makeConsents({ pool, vault, process, clock }: Deps): ConsentStore {
  const reader = `service:${process}`
  return {
    given: (link) => withTenant(pool, link.tenantId, reader, async (tx) => (await consentsOf(tx, link.intakeId)).given),
    async receipt(link, now, staff) {
      await vault.warm(link.tenantId)
      const signed = await withTenant(pool, link.tenantId, staff ?? patient(link), async (tx) => {
        const { given, signatureDocumentId } = await consentsOf(tx, link.intakeId)
        return signatureDocumentId
          ? { given, sealed: await fetchDocument(tx, signatureDocumentId, staff === undefined ? 'receipt' : 'front desk', now) }
          : undefined
      })
      if (!signed) return undefined
      const text = await openDocument(vault, link.tenantId, signed.sealed)
      return { given: signed.given, record: SignatureRecord.parse(JSON.parse(text)), recordSha256: sha256Hex(text) }
    },
    withdraw: (link, consentId, now) =>
      withTenant(pool, link.tenantId, patient(link), (tx) => withdrawConsent(tx, { intakeId: link.intakeId, visitId: link.visitId, consentId }, now)),
    withdrawn: (tenantId, intakeIds) => withTenant(pool, tenantId, reader, (tx) => withdrawnOf(tx, intakeIds)),
    texts: (tenantId) => withTenant(pool, tenantId, reader, (tx) => consentTexts(tx, clock.now())),
  }
}

/** Who saw what. Each method is one transaction of one tenant. */
export function makeAccesses({ pool, process }: Deps): AccessStore {
  return {
    about: (tenantId, { visitId, others }, span, limit) =>
      withTenant(pool, tenantId, `service:${process}`, async (tx) => {
        const visit = await findVisit(tx, visitId)
        // Who opened the signed record named the record, not the visit.
        const record = visit && (await consentsOf(tx, visit.intakeId)).signatureDocumentId
        return linesAbout(tx, [visitId, ...others, ...[visit?.patientId, record].flatMap((id) => id ?? [])], span, limit)
      }),
  }
}
