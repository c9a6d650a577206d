import type { Charge, ChargeDeclined, Charged } from '@heliox/core/billing'
import { type Answer, type CallContext, PartnerFault, type ValueOf } from '@heliox/core/kit'
import Stripe from 'stripe'
import type { StripeConfig, StripeSecrets } from '../config.ts'
import { askedInVain, mustLook, openStripe, toFault } from '../transport/sdk.ts'
import { type PaymentIntentFacts, PaymentIntentShape, readAs } from '../transport/shapes.ts'
import { fromStripe, toStripe } from './currency.ts'
import { codeText, type Decline, declines, nextOf } from './declines.ts'

type Ctx = CallContext<StripeConfig, StripeSecrets>
type ChargeAsked = ValueOf<typeof Charge>
type ChargeAnswer = Answer<ValueOf<typeof Charged>, ValueOf<typeof ChargeDeclined>>

/**
 * Takes an amount from a method on file, while the patient is not there. One `chargeId` is one try: another try is another id, so
 * that what is found by it is never the answer of an older one. What it is for is said nowhere at Stripe, not in metadata, description
 * or statement: a copay tells that somebody saw a doctor.
 */
export async function charge(asked: ChargeAsked, ctx: Ctx): Promise<ChargeAnswer> {
  const api = openStripe(ctx)
  try {
    const intent = await api.paymentIntents.create(
      {
        ...toStripe(asked.amountMinor, asked.currency),
        customer: asked.customerId,
        payment_method: asked.paymentMethodId,
        off_session: true,
        confirm: true,
        // Whatever kind the method on file is of; nobody is there who could be sent to another page.
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        metadata: { hub_charge: asked.chargeId, hub_patient: asked.patientId },
      },
      { idempotencyKey: ctx.idempotencyKey },
    )
    return chargeAnswer(intent)
  } catch (error) {
    const no = noOf(error)
    if (no) return no
    if (mustLook(error)) return (await foundNow(api, asked, ctx)) ?? Promise.reject(toFault(error, ctx.signal))
    throw toFault(error, ctx.signal)
  }
}

/** What became of an earlier send: the customer's payments are listed without the delay of Stripe's search. */
export async function findCharge(asked: ChargeAsked, ctx: Ctx): Promise<ChargeAnswer | 'not-found' | 'cannot-tell'> {
  try {
    const found = await findByMetadata(openStripe(ctx), asked)
    return found ? chargeAnswer(found) : 'not-found'
  } catch (error) {
    return askedInVain(error, ctx.signal, 'the charge')
  }
}

async function foundNow(api: Stripe, asked: ChargeAsked, ctx: Ctx): Promise<ChargeAnswer | undefined> {
  try {
    const found = await findByMetadata(api, asked)
    return found && chargeAnswer(found)
  } catch (error) {
    throw toFault(error, ctx.signal)
  }
}

const perPage = 100
/** Newest first. A patient with more payments than this is nobody we know; whoever looks then looks by hand. */
const pagesMax = 5

export async function findByMetadata(api: Stripe, asked: Pick<ChargeAsked, 'chargeId' | 'customerId'>): Promise<Stripe.PaymentIntent | undefined> {
  let after: string | undefined
  for (let page = 0; page < pagesMax; page += 1) {
    const list = await api.paymentIntents.list({ customer: asked.customerId, limit: perPage, ...(after !== undefined && { starting_after: after }) })
    const found = list.data.filter((one) => one.metadata.hub_charge === asked.chargeId)
    // Money that was taken outweighs a try that was declined.
    const best = found.find(({ status }) => status === 'succeeded') ?? found.find(({ status }) => status === 'processing') ?? found[0]
    if (best) return best
    if (!list.has_more) return undefined
    after = list.data.at(-1)?.id
  }
  throw new PartnerFault('contract', 'The patient has too many payments to look through.')
}

function chargeAnswer(value: unknown): ChargeAnswer {
  const intent = readAs(PaymentIntentShape, value, 'PaymentIntent')
  const { id, status, last_payment_error: error } = intent
  if (status === 'succeeded' || status === 'processing') return { is: 'ok', value: { status, paymentIntentId: id, amountMinor: amountOf(intent) } }
  if (status === 'requires_payment_method') return declinedBy({ ...error, advice_code: error?.advice_code }, id)
  if (status === 'requires_action') return declinedBy({ code: 'authentication_required' }, id)
  if (status === 'canceled') return declinedBy({ code: 'canceled' }, id)
  throw new PartnerFault('contract', 'The PaymentIntent is in a state that we never ask for.')
}
export function amountOf(intent: PaymentIntentFacts): number {
  const amountMinor = fromStripe(intent.status === 'succeeded' ? intent.amount_received : intent.amount, intent.currency)
  if (amountMinor === undefined) throw new PartnerFault('contract', 'Stripe charged an amount that the currency does not have.')
  return amountMinor
}

/** A card that was declined, or a sound request that Stripe does not carry out. */
export function noOf(error: unknown): Declined | undefined {
  return error instanceof Stripe.errors.StripeCardError || isOurNo(error) ? declinedBy(error, error.payment_intent?.id) : undefined
}
type Declined = Extract<ChargeAnswer, { is: 'rejected' }>
interface Said {
  code?: string | null | undefined
  decline_code?: string | null | undefined
  advice_code?: string | null | undefined
}
export function declinedBy(said: Said, paymentIntentId?: string): Declined {
  const decline: Decline = { code: said.code, declineCode: said.decline_code, adviceCode: said.advice_code }
  const code = codeText(decline.code) ?? 'card_declined'
  return { is: 'rejected', value: { code, declineCode: codeText(decline.declineCode), next: nextOf(decline), paymentIntentId: paymentIntentId ?? null } }
}

const refusals: ReadonlySet<string> = new Set(Object.values(declines).flat())
/** Sound requests that Stripe does not carry out: the method is gone, the amount is below what it takes. Asking again changes nothing. */
const isOurNo = (error: unknown): error is Stripe.errors.StripeInvalidRequestError =>
  error instanceof Stripe.errors.StripeInvalidRequestError && refusals.has(error.code ?? '')
