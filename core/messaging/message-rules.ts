import { instantOf, localTime, nextDate } from '../catalog/local-time.ts'
import type { appointmentStatuses } from '../clinical/model.ts'
import type { CancelReason } from '../clinical/visit-changes.ts'
import { linkEnd } from '../identity/link-end.ts'
import type { intakeStatuses } from '../identity/model.ts'
import type { ValueOf } from '../kit/index.ts'
import type { MessageChannel, MessageKind, MessageReason, MessageState, OptOutCause, ReceiptState } from './messages.ts'
import type { Notice } from './model.ts'

/** When nobody is disturbed, on the clinic's wall clock, as minutes since midnight. Equal ends: never quiet. */
export interface QuietHours {
  fromMinutes: number
  untilMinutes: number
}
export const defaultQuietHours: QuietHours = { fromMinutes: 21 * 60, untilMinutes: 8 * 60 }

/** The end of the quiet hours that this moment lies in; undefined: it lies in none. An hour that autumn doubles is quiet both times. */
export function quietUntil(at: Date, timeZone: string, { fromMinutes, untilMinutes }: QuietHours): Date | undefined {
  const { date, minutes } = localTime(at, timeZone)
  const overnight = fromMinutes > untilMinutes
  const isQuiet = overnight ? minutes >= fromMinutes || minutes < untilMinutes : minutes >= fromMinutes && minutes < untilMinutes
  if (!isQuiet) return undefined
  const endDate = overnight && minutes >= fromMinutes ? nextDate(date) : date
  const end = instantOf({ date: endDate, minutes: untilMinutes }, timeZone, 'second')
  return end > at ? end : undefined
}

/** When the next quiet hours begin; undefined where there are none. */
export function quietFrom(at: Date, timeZone: string, { fromMinutes, untilMinutes }: QuietHours): Date | undefined {
  if (fromMinutes === untilMinutes) return undefined
  const { date } = localTime(at, timeZone)
  const today = instantOf({ date, minutes: fromMinutes }, timeZone)
  return today > at ? today : instantOf({ date: nextDate(date), minutes: fromMinutes }, timeZone)
}

const hourMs = 3_600_000
export const reminderKinds = ['reminder-72h', 'reminder-24h'] as const satisfies readonly MessageKind[]
export type ReminderKind = (typeof reminderKinds)[number]
const reminderLeadMs = { 'reminder-72h': 72 * hourMs, 'reminder-24h': 24 * hourMs } as const satisfies Record<ReminderKind, number>
const isReminder = (kind: MessageKind): kind is ReminderKind => kind in reminderLeadMs

/** A reminder is sent in the first half of its lead: later than that it reminds of nothing in time, and is dropped. */
export function reminderSpan(kind: ReminderKind, startsAt: Date): { from: Date; until: Date } {
  const leadMs = reminderLeadMs[kind]
  return { from: new Date(startsAt.getTime() - leadMs), until: new Date(startsAt.getTime() - leadMs / 2) }
}

type Template = ValueOf<typeof Notice>['template']
/** Which notices are worth a message: what asks for something, and what says that something is not as it was told. The others stand on the page. */
export function messageOfNotice(template: Template): Extract<MessageKind, 'confirm-asked' | 'news'> | null {
  if (template === 'payment-needs-you') return 'confirm-asked'
  return template === 'eligibility-inactive' || template === 'eligibility-changed' || template === 'photo-rejected' ? 'news' : null
}

type VisitStatus = (typeof appointmentStatuses)[number]
/** A visit as far as a patient must know of it. */
export interface VisitWord {
  status: VisitStatus
  startsAt: Date
}
export const visitNewsKinds = ['moved', 'cancelled'] as const satisfies readonly MessageKind[]
export type VisitNews = (typeof visitNewsKinds)[number]
export const isVisitNews = (kind: MessageKind): kind is VisitNews => kind === 'moved' || kind === 'cancelled'
/** Who called it off themselves knows; and of a visit that was booked twice the other one takes place, which "cancelled" would make them doubt. */
const needsNoWord: readonly (CancelReason | null)[] = ['patient-asked', 'booked-twice']

/**
 * What a patient must be told of a visit, by what they were told last: not each change, but the difference. Moved and moved back is none; a visit that
 * was said to be off and takes place after all is `moved`, whose words name the time that holds.
 */
export function visitNews(visit: VisitWord & { cancelReason: CancelReason | null }, known: VisitWord): VisitNews | null {
  if (visit.status === 'cancelled') return known.status === 'cancelled' || needsNoWord.includes(visit.cancelReason) ? null : 'cancelled'
  if (visit.status !== 'booked' && visit.status !== 'proposed') return null
  return known.status === 'cancelled' || known.startsAt.getTime() !== visit.startsAt.getTime() ? 'moved' : null
}

/** The person asked for the link or the code themselves, or the clinic invites once; everything else as a text needs their word. */
export const needsTextConsent = (kind: MessageKind): boolean => kind !== 'invitation' && kind !== 'code'
/** Which mails carry a link that stops them: what the clinic sends of its own accord. A code was asked for, and who is not told of a visit that is off comes in vain. */
export const isStoppable = (kind: MessageKind): boolean => kind !== 'code' && !isVisitNews(kind)

/**
 * Whether an opt-out holds for a message. STOP, a dead address and a person's word end everything there. Who clicked in a mail, or took the consent to
 * texts back, gets the code that they ask for themselves all the same; and by mail what a mail cannot be stopped for.
 */
export function stops(cause: OptOutCause, channel: MessageChannel, kind: MessageKind): boolean {
  if (cause !== 'patient') return true
  return channel === 'mail' ? isStoppable(kind) : kind !== 'code'
}

/** What the consent to texts promises: so many for one visit, whatever they are about. A code comes because its patient asked for it just now. */
export const textsPerVisitMax = 6

/** Kinds that go on about the form that is not sent yet; the others come after it. */
const beforeSubmit: readonly MessageKind[] = ['invitation', 'reminder-72h', 'reminder-24h']

/** Whether a channel can reach this patient. */
export type ChannelState = 'ready' | 'no-address' | 'opted-out' | 'not-set-up' | 'no-consent' | 'at-limit'
const stateReason = {
  'no-address': 'no-address',
  'opted-out': 'opted-out',
  'not-set-up': 'no-channel',
  'no-consent': 'no-consent',
  'at-limit': 'visit-limit',
} as const satisfies Record<Exclude<ChannelState, 'ready'>, MessageReason>

export interface ChannelFacts {
  address: boolean
  optedOut: boolean
  connected: boolean
  /** Of texts: the patient said at the desk or in the form that they want them. */
  textsWanted: boolean
  /** Of texts: as many as were promised for one visit have left, or may have. */
  atLimit: boolean
}
export function channelState(channel: MessageChannel, kind: MessageKind, facts: ChannelFacts): ChannelState {
  if (!facts.address) return 'no-address'
  if (facts.optedOut) return 'opted-out'
  if (!facts.connected) return 'not-set-up'
  if (channel === 'sms' && needsTextConsent(kind) && !facts.textsWanted) return 'no-consent'
  return channel === 'sms' && kind !== 'code' && facts.atLimit ? 'at-limit' : 'ready'
}

/** A text where it can be one, else a mail. With `only`, that channel or none. */
export function chooseChannel(
  kind: MessageKind,
  facts: Readonly<Record<MessageChannel, ChannelFacts>>,
  only: MessageChannel | 'auto',
): { channel: MessageChannel } | { reason: MessageReason } {
  const tried = only === 'auto' ? (['sms', 'mail'] as const) : [only]
  const states = tried.map((channel) => ({ channel, state: channelState(channel, kind, facts[channel]) }))
  const ready = states.find(({ state }) => state === 'ready')
  if (ready) return { channel: ready.channel }
  // What the patient said weighs more than what is missing.
  const worst = states.map(({ state }) => state as Exclude<ChannelState, 'ready'>)
  const state = worst.includes('opted-out')
    ? 'opted-out'
    : worst.includes('no-consent')
      ? 'no-consent'
      : worst.includes('at-limit')
        ? 'at-limit'
        : worst.includes('not-set-up')
          ? 'not-set-up'
          : 'no-address'
  return { reason: stateReason[state] }
}

export interface LeaveFacts extends ChannelFacts {
  kind: MessageKind
  channel: MessageChannel
  /** What the ledger knows of this very request. */
  earlier: 'none' | 'failed' | 'unknown' | 'answered'
  /** What it was planned for is still so: the correction is open, the bank still waits, the code is still good. */
  wanted: boolean
  intake: (typeof intakeStatuses)[number]
  visit: VisitWord & { endsAt: Date; revision: number }
  /** Of news of a visit: when the patient believes that it begins. */
  knownStart: Date | null
  plannedRevision: number
  /** A link that can be sent: kept, neither ended nor revoked. */
  link: boolean
  /** The link that its patient has by now was made after it was asked for: what was put together then leads nowhere. */
  linkRenewed: boolean
  /** The desk has put another address in its place since. */
  addressChanged: boolean
  /** A person wants it out in quiet hours too. */
  atOnce: boolean
}
export type Leave = { go: MessageChannel } | { go: 'no'; reason: MessageReason } | { go: 'later'; until: Date }

/**
 * Whether a message may leave at this moment, asked again at each delivery. An answer that is there is recorded, whatever holds by now:
 * nothing leaves for it. A code of which nobody knows whether it left is never sent again; a text to somebody who said STOP neither, even
 * where asking the partner first would be safe.
 */
export function mayLeave(facts: LeaveFacts, clinic: { timeZone: string; quiet: QuietHours }, now: Date): Leave {
  const { kind, channel, visit, earlier } = facts
  const no = (reason: MessageReason): Leave => ({ go: 'no', reason })
  if (earlier === 'answered') return { go: channel }
  if (kind === 'code' && earlier === 'unknown') return no('outcome-unknown')
  const state = channelState(channel, kind, facts)
  if (state !== 'ready') return no(stateReason[state])
  if (facts.addressChanged) return no('address-changed')
  if (!facts.wanted) return no(kind === 'code' ? 'too-late' : isVisitNews(kind) ? 'moved' : 'answered')
  if (kind === 'code') return { go: channel }
  if (kind !== 'cancelled' && (visit.status === 'cancelled' || visit.status === 'noshow')) return no('cancelled')
  if (usefulUntil(kind, visit, now) <= now || visit.status === 'fulfilled') return no('over')
  if (beforeSubmit.includes(kind) && facts.intake === 'submitted') return no('finished')
  // Bytes that were sent once are sent the same again: what they say must still be so.
  if (visit.revision !== facts.plannedRevision && (isReminder(kind) || isVisitNews(kind) || earlier !== 'none')) return no('moved')
  // A link that was taken back may have been in the wrong hands; one that ended keeps nobody from being told of the visit.
  if (isVisitNews(kind) ? facts.intake === 'revoked' : !facts.link) return no('no-link')
  if (facts.linkRenewed && earlier !== 'none') return no('link-ended')
  const until = facts.atOnce ? undefined : quietUntil(now, clinic.timeZone, clinic.quiet)
  // Of a reminder, the moment at which it would leave decides whether it still reminds in time.
  if (isReminder(kind) && (until ?? now) > reminderSpan(kind, visit.startsAt).until) return no('too-late')
  if (!until || earlier === 'unknown') return { go: channel }
  // By night it wakes somebody who was seen, or not, hours ago.
  if (visit.endsAt <= now) return no('over')
  // Disturbed, or not told at all before the visit begins: before the patient leaves for it, who may know an earlier time.
  const begins = facts.knownStart && facts.knownStart > now && facts.knownStart < visit.startsAt ? facts.knownStart : visit.startsAt
  return until >= begins ? { go: channel } : { go: 'later', until }
}

/** News helps until the visit begins, a link as long as it works, everything else until the visit is over. */
function usefulUntil(kind: MessageKind, { startsAt, endsAt }: { startsAt: Date; endsAt: Date }, now: Date): Date {
  if (isVisitNews(kind)) return startsAt
  return kind === 'invitation' ? linkEnd(endsAt, now) : endsAt
}

/** After this moment the request must not be carried out any more, not even by a try that comes late. */
export function notAfterOf(
  facts: { kind: MessageKind; startsAt: Date; endsAt: Date; atOnce: boolean; codeEndsAt: Date | null },
  clinic: { timeZone: string; quiet: QuietHours },
  now: Date,
): Date | null {
  if (facts.kind === 'code') return facts.codeEndsAt
  const ends = [usefulUntil(facts.kind, facts, now)]
  if (isReminder(facts.kind)) ends.push(reminderSpan(facts.kind, facts.startsAt).until)
  const quiet = facts.atOnce ? undefined : quietFrom(now, clinic.timeZone, clinic.quiet)
  if (quiet && !quietUntil(now, clinic.timeZone, clinic.quiet)) ends.push(quiet)
  return new Date(Math.min(...ends.map((end) => end.getTime())))
}

/** The order in which a message can only go forward, whatever order its receipts come in. */
const rank = { planned: 0, requested: 1, suppressed: 2, sent: 3, failed: 4, undelivered: 5, delivered: 6 } as const satisfies Record<MessageState, number>
export const statusOfReceipt = {
  queued: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
} as const satisfies Record<ReceiptState, MessageState>
/** Undefined: it says nothing new. */
export const foldMessage = (known: MessageState, said: MessageState): MessageState | undefined => (rank[said] > rank[known] ? said : undefined)
