import type { LetterFacts } from '../kit/index.ts'
import type {
  ChannelState,
  LeaveNow,
  MessageChannel,
  MessageKind,
  MessageReason,
  MessageState,
  OptOutCause,
  QuietHours,
  ReminderKind,
} from '../messaging/index.ts'
import type { StepRef } from './engine.ts'

/** One message as the desk sees it: never to which address. */
export interface MessageView {
  id: string
  intakeId: string
  kind: MessageKind
  channel: MessageChannel
  status: MessageState
  reason: MessageReason | null
  /** The partner's code, where it gave one. */
  code: string | null
  /** Waits for this moment. */
  dueAt: string | null
  createdAt: string
  sentAt: string | null
  statusAt: string
  by: 'desk' | 'hub'
}
/** Whether a link can reach this patient by either channel. `since`: of an opt-out. */
export type ChannelView = { is: Exclude<ChannelState, 'no-consent' | 'opted-out'> } | { is: 'opted-out'; since: string; cause: OptOutCause }
export interface VisitMessages {
  /** Newest first. */
  messages: readonly MessageView[]
  channels: Readonly<Record<MessageChannel, ChannelView>>
  /** Reminders may go by text. */
  textsWanted: boolean
}

type MessageSending =
  /** `planned`: in quiet hours, until `dueAt`. */
  { is: 'sent'; message: MessageView } | { is: 'not-possible'; reason: MessageReason } | { is: 'not-found' | 'too-many' }

export interface MessageRules {
  quiet: QuietHours
  /** What the clinic is called in messages that others may see; null: as everywhere. */
  senderName: string | null
}

/** Messages as the front desk asks for them. */
export interface MessageStore {
  /** One commit: row, event, audit. What it says is put together when it leaves. */
  send(
    tenantId: string,
    intakeId: string,
    wish: { kind: 'invitation'; channel: MessageChannel | 'auto'; atOnce: boolean },
    actor: string,
    now: Date,
    traceparent?: string | null,
  ): Promise<MessageSending>
  /** Undefined: there is no such intake. */
  ofVisit(tenantId: string, intakeId: string, now: Date): Promise<VisitMessages | undefined>
  /** The newest message of each of these intakes that has one. */
  latest(tenantId: string, intakeIds: readonly string[]): Promise<ReadonlyMap<string, MessageView>>
  /**
   * A person ends messages to the address that the visit has by now, or takes back that they did, or that it takes none. Audited where it changes something.
   * `no-address`: there is none. `patients-word`: the patient stopped them, and only they take that back; nothing was changed.
   */
  setOptOut(
    tenantId: string,
    intakeId: string,
    wish: { channel: MessageChannel; out: boolean },
    actor: string,
    now: Date,
  ): Promise<'set' | 'not-found' | 'no-address' | 'patients-word'>
  rules(tenantId: string): Promise<MessageRules>
  saveRules(tenantId: string, rules: MessageRules, actor: string, now: Date): Promise<void>
}

/** Messages as the flow sends them. */
export interface OutgoingStore {
  /** Whether it may leave at this moment. */
  leave(ref: StepRef, requestedVersion: number, messageId: string, now: Date): Promise<LeaveNow>
  /** Contact, link and code opened; audited. Null: one of them is gone since `leave`. */
  letter(ref: StepRef, messageId: string, publicUrl: string, actor: string, now: Date): Promise<LetterFacts | null>
}

/** `ended`: by STOP, a dead mailbox or a person's word, which a click does not take back. `clinic`: its neutral name. `language`: of the mail. */
export interface UnsubscribeState {
  is: 'on' | 'stopped' | 'ended'
  clinic: string
  language: string
}
/** The address in a mail that stops mails: whoever has it may stop them, and take that back; no more. */
export interface UnsubscribeStore {
  /** Undefined: no mail of ours has it. */
  find(tokenSha256: string): Promise<{ tenantId: string; region: string } | undefined>
  state(tenantId: string, tokenSha256: string): Promise<UnsubscribeState | undefined>
  /** Audited where it changes something. */
  set(tenantId: string, tokenSha256: string, out: boolean, now: Date): Promise<UnsubscribeState | undefined>
}

/** One that could not be asked for, where all others were. */
export interface Skipped {
  /** `message:<id>`, `intake:<id>`. */
  of: string
  error: unknown
}
/** Who was read last, in the order of the reading; null: begin with the first. */
export type ReadTo = { at: string; id: string } | null
/** How far a round has read of each kind. Odd ones stay due: the next round goes on behind them, and begins anew after the last. */
export type ReminderPlaces = Readonly<Record<'waited' | ReminderKind, ReadTo>>

/** What is due: messages that waited, and reminders. */
export interface ReminderStore {
  /** Tenants of this cell in which a message is due. */
  tenants(now: Date): Promise<string[]>
  /** Rows and events in one commit; returns how many of each. An odd one is left out, and keeps no other back. */
  begin(
    tenantId: string,
    about: { process: string; now: Date; after?: ReminderPlaces },
  ): Promise<{ waited: number; reminders: number; skipped: readonly Skipped[]; readTo: ReminderPlaces }>
}
