import type { z } from 'zod'
import type { Form } from '../catalog/forms.ts'
import type { Payer } from '../catalog/model.ts'
import type { appointmentStatuses, VisitDetails } from '../clinical/model.ts'
import type { ConsentText } from '../compliance/model.ts'
import type { VisitContact } from '../identity/contact.ts'
import type { IntakeSubmission, Role } from '../identity/model.ts'
import type { PublicKey } from '../kit/define-adapter.ts'
import type { LanguageTag } from '../kit/values.ts'
import type { IncidentKind, IncidentReason } from '../messaging/incidents.ts'
import type { Journey, JourneyStep } from '../reporting/model.ts'
import type { TenantFacts } from './engine.ts'
import type { CleanUpload, UploadFacts, UploadOfIntake, UploadWish } from './uploads.ts'

/** What the API needs of storage. Tenants of another region are refused before any of these is called. */

export interface LinkFacts {
  tenantId: string
  region: string
  intakeId: string
  visitId: string
  status: 'created' | 'opened' | 'submitted' | 'expired' | 'revoked'
  startsAt: string
  endsAt: string
  practitioner: string
  /** The visit was called off, or not come to: the form is no longer asked for. */
  visitStatus: (typeof appointmentStatuses)[number]
  expiresAt: string
  /** The second factor: `asked` until this device has given it. Nothing of the patient is shown or changed before. */
  proof: 'not-asked' | 'asked' | 'given'
}

/** A link that is made: the hash finds it, and the token is sealed so that a message can carry it. */
export interface NewLink {
  token: string
  tokenSha256: string
  expiresAt: Date
}

export interface Branding {
  /** Hex colour for `--brand`, checked for contrast when it is set. */
  brandColour: string
  contactPhone: string
  /** What its patients may read and sign in, the one that it prefers first. */
  languages: [LanguageTag, ...LanguageTag[]]
  logoSha256: string | null
}

export interface IntakeStore {
  /** By hash of the link's token; ids and codes only. */
  findLink(tokenSha256: string, now: Date, proofSha256s?: readonly string[]): Promise<LinkFacts | undefined>
  /** `created -> opened`, with its event; harmless when repeated. */
  open(link: LinkFacts, now: Date, traceparent?: string | null): Promise<void>
  branding(tenantId: string): Promise<Branding>
  payers(): Promise<Payer[]>
  /** The clinic's own questions, as they are asked now. */
  forms(tenantId: string): Promise<Form[]>
  /** In force today, in every language. */
  consentTexts(tenantId: string): Promise<ConsentText[]>
  /** `begun`: a new one; else the upload of this very file that was begun before. */
  requestUpload(link: LinkFacts, wish: UploadWish, now: Date): Promise<{ upload: UploadFacts; begun: boolean } | 'too-many'>
  /** `expected -> quarantined` with `upload.completed.v1`; harmless when repeated. */
  completeUpload(link: LinkFacts, uploadId: string, now: Date, traceparent?: string | null): Promise<'ok' | 'not-found'>
  /** The keys of uploads of this intake that the browser may still put. */
  upload(link: LinkFacts, uploadId: string): Promise<UploadFacts | undefined>
  /**
   * One round trip, one commit. `replayed`: the same idempotency key with the same body; `conflict`: the same key
   * with another body; `closed`: the intake was submitted already, or ended; `proof-needed`: the link asks for it by now.
   * From then on the link asks for the proof. A browser that sent its form, or repeats it, without having given one is known by `browserSha256`.
   * `stale`: the facts of the link were only remembered, and are not so any more, or something else than keeping this form would be the
   * answer; nothing was done, and whoever looks the link up again learns what is.
   */
  submit(
    link: LinkFacts,
    submission: IntakeSubmission,
    meta: {
      idempotencyKey: string
      payerName: string
      timeZone: string
      signedFrom: { userAgent: string; ip: string }
      /** Of what the browser keeps of proofs; the store looks which counts by now. */
      proofSha256s: readonly string[]
      /** Of what it keeps from now on. */
      browserSha256: string
      /** Of the link's token, where `link` was not looked up for this form: its facts are compared in the commit. */
      rememberedSha256: string | null
      traceparent: string | null
      correlationId: string
    },
    now: Date,
  ): Promise<'submitted' | 'replayed' | 'conflict' | 'closed' | 'proof-needed' | 'stale'>
}

export interface SessionUser {
  sessionId: string
  userId: string
  tenantId: string
  region: string
  displayName: string
  email: string
  roles: Role[]
  expiresAt: string
}
export interface AccountStore {
  /** Through a definer function: hash and ids only. */
  login(tenantSlug: string, email: string): Promise<{ tenantId: string; region: string; userId: string; passwordHash: string } | undefined>
  createSession(tenantId: string, userId: string, tokenSha256: string, expiresAt: Date, now: Date): Promise<string>
  session(tokenSha256: string, now: Date): Promise<SessionUser | undefined>
  endSession(tokenSha256: string, now: Date): Promise<void>
}

export interface OpsStore {
  journey(tenantId: string, intakeId: string): Promise<{ journey: Journey; steps: JourneyStep[] } | undefined>
  journeys(tenantId: string, filter: { cursor?: string; limit: number }): Promise<{ items: Journey[]; total: number; nextCursor: string | null }>
}

export interface IncidentListItem {
  id: string
  kind: IncidentKind
  partner: string
  payerId: string | null
  payerName: string | null
  /** What it is about: an id or code of ours. */
  about: { is: 'batch' | 'file' | 'payer' | 'request' | 'partner' | 'refund' | 'visit' | 'plan' | 'charge' | 'payment'; id: string }
  /** How often it happened; for a silence, how many inquiries wait. */
  count: number
  status: 'open' | 'resolved'
  openedAt: string
  lastAt: string
  closedAt: string | null
  reason: IncidentReason | null
  closedBy: string | null
  /** It left inquiries that nobody will ask again by itself. */
  canSendAgain: boolean
}
/** One cause behind many items, for a person to look at. */
export interface IncidentStore {
  /** Open ones oldest first, closed ones newest first. */
  list(
    tenantId: string,
    filter: { status: 'open' | 'resolved'; kind?: IncidentKind; cursor?: string; limit: number },
  ): Promise<{ items: IncidentListItem[]; total: number; nextCursor: string | null }>
  find(tenantId: string, id: string): Promise<IncidentListItem | undefined>
  /** Audited in the same commit. The cause may open another one later. */
  close(tenantId: string, id: string, reason: IncidentReason, actor: string, now: Date): Promise<'closed' | 'not-found' | 'already-closed'>
  /**
   * The inquiries that the incident left unsent wait for the next batch, under new numbers, and the incident is closed: one commit,
   * audited. `nothing-to-send`: they were answered meanwhile, or wait already; the incident stays open.
   */
  sendAgain(
    tenantId: string,
    id: string,
    actor: string,
    now: Date,
  ): Promise<{ is: 'queued'; inquiries: number } | { is: 'not-found' | 'already-closed' | 'nothing-to-send' }>
}

export interface ClinicStore {
  tenant(tenantId: string): Promise<TenantFacts>
  /** One commit: the visit, its intake and link (by token hash), their events. `elsewhere`, `handover`: the desk books none now. */
  createVisit(
    tenantId: string,
    details: z.output<typeof VisitDetails> & { contact?: VisitContact | undefined; visitId?: string | undefined },
    link: NewLink,
    actor: string,
    now: Date,
    traceparent?: string | null,
  ): Promise<{ visitId: string; intakeId: string } | 'elsewhere' | 'handover' | 'booked-already'>
  /** When the visit behind an intake is over. */
  visitEnd(tenantId: string, intakeId: string): Promise<Date | undefined>
  /** Replaces the link of an intake; the one before is unknown afterwards, and what was proved with it is over. Audited in the same commit. */
  renewLink(
    tenantId: string,
    intakeId: string,
    link: NewLink,
    actor: string,
    correlationId: string,
    now: Date,
  ): Promise<'renewed' | 'submitted' | 'not-found' | 'of-another'>
  /** From this commit on the link is unknown, also the one of a form that was sent. Renewing makes another. */
  revokeLink(tenantId: string, intakeId: string, actor: string, correlationId: string, now: Date): Promise<'revoked' | 'not-found'>
  uploads(tenantId: string, intakeId: string): Promise<UploadOfIntake[]>
  /** Undefined unless the upload is clean. Until the patient sends the form its photos are theirs: nobody at the clinic opens one. */
  cleanUpload(tenantId: string, uploadId: string): Promise<CleanUpload | 'form-not-sent' | undefined>
}

export interface ConnectionAdminStore {
  /** `hookKey`: the last part of the address at which this partner calls us; `keysId`: of that where it fetches our public keys. */
  list(
    tenantId: string,
  ): Promise<{ adapterId: string; config: unknown; secretNames: string[]; updatedAt: string; hookKey: string | null; keysId: string | null }[]>
  /**
   * Undefined secrets keep those that are stored, and the public keys with them. A partner that calls us (`isCalled`) gets its address at once:
   * it tells the secret that proves its calls only to whoever names one. Audited in the same commit.
   */
  save(
    tenantId: string,
    adapterId: string,
    config: unknown,
    secrets: unknown,
    actor: string,
    now: Date,
    partner?: { publicKeys?: readonly PublicKey[] | undefined; isCalled?: boolean },
  ): Promise<void>
  /** What a partner may fetch without showing who it is. */
  publicKeys(keysId: string): Promise<readonly PublicKey[] | undefined>
}

/** Something that whoever looks after the hub sees: ids and codes only. */
export interface OpsChange {
  tenantId: string
  is: 'item' | 'incident' | 'breaker' | 'bulk'
  id: string
}

export interface ChangeFeed {
  /** Fires after the journey of an intake changed, or what the patient's page shows of money; ids only. */
  onJourney(handler: (change: { tenantId: string; intakeId: string }) => void): Promise<() => Promise<void>>
  /** Fires after an item, an incident, a breaker or a bulk release changed. One may be lost: whoever must know looks for itself, too. */
  onOps(handler: (change: OpsChange) => void): Promise<() => Promise<void>>
  /**
   * Fires after something was published or saved that every patient's page shows of this clinic. Null: the connection was lost and stands
   * again, and any clinic may have changed unheard. One may be lost: what is kept still ends by itself.
   */
  onClinic(handler: (tenantId: string | null) => void): Promise<() => Promise<void>>
}
