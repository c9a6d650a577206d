import type { ContactStore, DraftStore, EndingStore, KnownPatientStore, LinkFacts, ProofStore } from '@heliox/core/ports'
import { contactRevisions, fetchContacts, openContact, saveContact } from './identity/contacts.ts'
import { clearDraft, emptyEnded, readDraft, saveDraft, tenantsWithEnded } from './identity/drafts.ts'
import { knownBefore } from './identity/known-patient.ts'
import { endProofs, proofView, prove, sendCode, showCode } from './identity/proofs.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

const patient = (link: Pick<LinkFacts, 'intakeId'>): string => `patient:${link.intakeId}`

/** Contacts, proofs and drafts. Each method is one transaction of one tenant; no SQL is written here. */
export function makeContacts({ pool, vault, process }: Deps): ContactStore {
  return {
    revisions: (tenantId, visitIds) => withTenant(pool, tenantId, `service:${process}`, (tx) => contactRevisions(tx, visitIds)),
    async save(tenantId, visitId, contact, actor, now, asked) {
      await vault.warm(tenantId)
      return withTenant(pool, tenantId, actor, (tx) => saveContact(tx, vault, visitId, contact, now, asked))
    },
    async read(tenantId, visitIds, purpose, actor, now) {
      const rows = await withTenant(pool, tenantId, actor, (tx) => fetchContacts(tx, visitIds, purpose, now))
      return new Map(await Promise.all(rows.map(async (row) => [row.visitId, await openContact(vault, tenantId, row)] as const)))
    },
  }
}

export function makeProofs({ pool, vault, process, wake }: Deps): ProofStore {
  return {
    async view(link, now) {
      await vault.warm(link.tenantId)
      return withTenant(pool, link.tenantId, patient(link), (tx) => proofView(tx, vault, link, now))
    },
    async sendCode(link, channel, now, traceparent = null) {
      await vault.warm(link.tenantId)
      const sent = await withTenant(pool, link.tenantId, patient(link), (tx) => sendCode(tx, vault, link, channel, { now, process, traceparent }))
      if (typeof sent === 'object' && 'expiresAt' in sent) wake.outbox('identity')
      return sent
    },
    async prove(link, attempt, tokenSha256, now) {
      await vault.warm(link.tenantId)
      return withTenant(pool, link.tenantId, patient(link), (tx) => prove(tx, vault, link, attempt, tokenSha256, now))
    },
    end: (link, proofSha256s, now) => withTenant(pool, link.tenantId, patient(link), (tx) => endProofs(tx, link.intakeId, proofSha256s, now)),
    async showCode(tenantId, intakeId, actor, now) {
      await vault.warm(tenantId)
      return withTenant(pool, tenantId, actor, (tx) => showCode(tx, vault, intakeId, now))
    },
  }
}

export function makeDrafts({ pool, vault }: Deps): DraftStore {
  return {
    async read(link, now) {
      await vault.warm(link.tenantId)
      return withTenant(pool, link.tenantId, patient(link), (tx) => readDraft(tx, vault, link.intakeId, now))
    },
    async save(link, save, seen, tokenSha256, now) {
      await vault.warm(link.tenantId)
      return withTenant(pool, link.tenantId, patient(link), (tx) => saveDraft(tx, vault, link, save, seen, tokenSha256, now))
    },
    async clear(link, now) {
      await vault.warm(link.tenantId)
      return withTenant(pool, link.tenantId, patient(link), (tx) => clearDraft(tx, vault, link, now))
    },
  }
}

export function makeKnownPatients({ pool, vault }: Deps): KnownPatientStore {
  return {
    async ofLink(link, proofSha256s, now) {
      await vault.warm(link.tenantId)
      return withTenant(pool, link.tenantId, patient(link), (tx) => knownBefore(tx, vault, link, proofSha256s, now))
    },
  }
}

export function makeEndings({ pool, process }: Deps): EndingStore {
  return {
    tenants: (now) => tenantsWithEnded(pool, now),
    empty: (tenantId, now) => withTenant(pool, tenantId, `service:${process}`, (tx) => emptyEnded(tx, now)),
  }
}
