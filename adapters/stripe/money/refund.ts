import type { Refund, Refunded, RefundRefused } from '@heliox/core/billing'
import { type Answer, type CallContext, PartnerFault, type ValueOf } from '@heliox/core/kit'
import Stripe from 'stripe'
import type { StripeConfig, StripeSecrets } from '../config.ts'
import { askedInVain, mustLook, openStripe, toFault } from '../transport/sdk.ts'
import { RefundShape, readAs } from '../transport/shapes.ts'
import { toStripe } from './currency.ts'
import { codeText } from './declines.ts'

type Ctx = CallContext<StripeConfig, StripeSecrets>
type RefundAsked = ValueOf<typeof Refund>
type RefundAnswer = Answer<ValueOf<typeof Refunded>, ValueOf<typeof RefundRefused>>

/** Gives money back to the method it came from. One `refundId` is one refund; several partial ones go up to what was charged. */
export async function refund(asked: RefundAsked, ctx: Ctx): Promise<RefundAnswer> {
  const api = openStripe(ctx)
  try {
    const { amount } = toStripe(asked.amountMinor, asked.currency)
    const made = await api.refunds.create(
      { payment_intent: asked.paymentIntentId, amount, metadata: { hub_refund: asked.refundId, hub_charge: asked.chargeId } },
      { idempotencyKey: ctx.idempotencyKey },
    )
    return refundAnswer(made)
  } catch (error) {
    if (isRefused(error)) return refused(error.code ?? (error.param === 'amount' ? 'amount_too_large' : null), null)
    if (mustLook(error)) return (await foundNow(api, asked, ctx)) ?? Promise.reject(toFault(error, ctx.signal))
    throw toFault(error, ctx.signal)
  }
}

/** What became of an earlier send: the refunds of one payment are listed without the delay of Stripe's search. */
export async function findRefund(asked: RefundAsked, ctx: Ctx): Promise<RefundAnswer | 'not-found' | 'cannot-tell'> {
  try {
    return (await findByMetadata(openStripe(ctx), asked)) ?? 'not-found'
  } catch (error) {
    return askedInVain(error, ctx.signal, 'the refund')
  }
}

async function foundNow(api: Stripe, asked: RefundAsked, ctx: Ctx): Promise<RefundAnswer | undefined> {
  try {
    return await findByMetadata(api, asked)
  } catch (error) {
    throw toFault(error, ctx.signal)
  }
}

const refundsMax = 100
async function findByMetadata(api: Stripe, asked: RefundAsked): Promise<RefundAnswer | undefined> {
  const list = await api.refunds.list({ payment_intent: asked.paymentIntentId, limit: refundsMax })
  const mine = list.data.find((one) => one.metadata?.hub_refund === asked.refundId)
  if (mine) return refundAnswer(mine)
  if (list.has_more) throw new PartnerFault('contract', 'The payment has too many refunds to look through.')
  return undefined
}

function refundAnswer(value: unknown): RefundAnswer {
  const { id, status, failure_reason: reason } = readAs(RefundShape, value, 'Refund')
  if (status === 'pending' || status === 'succeeded') return { is: 'ok', value: { status, partnerRefundId: id } }
  if (status === 'requires_action') return { is: 'ok', value: { status: 'requires-action', partnerRefundId: id } }
  if (status === 'failed' || status === 'canceled') return refused(reason ?? status, id)
  throw new PartnerFault('contract', 'The refund is in a state that we do not know.')
}
const refused = (code: string | null, partnerRefundId: string | null): RefundAnswer => ({
  is: 'rejected',
  value: { code: codeText(code) ?? 'refund_refused', partnerRefundId },
})

/** Sound requests that Stripe does not carry out: a person decides what follows. */
const refusals: ReadonlySet<string> = new Set([
  'charge_already_refunded',
  'charge_disputed',
  'refund_disputed_payment',
  'charge_not_refundable',
  'invalid_charge_amount',
  'amount_too_large',
  'amount_too_small',
  'balance_insufficient',
  'insufficient_funds',
  'resource_missing',
])
const isRefused = (error: unknown): error is Stripe.errors.StripeInvalidRequestError =>
  error instanceof Stripe.errors.StripeInvalidRequestError && (refusals.has(error.code ?? '') || (error.code === undefined && error.param === 'amount'))
