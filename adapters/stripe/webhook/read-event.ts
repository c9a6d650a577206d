import type { PaymentItem } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { z } from 'zod'
import { fromStripe } from '../money/currency.ts'
import { codeText } from '../money/declines.ts'
import { Id, Reference } from '../transport/shapes.ts'

type Item = ValueOf<typeof PaymentItem>
type Fact = Extract<Item, { is: 'fact' }>
type Kind = Fact['object']['kind']

/** A call holds one event; Stripe's largest objects are a few kilobytes. */
export const eventBytesMax = 256 * 1024

/** Events that say something the hub acts on. All others are `other`: kept, and nothing follows. */
export const eventTypes: ReadonlySet<string> = new Set([
  ...['requires_action', 'succeeded', 'setup_failed', 'canceled'].map((what) => `setup_intent.${what}`),
  ...['requires_action', 'processing', 'succeeded', 'payment_failed', 'canceled', 'amount_capturable_updated'].map((what) => `payment_intent.${what}`),
  ...['created', 'updated', 'failed'].map((what) => `refund.${what}`),
  ...['refunded', 'expired', 'failed'].map((what) => `charge.${what}`),
  ...['detached', 'automatically_updated'].map((what) => `payment_method.${what}`),
])

const Event = z.object({
  id: Id,
  object: z.literal('event'),
  type: z.string().regex(/^[a-z0-9_.]{1,80}$/),
  /** Set on events of other accounts that a platform hears of. */
  account: z.string().optional(),
  created: z.int().min(0).max(253_402_300_799),
  data: z.object({ object: z.looseObject({ object: z.string(), id: z.string().nullish() }) }),
})
const kinds: Readonly<Record<string, Kind>> = {
  setup_intent: 'setup-intent',
  payment_intent: 'payment-intent',
  refund: 'refund',
  charge: 'charge',
  payment_method: 'payment-method',
}
const LastError = z.object({ code: z.string().nullish(), decline_code: z.string().nullish() }).nullish()
/** What these objects have in common, and what one or the other has. All by Stripe's names. */
const About = z.object({
  id: Id,
  status: z.string().max(60).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  currency: z.string().length(3).nullish(),
  amount: z.int().min(0).nullish(),
  amount_received: z.int().min(0).nullish(),
  amount_refunded: z.int().min(0).nullish(),
  customer: Reference.nullish(),
  payment_intent: Reference.nullish(),
  payment_method: Reference.nullish(),
  last_setup_error: LastError,
  last_payment_error: LastError,
  failure_reason: z.string().nullish(),
  failure_code: z.string().nullish(),
  cancellation_reason: z.string().nullish(),
  payment_method_details: z.object({ card: z.object({ capture_before: z.int().min(0).nullish() }).nullish() }).nullish(),
})
type AboutFacts = z.output<typeof About>

/** One webhook call. What cannot be read is an item that says so: it was signed, so somebody should know. */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Item> {
  yield itemOf(await textOf(bytes))
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.byteLength
    if (size > eventBytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function itemOf(text: string | undefined): Item {
  if (text === undefined) return unreadable('too-large')
  const event = Event.safeParse(parsed(text))
  if (!event.success) return unreadable('not-an-event')
  const { id: eventId, type, account, data } = event.data
  const kind = kinds[data.object.object]
  if (!eventTypes.has(type) || kind === undefined || account !== undefined) return { is: 'other', eventId, type }
  const about = About.safeParse(data.object)
  if (!about.success) return unreadable('not-as-promised')
  return factOf(event.data, kind, about.data) ?? unreadable('no-such-amount')
}
const unreadable = (code: string): Item => ({ is: 'unreadable', code })

function factOf(event: z.output<typeof Event>, kind: Kind, about: AboutFacts): Fact | undefined {
  const amount = amountOf(kind, about)
  const amountMinor = amount === null || !about.currency ? null : fromStripe(amount, about.currency)
  if (amountMinor === undefined || (amountMinor ?? 0) > amountMinorMax) return undefined
  const isIntent = kind === 'setup-intent' || kind === 'payment-intent'
  return {
    is: 'fact',
    eventId: event.id,
    type: event.type,
    at: isoOf(event.created),
    object: { kind, id: about.id },
    intentId: isIntent ? about.id : (about.payment_intent ?? null),
    ours: { paymentId: ourId(about, 'hub_payment'), chargeId: ourId(about, 'hub_charge'), refundId: ourId(about, 'hub_refund') },
    status: about.status ?? null,
    code: codeOf(about),
    amountMinor: amountMinor ?? null,
    customerId: about.customer ?? null,
    paymentMethodId: kind === 'payment-method' ? about.id : (about.payment_method ?? null),
    captureBefore: captureBeforeOf(about),
  }
}
const amountMinorMax = 99_999_999

/** Of a payment what was taken once it was, of a charge what was given back of it by now, of a refund itself. */
function amountOf(kind: Kind, { status, amount, amount_received, amount_refunded }: AboutFacts): number | null {
  if (kind === 'payment-intent') return (status === 'succeeded' ? amount_received : amount) ?? null
  if (kind === 'charge') return amount_refunded ?? null
  return kind === 'refund' ? (amount ?? null) : null
}
/** The bank's reason before Stripe's code: the table of declines reads it in that order too. */
function codeOf(about: AboutFacts): string | null {
  const error = about.last_payment_error ?? about.last_setup_error
  return codeText(error?.decline_code ?? error?.code ?? about.failure_reason ?? about.failure_code ?? about.cancellation_reason)
}
/** On the charge; an intent only names its charge, and a webhook expands nothing. */
function captureBeforeOf(about: AboutFacts): string | null {
  const seconds = about.payment_method_details?.card?.capture_before
  return seconds == null ? null : isoOf(seconds)
}
const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString()
const Uuid = z.uuid()
function ourId(about: AboutFacts, name: string): string | null {
  const id = Uuid.safeParse(about.metadata?.[name])
  return id.success ? id.data : null
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
