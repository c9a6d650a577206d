import type { VisitContact } from '../identity/contact.ts'
import type { DraftData, DraftSave } from '../identity/draft.ts'
import type { PatientAnswers } from '../identity/model.ts'
import type { CodeChannel, ProofAttempt, ProofOutcome } from '../identity/proof.ts'
import type { LinkFacts } from './edge.ts'

/** How patients are reached. PHI: every read is audited. */
export interface ContactStore {
  /**
   * Whoever is not the contact any more loses what they proved. Null takes it back. `sent`: somebody else has sent the form of this visit. `seen`: the
   * revision that a person saw, 0 where there was none; `changed-meanwhile`: it is another by now. `typed`: what was typed so far may be somebody else's and
   * would be cleared, and that person did not say that it may be (`clears`). Who is no person asks nothing: it is cleared.
   */
  save(
    tenantId: string,
    visitId: string,
    contact: VisitContact | null,
    actor: string,
    now: Date,
    asked?: { seen: number; clears: boolean },
  ): Promise<'saved' | 'not-found' | 'sent' | 'typed' | 'changed-meanwhile'>
  /** How often each was changed, as far as the clinic sees it, and whether the clinic said it last; opens nothing. */
  revisions(tenantId: string, visitIds: readonly string[]): Promise<Map<string, { revision: number; byStaff: boolean }>>
  /** By visit; those without one are left out, and what a patient typed and did not send. One line in the audit for all of them. */
  read(tenantId: string, visitIds: readonly string[], purpose: string, actor: string, now: Date): Promise<Map<string, VisitContact>>
}

/** What is told to somebody who has the link and proved nothing yet. */
export interface ProofView {
  asksBirthDate: boolean
  /** Where a code can go, masked: not where it would be held back or refused. */
  to: { channel: CodeChannel; masked: string }[]
  language: VisitContact['language'] | null
  /** One is out. */
  code: { expiresAt: string; triesLeft: number } | null
  pausedUntil: string | null
}
export interface ProofStore {
  view(link: LinkFacts, now: Date): Promise<ProofView | undefined>
  /** Counted in the commit that asks for it. `pausedUntil`: none was sent. `no-address`: nor can be, only the desk has one. */
  sendCode(
    link: LinkFacts,
    channel: CodeChannel,
    now: Date,
    traceparent?: string | null,
  ): Promise<{ expiresAt: string } | { pausedUntil: string } | 'no-address' | 'not-found'>
  /** `tokenSha256`: of what the browser keeps when it is right. */
  prove(
    link: LinkFacts,
    attempt: ProofAttempt,
    tokenSha256: string,
    now: Date,
  ): Promise<{ outcome: ProofOutcome; triesLeft: number; pausedUntil: string | null; provedUntil: string | null }>
  end(link: LinkFacts, proofSha256s: readonly string[], now: Date): Promise<void>
  /** For staff with the patient before them. Lifts a pause, and ends a code that is out. */
  showCode(tenantId: string, intakeId: string, actor: string, now: Date): Promise<{ code: string; expiresAt: string } | 'not-found'>
}

export interface KeptDraft {
  version: number
  savedAt: string
  data: DraftData
}
export interface DraftStore {
  /** Version 0: there was never one. Data null: none now. */
  read(link: LinkFacts, now: Date): Promise<{ version: number; draft: KeptDraft | null }>
  /** Only over the version that was seen. `provedUntil`: this device is the first, and is known by the hash from now on. */
  save(
    link: LinkFacts,
    /** `contact`: as typed so far; what the clinic has said of the patient stays. */
    save: DraftSave & { contact?: VisitContact | null },
    seen: number,
    tokenSha256: string,
    now: Date,
  ): Promise<{ version: number; provedUntil: string | null } | 'changed' | 'closed' | 'proof-needed'>
  clear(link: LinkFacts, now: Date): Promise<void>
}

/** What the clinic knows before the patient has typed anything. Only for a device that proved itself; the store looks again. */
export interface KnownBefore {
  contact: VisitContact | null
  previous: { answers: PatientAnswers; givenAt: string } | null
}
export interface KnownPatientStore {
  ofLink(link: LinkFacts, proofSha256s: readonly string[], now: Date): Promise<KnownBefore>
}

/** What has ended keeps nothing: drafts of links that are over, codes that nobody used. */
export interface EndingStore {
  tenants(now: Date): Promise<string[]>
  /** How many were emptied. */
  empty(tenantId: string, now: Date): Promise<number>
}
