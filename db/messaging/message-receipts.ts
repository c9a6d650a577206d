import type { ValueOf } from '@heliox/core/kit'
import {
  channelPartner,
  type MessageChannel,
  type MessageItem,
  MessageItemReceived,
  MessageLeave,
  type MessageReason,
  MessageRecord,
  type MessageRefusal,
  statusOfReceipt,
} from '@heliox/core/messaging'
import { type ApplyContext, applyOf } from '../applies/context.ts'
import { audit } from '../compliance/audit.ts'
import { quietMs, raiseIncident, settleQuietIncident } from './incidents.ts'
import { refusedSender } from './message-leave.ts'
import { isFollowed, lockMessage, type MessageChange, type MessageRow, moveMessage } from './messages.ts'
import { optIn, optOut } from './opt-outs.ts'
import { planMessage } from './plan-message.ts'

/** What became of a message: held back, answered, or told of later. */

/** Held back, or not now. A delivery of a request that is not the newest changes nothing. */
export const holdBack = applyOf(MessageLeave, async ({ messageId, go, reason, until }, context) => {
  const row = await lockMessage(context.tx, { id: messageId })
  if (!row || row.requestedVersion !== context.envelope.aggregateVersion) return
  if (go === 'later' && until !== null) await moveMessage(context.tx, row, { status: 'planned', dueAt: new Date(until) }, context)
  else if (go === 'no' && reason !== null) await suppress(row, reason, context)
})

/** What cannot go by text may go by mail; what is not wanted any more goes nowhere. */
const elsewhere: readonly MessageReason[] = ['opted-out', 'no-channel', 'outcome-unknown']
async function suppress(row: MessageRow, reason: MessageReason, context: ApplyContext): Promise<void> {
  const moved = await moveMessage(context.tx, row, { status: 'suppressed', reason }, context)
  if (moved && elsewhere.includes(reason)) await standIn(row, context)
  if (moved && reason === 'link-ended') await anew(row, context)
}

export const recordMessage = applyOf(MessageRecord, async (record, context) => {
  const row = await lockMessage(context.tx, { id: record.messageId })
  if (!row) throw new Error('the message is not there')
  if (record.is === 'refused') return void (await notDelivered(row, { status: 'failed', reason: record.reason, code: record.code }, context))
  await moveMessage(context.tx, row, { status: 'sent', providerId: record.providerId }, context)
  // Of a mail nothing more is told: that it was taken is all that one hears.
  if (row.channel === 'mail') await nobodyRefuses('mail', context)
})

/** A receipt or a word of the patient. A receipt of a message that is not ours (sent by hand over there) is passed over. */
export const recordMessageFact = applyOf(MessageItemReceived, async ({ item, fileId, receivedAt }, context) => {
  if (item.is === 'status') return recordReceipt(item, context)
  if (item.is === 'inbound') return recordWord(item, new Date(receivedAt), context)
  // It was signed, so it is theirs: were it dropped in silence, a change on their side could hide every STOP.
  if (item.is === 'unreadable')
    await raiseIncident(
      context.tx,
      { kind: 'unreadable-file', partner: channelPartner.sms, payerId: null, about: { is: 'file', id: fileId }, count: 1 },
      context.now,
    )
})

type Item = ValueOf<typeof MessageItem>
async function recordReceipt(item: Extract<Item, { is: 'status' }>, context: ApplyContext): Promise<void> {
  const { tx } = context
  const row = (item.messageId ? await lockMessage(tx, { id: item.messageId }) : undefined) ?? (await lockMessage(tx, { providerId: item.providerId }))
  if (!row) return
  const status = statusOfReceipt[item.status]
  if (status === 'failed' || status === 'undelivered') {
    await notDelivered(row, { status, reason: item.reason, code: item.code, providerId: item.providerId }, context)
    return
  }
  await moveMessage(tx, row, { status, providerId: item.providerId }, context)
  if (status === 'delivered') await nobodyRefuses(row.channel, context)
}
/** The clinic's messages arrive again, and none was refused for a while. */
const nobodyRefuses = (channel: MessageChannel, { tx, now }: ApplyContext): Promise<void> =>
  settleQuietIncident(tx, refusedSender(channel), new Date(now.getTime() - quietMs), now)

const ofTheAddress: readonly MessageRefusal[] = ['number-invalid', 'not-a-mobile', 'mailbox-unknown']
const ofTheSender: readonly MessageRefusal[] = ['content-refused', 'sender-refused']

/** Why says what follows: the address is marked, the clinic is told, and another channel is tried where there is one. */
async function notDelivered(
  row: MessageRow,
  change: MessageChange & { status: 'failed' | 'undelivered'; reason: MessageRefusal | null },
  context: ApplyContext,
): Promise<void> {
  const { tx, now, process } = context
  const { reason } = change
  if (!(await moveMessage(tx, row, change, context))) return
  if (reason !== null && row.addressKey !== null && (reason === 'opted-out' || ofTheAddress.includes(reason))) {
    const said = { channel: row.channel, addressKey: row.addressKey, at: now }
    await optOut(tx, said, reason === 'opted-out' ? 'partner' : 'address', `service:${process}`)
    await audit(tx, { action: 'opt-out.set', resource: `message:${row.id} ${reason}`, outcome: 'ok' }, now)
  }
  if (reason !== null && ofTheSender.includes(reason)) {
    await raiseIncident(tx, { ...refusedSender(row.channel), payerId: null, count: 1 }, now)
  }
  // Too late is too late by every channel; a planned time that was missed is no fault of the number.
  if (reason !== 'too-late') await standIn(row, context)
}

/** The same by mail, once: the unique key of stand-ins is the judge. */
async function standIn(row: MessageRow, context: ApplyContext): Promise<void> {
  if (row.channel !== 'sms') return
  await planMessage(
    context.tx,
    {
      ...{ intakeId: row.intakeId, kind: row.kind, channel: 'mail', aboutId: row.aboutId, atOnce: row.atOnce, notAfter: row.notAfter },
      ...{ requestedBy: `service:${context.process}`, insteadOf: row.id, keepRefusal: false },
    },
    context,
  )
}

/** The same with the link that holds by now, unless somebody has sent that already. */
async function anew(row: MessageRow, context: ApplyContext): Promise<void> {
  if (await isFollowed(context.tx, row)) return
  await planMessage(
    context.tx,
    {
      ...{ intakeId: row.intakeId, kind: row.kind, channel: row.channel === 'sms' ? 'auto' : 'mail', aboutId: row.aboutId, atOnce: row.atOnce },
      ...{ notAfter: row.notAfter, requestedBy: `service:${context.process}`, insteadOf: row.id, keepRefusal: true },
    },
    context,
  )
}

/** STOP ends every text of this clinic to that number; START takes it back. Other words are kept with the file that they came in, and are nobody's order. */
async function recordWord({ word, fromKey }: Extract<Item, { is: 'inbound' }>, at: Date, { tx, process, now }: ApplyContext): Promise<void> {
  const by = `service:${process}`
  if (word === 'stop') await optOut(tx, { channel: 'sms', addressKey: fromKey, at }, 'stop', by)
  else if (word === 'start') await optIn(tx, { channel: 'sms', addressKey: fromKey, at }, by)
  else return
  await audit(tx, { action: word === 'stop' ? 'opt-out.set' : 'opt-out.end', resource: 'patient-word', outcome: 'ok' }, now)
}
