import { type ConsentKind, SignatureRecord, type WithdrawalWay } from '@heliox/core/compliance'
import { sha256Hex } from '@heliox/core/kit'
import type { AccessStore, ConsentStore, LinkFacts } from '@heliox/core/ports'
import { callOffUnauthorised } from './billing/charge-pages.ts'
import { billingIdsAbout } from './billing/ids-about.ts'
import { findVisit } from './clinical/visits.ts'
import { linesAbout } from './compliance/accesses.ts'
import { consentsOf, consentTexts, withdrawConsent, withdrawnOf } from './compliance/consents.ts'
import { fetchDocument, openDocument, type SealedDocument } from './identity/documents.ts'
import { codesOf } from './identity/proofs.ts'
import { reachOf } from './identity/reach.ts'
import { messagingIdsAbout } from './messaging/ids-about.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

const patient = (link: Pick<LinkFacts, 'intakeId'>): string => `patient:${link.intakeId}`

/** One way for both who say it: what follows is in the same commit. */
async function takeBack(tx: Tx, of: Parameters<typeof withdrawConsent>[1], cameBy: WithdrawalWay | null, now: Date): Promise<ConsentKind | undefined> {
  const taken = await withdrawConsent(tx, of, cameBy, now)
  if (taken === 'card-authorisation') await callOffUnauthorised(tx, of.intakeId, now)
  return taken
}

/** Consents. Each method is one transaction of one tenant; no SQL is written here. */
export function makeConsents({ pool, vault, process, clock, wake }: Deps): ConsentStore {
  const reader = `service:${process}`
  /** The patient's page leads to the bank no more, in whichever window it is open. */
  const told = ({ tenantId, intakeId }: Pick<LinkFacts, 'tenantId' | 'intakeId'>, kind: ConsentKind | undefined): ConsentKind | undefined => {
    if (kind === 'card-authorisation') wake.journey({ tenantId, intakeId })
    return kind
  }
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
      return told(
        link,
        await withTenant(pool, link.tenantId, patient(link), (tx) => takeBack(tx, { intakeId: link.intakeId, visitId: link.visitId, consentId }, null, now)),
      )
    },
    async recordWithdrawal(of, { kind, cameBy }, actor, now) {
      const taken = await withTenant(pool, of.tenantId, actor, async (tx) => {
        const visitId = (await reachOf(tx, of.intakeId, now))?.visitId
        const ofKind = (await consentsOf(tx, of.intakeId)).given.filter(({ text }) => text.kind === kind)
        // Given anew after it was taken back: that one is meant.
        const consentId = (ofKind.find(({ withdrawnAt }) => withdrawnAt === null) ?? ofKind[0])?.id
        return visitId && consentId ? takeBack(tx, { intakeId: of.intakeId, visitId, consentId }, cameBy, now) : undefined
      })
      return told(of, taken)
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
