import type { CardDeclined, CardStored, StoreCard } from '@heliox/core/billing'
import { type Answer, type CallContext, PartnerFault, type ValueOf } from '@heliox/core/kit'
import Stripe from 'stripe'
import { z } from 'zod'
import type { StripeConfig, StripeSecrets } from './config.ts'
import { openStripe, toFault } from './transport/sdk.ts'

type Ctx = CallContext<StripeConfig, StripeSecrets>
type Card = ValueOf<typeof StoreCard>
type CardAnswer = Answer<ValueOf<typeof CardStored>, ValueOf<typeof CardDeclined>>

/** Our ids, so that a lost answer can be found again. Random ids only: whoever reads Stripe's dashboard learns no name. */
const metadataOf = (card: Card) => ({ hub_payment: card.paymentId, hub_patient: card.patientId })

/**
 * Keeps a card: a customer, and a zero-amount SetupIntent confirmed with the browser's token. Both calls carry keys made from the
 * effect's key, so a repeat within Stripe's memory gives the first answer again.
 */
export async function storeCard(card: Card, ctx: Ctx): Promise<CardAnswer> {
  const api = openStripe(ctx)
  try {
    const customer = await api.customers.create({ metadata: metadataOf(card) }, { idempotencyKey: `${ctx.idempotencyKey}:customer` })
    const intent = await api.setupIntents.create(
      {
        customer: customer.id,
        confirm: true,
        confirmation_token: card.confirmationTokenId,
        usage: 'off_session',
        allowed_payment_method_types: ['card'],
        metadata: metadataOf(card),
      },
      { idempotencyKey: ctx.idempotencyKey },
    )
    return answerOf(intent)
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) return declined(error.code, error.decline_code)
    if (isAboutToken(error)) return (await foundByToken(api, card, ctx)) ?? declined(error.code)
    // A replayed 5xx says only that the first try broke: the same key will say so for a day. What exists tells more.
    if (isReplayed5xx(error)) return (await foundByToken(api, card, ctx)) ?? Promise.reject(toFault(error, ctx.signal))
    throw toFault(error, ctx.signal)
  }
}

/**
 * What became of an earlier send. First by the token, which names the SetupIntent it confirmed; then by our metadata. A fault here
 * must not look like "nothing happened": it stays uncertain, or a person looks.
 */
export async function findStoredCard(card: Card, ctx: Ctx): Promise<CardAnswer | 'not-found' | 'cannot-tell'> {
  const api = openStripe(ctx)
  try {
    return (await foundByToken(api, card, ctx)) ?? (await foundByMetadata(api, card)) ?? 'not-found'
  } catch (error) {
    const fault = toFault(error, ctx.signal)
    if (fault.kind === 'credentials' || fault.kind === 'contract') return 'cannot-tell'
    throw new PartnerFault(fault.kind === 'timeout' ? 'timeout' : 'uncertain', 'Stripe could not be asked what became of the card.', {
      detail: fault.detail,
      retryAfterMs: fault.retryAfterMs,
    })
  }
}

async function foundByToken(api: Stripe, card: Card, ctx: Ctx): Promise<CardAnswer | undefined> {
  try {
    const token = await api.confirmationTokens.retrieve(card.confirmationTokenId)
    if (token.setup_intent === null) return undefined
    const intent = await api.setupIntents.retrieve(token.setup_intent)
    return intent.metadata?.hub_payment === card.paymentId ? answerOf(intent) : undefined
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') return undefined
    throw toFault(error, ctx.signal)
  }
}

/** Search lags by up to a minute, so it comes second; it is asked only for what is older than the key's memory. */
async function foundByMetadata(api: Stripe, card: Card): Promise<CardAnswer | undefined> {
  const customers = await api.customers.search({ query: `metadata['hub_payment']:'${card.paymentId}'`, limit: 10 })
  const lists = await Promise.all(customers.data.map((customer) => api.setupIntents.list({ customer: customer.id, limit: 10 })))
  const intents = lists.flatMap((list) => list.data).filter((intent) => intent.metadata?.hub_payment === card.paymentId)
  // One that was kept outweighs one that was declined before it.
  const best = intents.find((i) => i.status === 'succeeded') ?? intents.find((i) => i.status === 'requires_action') ?? intents[0]
  return best && answerOf(best)
}

const Id = z.string().min(3).max(80)
const Reference = z.union([Id, z.object({ id: Id }).transform((value) => value.id)])
const Intent = z.object({
  id: Id,
  status: z.string(),
  customer: Reference,
  payment_method: Reference.nullish(),
  last_setup_error: z.object({ code: z.string().nullish(), decline_code: z.string().nullish() }).nullish(),
})

/** Parsed on the way in, whatever the SDK's types promise. */
function answerOf(value: unknown): CardAnswer {
  const parsed = Intent.safeParse(value)
  if (!parsed.success) throw new PartnerFault('contract', 'Stripe answered with something that is no SetupIntent.')
  const { id, status, customer, payment_method, last_setup_error } = parsed.data
  if (status === 'succeeded' || status === 'requires_action') {
    const stored = { setupIntentId: id, customerId: customer, paymentMethodId: payment_method ?? null }
    return { is: 'ok', value: { status: status === 'succeeded' ? 'succeeded' : 'requires-action', ...stored } }
  }
  if (status === 'requires_payment_method') return declined(last_setup_error?.code, last_setup_error?.decline_code)
  if (status === 'processing') throw new PartnerFault('uncertain', 'Stripe is still at work on the card.')
  throw new PartnerFault('contract', 'The SetupIntent is in a state that we never ask for.')
}

const codeText = (code: string | null | undefined): string | null => (code && /^[\w-]{1,60}$/.test(code) ? code : null)
const declined = (code?: string | null, declineCode?: string | null): CardAnswer => ({
  is: 'rejected',
  value: { code: codeText(code) ?? 'card_declined', declineCode: codeText(declineCode) },
})

/** Unknown, expired or used up: only the patient can make a new one, so it is an answer and no fault of ours. */
const tokenCodes = new Set(['resource_missing', 'token_already_used', 'token_in_use'])
const isAboutToken = (error: unknown): error is Stripe.errors.StripeInvalidRequestError =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.param === 'confirmation_token' && tokenCodes.has(error.code ?? '')
const isReplayed5xx = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && (error.statusCode ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true'
