import { SignatureRecord } from '@heliox/core/compliance'
import { sha256Hex } from '@heliox/core/kit'
import type { AccessStore, ConsentStore, LinkFacts } from '@heliox/core/ports'
import { callOffUnauthorised } from './billing/charge-pages.ts'
import { billingIdsAbout } from './billing/ids-about.ts'
import { findVisit } from './clinical/visits.ts'
import { linesAbout } from './compliance/accesses.ts'
import { consentsOf, consentTexts, withdrawConsent, withdrawnOf } from './compliance/consents.ts'
import { fetchDocument, openDocument, type SealedDocument } from './identity/documents.ts'
import { codesOf } from './identity/proofs.ts'
import { messagingIdsAbout } from './messaging/ids-about.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

const patient = (link: Pick<LinkFacts, 'intakeId'>): string => `patient:${link.intakeId}`

/** Consents. Each method is one transaction of one tenant; no SQL is written here. */
export function makeConsents({ pool, vault, process, clock, wake }: Deps): ConsentStore {
  const reader = `service:${process}`
  return {
    given: (link) => withTenant(pool, link.tenantId, reader, async (tx) => (await consentsOf(tx, link.intakeId)).given),
    async receipt(link, now, staff) {
      await vault.warm(link.tenantId)
      const signed = await withTenant(pool, link.tenantId, staff ?? patient(link), async (tx) => {
        const { given, records } = await consentsOf(tx, link.intakeId)
        const sealed: { consentIds: readonly string[]; document: SealedDocument }[] = []
        for (const { documentId, consentIds } of records) {
          sealed.push({ consentIds, document: await fetchDocument(tx, documentId, staff === undefined ? 'receipt' : 'front desk', now) })
        }
        return { given, sealed }
      })
      const [form, ...later] = await Promise.all(
        signed.sealed.map(async ({ consentIds, document }) => {
          const text = await openDocument(vault, link.tenantId, document)
          return { consentIds, record: SignatureRecord.parse(JSON.parse(text)), recordSha256: sha256Hex(text) }
        }),
      )
      return form && { given: signed.given, record: form.record, recordSha256: form.recordSha256, later }
    },
    async withdraw(link, consentId, now) {
      const kind = await withTenant(pool, link.tenantId, patient(link), async (tx) => {
        const taken = await withdrawConsent(tx, { intakeId: link.intakeId, visitId: link.visitId, consentId }, now)
        if (taken === 'card-authorisation') await callOffUnauthorised(tx, link.intakeId, now)
        return taken
      })
      // The patient's page leads to the bank no more, in whichever window it is open.
      if (kind === 'card-authorisation') wake.journey({ tenantId: link.tenantId, intakeId: link.intakeId })
      return kind
    },
    withdrawn: (tenantId, intakeIds) => withTenant(pool, tenantId, reader, (tx) => withdrawnOf(tx, intakeIds)),
    texts: (tenantId) => withTenant(pool, tenantId, reader, (tx) => consentTexts(tx, clock.now())),
  }
}

/** Who saw what. Each method is one transaction of one tenant. */
export function makeAccesses({ pool, process }: Deps): AccessStore {
  return {
    about: (tenantId, { visitId, others }, span, most) =>
      withTenant(pool, tenantId, `service:${process}`, async (tx) => {
        const visit = await findVisit(tx, visitId)
        // Who opened a signed record named the record, not the visit.
        const records = visit ? (await consentsOf(tx, visit.intakeId)).records.map(({ documentId }) => documentId) : []
        const own = visit
          ? [...(await codesOf(tx, visit.intakeId)), ...(await messagingIdsAbout(tx, visit.intakeId)), ...(await billingIdsAbout(tx, visit.intakeId))]
          : []
        return linesAbout(tx, [visitId, ...others, ...own, ...[visit?.patientId, ...records].flatMap((id) => id ?? [])], span, most)
      }),
  }
}
