import { z } from 'zod'
import { defineContract, defineEvent, LanguageTag, Text, type ValueOf } from '../kit/index.ts'

/**
 * Messages to patients: a text or a mail that carries the link, never what it leads to. A message is a row that a commit wrote with its
 * event; the flow `message` sends it, and what the partner tells later is folded in by rank.
 */

/** What a message is for. `news`: a state changed, told only where it is wanted. `moved`, `cancelled`: the visit is not as the patient knows it. */
export const messageKinds = [
  ...(['invitation', 'code', 'reminder-72h', 'reminder-24h'] as const),
  ...(['correction-asked', 'confirm-asked', 'news', 'moved', 'cancelled'] as const),
] as const
export type MessageKind = (typeof messageKinds)[number]
export const messageChannels = ['sms', 'mail'] as const
export type MessageChannel = (typeof messageChannels)[number]
/** Which partner carries it. */
export const channelPartner = { sms: 'twilio', mail: 'mail' } as const satisfies Record<MessageChannel, string>

/** E.164. */
export const PhoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number with its country')
/** One address without a name. */
export const MailAddress = z.email().max(254)

const messageLines = (charsMax: number) =>
  z
    .string()
    .min(1)
    .max(charsMax)
    .regex(/^[^\p{Cc}\p{Cf}]*(\n[^\p{Cc}\p{Cf}]*)*$/u, 'must not hold control characters')
/** After this moment nothing is sent any more, not even again. Null: whenever it can be. */
const NotAfter = z.iso.datetime().nullable()

export const TextMessage = defineContract({
  name: 'TextMessage',
  version: 1,
  phi: true,
  schema: z.object({ messageId: z.uuid(), to: PhoneNumber, body: messageLines(640), notAfter: NotAfter }),
})
export const MailMessage = defineContract({
  name: 'MailMessage',
  version: 1,
  phi: true,
  schema: z.object({
    messageId: z.uuid(),
    to: MailAddress,
    language: LanguageTag,
    subject: Text(120),
    paragraphs: z.array(Text(600)).min(1).max(8),
    link: z.object({ url: z.url().max(500), label: Text(60) }).nullable(),
    footer: Text(300).nullable(),
    /** Shown large, to be typed elsewhere. */
    code: z.string().max(12).nullable(),
    /** Where reminders by mail can be stopped (List-Unsubscribe). */
    unsubscribeUrl: z.url().max(500).nullable(),
    notAfter: NotAfter,
  }),
})

const ProviderId = z.string().min(3).max(120)
export const MessageSent = defineContract({
  name: 'MessageSent',
  version: 1,
  phi: false,
  schema: z.object({ messageId: z.uuid(), providerId: ProviderId, state: z.enum(['queued', 'sent']) }),
})

/** Why a partner does not deliver. `sender-refused` and `content-refused` are ours to mend; the others are about the address. */
const messageRefusals = [
  'opted-out',
  'number-invalid',
  'number-unreachable',
  'not-a-mobile',
  'mailbox-unknown',
  'mailbox-full',
  'content-refused',
  'sender-refused',
  'too-late',
] as const
export type MessageRefusal = (typeof messageRefusals)[number]
const PartnerCode = z
  .string()
  .max(60)
  .regex(/^[\w.-]+$/)
export const MessageRefused = defineContract({
  name: 'MessageRefused',
  version: 1,
  phi: false,
  schema: z.object({ messageId: z.uuid(), reason: z.enum(messageRefusals), code: PartnerCode }),
})

/** What a partner says of a message that it took. */
const receiptStates = ['queued', 'sent', 'delivered', 'undelivered', 'failed'] as const
export type ReceiptState = (typeof receiptStates)[number]
export const inboundWords = ['stop', 'start', 'help', 'other'] as const
/** What came from the partner of texts. A number is told as a keyed hash, the words of a patient not at all. */
export const MessageItem = defineContract({
  name: 'MessageItem',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({
      is: z.literal('status'),
      providerId: ProviderId,
      /** Ours, out of the address that the partner was given to call; null where it carries none. */
      messageId: z.uuid().nullable(),
      status: z.enum(receiptStates),
      reason: z.enum(messageRefusals).nullable(),
      code: PartnerCode.nullable(),
    }),
    /** `fromKey`: `addressKey` of the number, with the clinic's key. */
    z.object({ is: z.literal('inbound'), providerId: ProviderId, word: z.enum(inboundWords), fromKey: z.string().regex(/^[0-9a-f]{64}$/) }),
    z.object({ is: z.literal('other') }),
    z.object({ is: z.literal('unreadable'), code: PartnerCode }),
  ]),
})
export const MessageItemReceived = defineContract({
  name: 'MessageItemReceived',
  version: 1,
  phi: false,
  schema: z.object({ itemId: z.uuid(), fileId: z.uuid(), index: z.int().min(0), receivedAt: z.iso.datetime(), item: MessageItem.schema }),
})

/** What is hashed to know an address again without keeping it: the vault's keyed hash of this text, in hex. */
export const addressText = (channel: MessageChannel, address: string): string =>
  JSON.stringify([channel === 'sms' ? 'phone' : 'mail', channel === 'sms' ? address : address.toLowerCase()])

/** Who ended it: the patient's STOP, the partner's word that they did, an address that takes nothing, the patient on a page of ours, or a person here. */
export const optOutCauses = ['stop', 'partner', 'address', 'patient', 'staff'] as const
export type OptOutCause = (typeof optOutCauses)[number]
/** What the clinic may end: its own word, and that an address takes nothing, which is nobody's wish. The others are the person's, and only they take them back. */
export const clinicCauses = ['address', 'staff'] as const satisfies readonly OptOutCause[]

export const MessageRequested = defineContract({
  name: 'MessageRequested',
  version: 1,
  phi: false,
  schema: z.object({
    messageId: z.uuid(),
    intakeId: z.uuid(),
    visitId: z.uuid(),
    kind: z.enum(messageKinds),
    channel: z.enum(messageChannels),
  }),
})

/**
 * Where a message stands. `planned`: it waits for its time; `requested`: the flow has it; `suppressed`: it was not sent, on purpose. The
 * last four are the partner's word.
 */
export const messageStates = ['planned', 'requested', 'suppressed', 'sent', 'failed', 'undelivered', 'delivered'] as const
export type MessageState = (typeof messageStates)[number]

/** Why a message was not sent, or did not arrive. */
export const messageReasons = [
  ...messageRefusals,
  'finished',
  'cancelled',
  'moved',
  'over',
  'link-ended',
  'no-link',
  'no-address',
  'no-consent',
  'no-channel',
  'outcome-unknown',
  'answered',
  'address-changed',
  'visit-limit',
] as const
export type MessageReason = (typeof messageReasons)[number]

/** Whether it may leave by now, and by which door; `later`: in quiet hours. */
export const MessageLeave = defineContract({
  name: 'MessageLeave',
  version: 1,
  phi: false,
  schema: z.object({
    messageId: z.uuid(),
    go: z.enum(['sms', 'mail', 'later', 'no']),
    reason: z.enum(messageReasons).nullable(),
    until: z.iso.datetime().nullable(),
  }),
})

export type LeaveNow = ValueOf<typeof MessageLeave>

/** What the partner answered. */
export const MessageRecord = defineContract({
  name: 'MessageRecord',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({ is: z.literal('sent'), messageId: z.uuid(), providerId: ProviderId.nullable() }),
    z.object({ is: z.literal('refused'), messageId: z.uuid(), reason: z.enum(messageRefusals), code: PartnerCode }),
  ]),
})

export const MessageChanged = defineContract({
  name: 'MessageChanged',
  version: 1,
  phi: false,
  schema: z.object({
    messageId: z.uuid(),
    intakeId: z.uuid(),
    visitId: z.uuid(),
    kind: z.enum(messageKinds),
    channel: z.enum(messageChannels),
    status: z.enum(messageStates),
    reason: z.enum(messageReasons).nullable(),
  }),
})

export const messageEvents = [
  defineEvent({ type: 'message.requested.v1', contract: MessageRequested, context: 'messaging', summary: 'A message to a patient is to be sent now.' }),
  defineEvent({
    type: 'message.changed.v1',
    contract: MessageChanged,
    context: 'messaging',
    summary: 'A message was sent, arrived, did not, or was held back.',
  }),
  defineEvent({ type: 'twilio.item-received.v1', contract: MessageItemReceived, context: 'messaging', summary: 'The partner of texts told this.' }),
] as const
