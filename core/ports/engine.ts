import type { Suspicion } from '../billing/model.ts'
import type { PayerCalendar } from '../catalog/calendar.ts'
import type { Canary, CanaryKind } from '../catalog/payer-settings.ts'
import type { AnswerSigns, BatchMember, ChartFacts, Envelope, FaultScope, LanguageTag, PayerFacts, VisitFacts } from '../kit/index.ts'
import type { HoldCause, Owner } from '../messaging/model.ts'

/**
 * What the mechanisms in `hub/` need of storage, said as interfaces: `db/` implements them over PostgreSQL, and `hub/` knows
 * no SQL. Every method is one transaction under the tenant's row-level security, and takes the time from the hub's clock.
 */

/** A step of one delivery: the effect key without its generation. */
export interface StepRef {
  tenantId: string
  rootId: string
  flow: string
  version: number
  step: string
  intakeId: string | null
  /** First day of the month (UTC) in which the delivery was pinned: where its ledger rows are, for good. */
  ledgerMonth: string
}

/** Who the effect goes to. */
export interface EffectTarget {
  partner: string
  operation: string
}

export type LedgerStart =
  /** Send exactly `input` (canonical JSON of this generation's first attempt). `reconcile`: ask first what became of the earlier send. */
  | {
      is: 'go'
      effectId: string
      fencing: number
      generation: number
      attempt: number
      firstSentAt: string
      /** The last moment at which an earlier attempt may have sent; null when none did. A partner may still be working on it. */
      lastSentAt: string | null
      /** Of this round of tries, fixed when it began: with the first send, or when a person said "retry". */
      triesMax: number
      /** After this moment nothing is sent without a person. Time for which the payer was known to be closed moves it on. */
      retryUntil: string
      /** So far it may be moved. */
      retryUntilMax: string
      /** It came after `retryUntil`: what is unknown is asked about, and nothing is sent. */
      overdue: boolean
      /** Nobody may have it any more (a charge whose authorisation was taken back): what is unknown is asked about, and nothing is sent. */
      unwanted: boolean
      /** Nothing is sent that could outlive it: after this moment another engine may hold the lease. */
      leaseUntil: string
      input: string
      mode: 'first' | 'again' | 'reconcile'
    }
  /** It has its answer: the effect is not repeated. */
  | { is: 'done'; port: 'ok' | 'rejected'; value: unknown; manual: boolean; suspicions: readonly Suspicion[] }
  /** Another process holds a live lease, or a retry is not due yet: hand the delivery back until then. */
  | { is: 'busy'; retryAfterMs: number }
  /** Waits for a person already (an open override item). */
  | { is: 'held' }

/** Whom an attempt went to, or would have. */
export interface AskedOf {
  /** Behind the partner. */
  payerId?: string | null
  /** Whose fault it is that there is no answer. Default: the partner's. */
  scope?: FaultScope
  /** It never left here, so it was no disclosure. */
  nothingSent?: boolean
  /** The effect itself may have left, not only a question about an earlier send. Default: it may, unless nothing was sent. */
  effectSent?: boolean
  /** It failed on our side: nothing that anybody else could not do. */
  ours?: boolean
  /** The partner refused our key, which shut its door: an incident says what to do. */
  keyRefused?: boolean
}
/** `earlierNotDone`: the partner was asked and knows nothing of the send before: it no longer makes the outcome unknown. */
export type LedgerEnd = AskedOf &
  (
    | {
        is: 'answered'
        port: 'ok' | 'rejected'
        value: unknown
        reconciled: boolean
        /** Rules that do not believe it; kept with the answer, so that every later delivery reads the same. */
        suspicions: readonly Suspicion[]
        traceparent?: string | null
        /** The partner gave none: this is what the operation answers in place of that fault. The attempt itself ends as failed, with this cause. */
        instead?: HoldCause
      }
    /** Ends this attempt and writes the redelivery row in the same commit. */
    | {
        is: 'retry'
        outcome: 'failed' | 'unknown'
        earlierNotDone?: boolean
        cause: HoldCause
        at: Date
        redeliver: Envelope
        /** For a door that is shut: it counts as no try. Behind `hours` the time until `at` makes none older either. */
        waits?: 'breaker' | 'hours'
      }
    /** The partner answered, and a person must say which of it is meant. Ends this attempt and opens the item with the sealed options in one commit. */
    | {
        is: 'choice'
        options: unknown
        owner: Owner
        staffText: string
        envelope: Envelope
      }
    /** Ends this attempt and opens the override item in the same commit. */
    | {
        is: 'held'
        outcome: 'failed' | 'unknown'
        earlierNotDone?: boolean
        cause: HoldCause
        owner: Owner
        staffText: string
        envelope: Envelope
      }
  )

export interface EffectLedger {
  /**
   * Takes the lease or says why not. The first attempt stores `input` sealed; later ones of that generation get those bytes
   * back. An expired lease is UNKNOWN: the mode is then `again` (safe, keyed within memory) or `reconcile`. A flow that takes money names the
   * `envelope`: what nobody may take any more is asked about only, and where nothing of it left it is `busy` until its pin ends it.
   */
  start(
    ref: StepRef,
    target: EffectTarget,
    input: string,
    options: {
      owner: string
      leaseMs: number
      replay: 'safe' | 'keyed' | 'never'
      keyedForMs: number | null
      triesMax: number
      /** What the delivery carries. A flow that takes money must hand it over: whether it still may is asked here. */
      envelope?: Envelope
      now: Date
    },
  ): Promise<LedgerStart>
  /** `late`: the lease was lost; the answer is recorded beside the row and nothing is applied. */
  end(ref: StepRef, effectId: string, fencing: number, end: LedgerEnd, now: Date): Promise<'recorded' | 'late'>
}

/** The ledger keeps each month apart; a month is opened before its first rows come. */
export interface LedgerMonths {
  /**
   * Opens this month and the next ones, whatever of them is not there yet. `in-rest`: rows of it came first, and it stays with the rest.
   * `busy`: others are at the ledger; later again.
   */
  open(now: Date): Promise<readonly { month: string; is: 'there' | 'opened' | 'in-rest' | 'busy' }[]>
}

export type Pin =
  | { is: 'open'; flow: string; version: number; ledgerMonth: string; generationOf: Record<string, number> }
  /** Already settled: ack and forget. */
  | { is: 'settled' }

export interface FlowStore {
  /** Fixes (flow, version) at first delivery by activation and hash of the aggregate, and stores it before anything else. */
  pin(envelope: Envelope, flow: string, now: Date): Promise<Pin>
  /** Marks the delivery's pin: finished, waiting for a person, or waiting for a retry. */
  settle(envelope: Envelope, flow: string, outcome: 'done' | 'held' | 'retrying', now: Date): Promise<void>
  /** A bug or an overdue delivery: opens an override item at `step` without an effect. */
  holdBug(ref: StepRef, cause: 'bug' | 'overdue' | 'no-connection' | 'contract', staffText: string, envelope: Envelope, now: Date): Promise<void>
  /** Releases to load: what git ships, checked against the stored hash, and what tenants activated. */
  registerRelease(flow: string, version: number, hash: string, release: unknown, now: Date): Promise<'new' | 'same' | 'changed'>
  release(flow: string, version: number): Promise<unknown | undefined>
}

export interface PhiStore {
  /** Exactly these fields of the patient's answers; audited with purpose and actor. Throws when the patient is not there. */
  readPatient(tenantId: string, patientId: string, fields: readonly string[], purpose: string, actor: string, now: Date): Promise<Record<string, unknown>>
  readVisit(tenantId: string, visitId: string): Promise<VisitFacts>
  /** The language of the texts that were signed with the form; null: nothing was. No PHI, as little as the texts are. */
  readSignedIn(tenantId: string, intakeId: string): Promise<LanguageTag | null>
  /** Which chart is this patient's, as far as it is known: the visit carries it, or it was found, chosen or made before. Audited. */
  readChart(tenantId: string, patientId: string, purpose: string, actor: string, now: Date): Promise<ChartFacts>
  /** The members of a closed batch in the order of their ST02, each with exactly these fields; one audit row per patient. */
  readBatch(tenantId: string, batchId: string, fields: readonly string[], purpose: string, actor: string, now: Date): Promise<BatchMember[]>
}

export interface Judged {
  /** Why it is not believed. Empty: it is. */
  suspicions: readonly Suspicion[]
  /** It is doubted for what others were told, and said nothing that the payer had not said of this member before: no new sign against the payer. */
  again: boolean
}
/** What is known of how a payer usually answers, and what follows from it for the next answer. */
export interface PlausibilityStore {
  /**
   * Judges one answer by the rules of `core/billing/plausibility` against this clinic's payer (hours, canaries, what it usually does), and
   * learns from it: one commit. `latencyMs`: from question to answer, null where nobody waited (a file).
   */
  judge(tenantId: string, payerId: string, seen: { signs: AnswerSigns; latencyMs: number | null }, now: Date): Promise<Judged>
}

/** Each throws when the catalogue has no such payer. What a clinic says of a payer goes before the catalogue. */
export interface PayerStore {
  payer(tenantId: string, payerId: string): Promise<PayerFacts>
  /** When it answers. */
  hours(tenantId: string, payerId: string): Promise<PayerCalendar>
  /** The member of this kind whose answer is known. Undefined: the clinic asks about none (any more). */
  canary(tenantId: string, payerId: string, known: CanaryKind): Promise<Canary | undefined>
}

/** Whoever is to be asked about again, and the canaries. */
export interface RecheckStore {
  /** Tenants of this cell in which somebody or something is due. */
  due(now: Date): Promise<string[]>
  /** Writes the events of what is due, in one commit: at most so many questions to each payer a minute, none to one that is closed. Returns how many. */
  askDue(tenantId: string, about: { process: string; now: Date }): Promise<{ rechecks: number; canaries: number }>
}

/** Behind `CallContext.numbers`. One commit: the counter and the key together, so that none is skipped or given twice. */
export interface ControlNumberStore {
  take(tenantId: string, sequence: string, key: string, now: Date): Promise<{ number: number; takenAt: Date }>
}

/** Behind `CallContext.locks`. */
export interface LockStore {
  /**
   * Runs `work` while nobody else in this cell does under (tenant, scope, one of these keys). Undefined when they were not free until `signal`
   * aborted; then `work` was not begun. The lock is the database's: it ends with our connection, so with us.
   */
  serially<T>(tenantId: string, scope: string, keys: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<{ value: T } | undefined>
  /** Keyed hash with the tenant's key, for a lock key made of what a patient told us. */
  keyOf(tenantId: string, parts: readonly string[]): Promise<string>
}

/** Files that partners leave for us. */
export interface ReceiveStore {
  /** Tenants of this cell that have a connection of this adapter. */
  tenants(adapterId: string): Promise<string[]>
  /**
   * The right to look now: one engine at a time, and not before `everyMs` after the last look. Undefined: not our turn. A turn that
   * nobody gives back ends by itself after `leaseMs`.
   */
  takeTurn(
    tenantId: string,
    receiver: string,
    owner: string,
    times: { everyMs: number; leaseMs: number },
    now: Date,
  ): Promise<{ giveBack(now: Date): Promise<void> } | undefined>
  /** Seals the bytes and their hash in one commit. `known`: these bytes were kept before; the second name is counted. */
  keepFile(
    tenantId: string,
    receiver: string,
    file: { name: string; sha256: string; bytes: Buffer; cursor?: string | undefined },
    now: Date,
  ): Promise<'kept' | 'known'>
  /** Of the newest file of this door; null: there is none yet. */
  lastKept(tenantId: string, receiver: string): Promise<{ keptAt: Date; cursor: string | null } | null>
  /** Kept and not read to their end, oldest first; `items`: how many of each are events already. */
  unread(tenantId: string, receiver: string, limit: number): Promise<{ fileId: string; items: number; receivedAt: string }[]>
  /** The bytes of a kept file, opened and audited. */
  openFile(tenantId: string, fileId: string, actor: string, now: Date): Promise<AsyncIterable<Uint8Array>>
  /** Events of these items and the new count, in one commit; nothing when `first` is not the count (another engine was here). */
  recordItems(
    tenantId: string,
    fileId: string,
    batch: { first: number; eventType: string; items: readonly unknown[]; last: boolean },
    about: { process: string; now: Date },
  ): Promise<'recorded' | 'not-ours'>
  /** Our own reader failed at this file: it goes behind the others for a while, and its incident is open. Its bytes stay. */
  readFailed(tenantId: string, receiver: string, fileId: string, now: Date): Promise<void>
}

/** Inquiries that wait for a batch. */
export interface BatchStore {
  /** Tenants of this cell in which inquiries wait. */
  waiting(): Promise<string[]>
  /** Makes one batch of what waits, if it is due (`everyMs` after the last, or full), and its event, in one commit. Undefined: nothing to do. */
  closeBatch(tenantId: string, rules: { everyMs: number; inquiriesMax: number }, about: { process: string; now: Date }): Promise<string | undefined>
  /** Opens and closes incidents of silence by each payer's calendar, and looks again for whom held answers are; never sends anything. Returns how many it opened. */
  watchSilence(tenantId: string, now: Date): Promise<number>
}

export interface TenantFacts {
  id: string
  slug: string
  name: string
  region: string
  timeZone: string
  npi: string
}
export interface ConnectionStore {
  tenant(tenantId: string): Promise<TenantFacts>
  /** A tenant's configured adapter; secrets opened. Undefined when the tenant has none. */
  /** `hookKey`: the last part of the address where the partner calls us; null: it has none. */
  connection(tenantId: string, adapterId: string): Promise<{ config: unknown; secrets: unknown; hookKey?: string | null } | undefined>
  /** Its settings alone: no secret is opened, nothing is audited. */
  settings(tenantId: string, adapterId: string): Promise<unknown | undefined>
}

/** One commit into one context: inbox key (rootId, flow, step), rows, outbox. `again` when the key was there. */
export type ApplyStore = {
  apply(
    name: string,
    input: unknown,
    delivery: { envelope: Envelope; flow: string; version: number; step: string; process: string; now: Date } & {
      /** Rules that do not believe the last answer of this delivery; none where nobody was asked. */
      suspicions?: readonly Suspicion[]
    },
  ): Promise<'applied' | 'again'>
}

export interface Projector {
  /** Journey read model; idempotent by envelope id, tolerant of any order. Returns the intake it touched. */
  project(envelope: Envelope, now: Date): Promise<string | null>
}

export interface AuditStore {
  /** `resource` is an id or a code, never a value. */
  audit(
    tenantId: string,
    entry: { actor: string; action: string; resource: string; purpose?: string; outcome: 'ok' | 'denied' | 'error'; correlationId?: string },
    now: Date,
  ): Promise<void>
}

/** Rows of one outbox, locked until the transaction ends. */
export interface OutboxRow {
  id: string
  schema: string
  routingKey: string
  envelope: Envelope
}
/** Ids of outbox rows. */
export interface Published {
  confirmed: ReadonlySet<string>
  refused: ReadonlySet<string>
}
export interface OutboxSource {
  /**
   * One batch: claims up to `limit` due rows of that schema (`FOR UPDATE SKIP LOCKED`), hands them to `publish`, marks the
   * confirmed ones, puts the refused ones off with a growing wait so that they hold up nobody, commits. Rows in neither set stay
   * as they are. Two relays never hold the same row; a killed one frees its rows at once. Returns how many were claimed.
   */
  drain(schema: string, limit: number, now: Date, publish: (rows: OutboxRow[]) => Promise<Published>): Promise<number>
  /** Calls back after a commit somewhere wrote to an outbox (LISTEN/NOTIFY, coalesced, sent after commit). */
  onWake(handler: (schema: string) => void): Promise<() => Promise<void>>
}
