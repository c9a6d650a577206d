import type { ReadTools, ValueOf } from '@heliox/core/kit'
import { type MessageItem, PhoneNumber, type ReceiptState } from '@heliox/core/messaging'
import { z } from 'zod'
import { refusalOf } from '../codes.ts'
import type { TwilioConfig } from '../config.ts'
import { wordOf } from './words.ts'

type Item = ValueOf<typeof MessageItem>

/** A text is at most 1,600 characters; a form with everything that Twilio adds stays far below. */
export const callBytesMax = 64 * 1024

/** One call: a line with the query, then the form, as `keeps` wrote them. It was signed, so what cannot be read is said. */
export async function* readCalls(bytes: AsyncIterable<Uint8Array>, config: TwilioConfig, tools: ReadTools): AsyncIterable<Item> {
  const text = await textOf(bytes)
  const end = text?.indexOf('\n') ?? -1
  if (text === undefined || end < 0) yield unreadable(text === undefined ? 'too-large' : 'not-a-call')
  else yield await itemOf(new URLSearchParams(text.slice(0, end)), new URLSearchParams(text.slice(end + 1)), config, tools)
}

const Sid = z.string().regex(/^[A-Z]{2}[0-9a-fA-F]{32}$/)
const Uuid = z.uuid()

async function itemOf(query: URLSearchParams, form: URLSearchParams, config: TwilioConfig, tools: ReadTools): Promise<Item> {
  if (form.get('AccountSid') !== config.accountSid) return { is: 'other' }
  const providerId = Sid.safeParse(form.get('MessageSid') ?? form.get('SmsSid'))
  const said = form.get('MessageStatus') ?? form.get('SmsStatus')
  if (!providerId.success || said === null) return unreadable('not-a-message')
  if (said === 'received' || said === 'receiving') return inbound(providerId.data, form, tools)
  const status = states.get(said)
  if (status === undefined) return { is: 'other' }
  const messageId = Uuid.safeParse(query.get('m'))
  const code = /^\d{1,6}$/.exec(form.get('ErrorCode') ?? '')?.[0] ?? null
  const reason = refusalOf(code === null ? null : Number(code)) ?? null
  return { is: 'status', providerId: providerId.data, messageId: messageId.success ? messageId.data : null, status, reason, code }
}

const states: ReadonlyMap<string, ReceiptState> = new Map([
  ...(['accepted', 'scheduled', 'queued', 'sending'] as const).map((said) => [said, 'queued'] as const),
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
])

/** What the patient wrote ends here: only the word that means something goes on, and the number as a keyed hash. */
async function inbound(providerId: string, form: URLSearchParams, tools: ReadTools): Promise<Item> {
  const from = PhoneNumber.safeParse(form.get('From'))
  if (!from.success) return unreadable('no-number')
  return { is: 'inbound', providerId, word: wordOf(form.get('Body') ?? '', form.get('OptOutType')), fromKey: await tools.keyOf(['phone', from.data]) }
}

const unreadable = (code: string): Item => ({ is: 'unreadable', code })

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.byteLength
    if (size > callBytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
