import type { Charge, ChargeCheck, ChargeDeclined, ChargeSeen } from '@heliox/core/billing'
import { type Answer, type CallContext, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type Stripe from 'stripe'
import type { StripeConfig, StripeSecrets } from '../config.ts'
import { actionUrlOf } from '../method/answers.ts'
import { askedInVain, isMissing, mustLook, openStripe, toFault } from '../transport/sdk.ts'
import { PaymentIntentShape, readAs } from '../transport/shapes.ts'
import { amountOf, declinedBy, findByMetadata, noOf } from './charge.ts'
import { toStripe } from './currency.ts'

type Ctx = CallContext<StripeConfig, StripeSecrets>
type Asked = ValueOf<typeof Charge>
type SeenAnswer = Answer<ValueOf<typeof ChargeSeen>, ValueOf<typeof ChargeDeclined>>

/**
 * Takes an amount with the patient: what their bank declined in their absence is asked for as if they were there, so that the bank shows them a
 * page. No money moves before they confirm there; a bank that asks nothing this time lets the amount be taken at once. The payment is one object:
 * however often its page is opened, it succeeds once.
 */
export async function chargeWithPatient(asked: Asked, ctx: Ctx): Promise<SeenAnswer> {
  const { returnUrl } = ctx.config
  // Stripe makes a page only where it knows the way back; a payment without one would wait for nobody.
  if (returnUrl === undefined) return noPage()
  const api = openStripe(ctx)
  try {
    const intent = await api.paymentIntents.create(
      {
        ...toStripe(asked.amountMinor, asked.currency),
        customer: asked.customerId,
        payment_method: asked.paymentMethodId,
        confirm: true,
        // Banks ask the owners of cards only.
        allowed_payment_method_types: ['card'],
        return_url: returnUrl,
        metadata: { hub_charge: asked.chargeId, hub_patient: asked.patientId },
      },
      { idempotencyKey: ctx.idempotencyKey },
    )
    return await seenAnswer(api, intent)
  } catch (error) {
    const no = noOf(error)
    if (no) return no
    if (mustLook(error)) return (await foundNow(api, asked, ctx)) ?? Promise.reject(toFault(error, ctx.signal))
    throw toFault(error, ctx.signal)
  }
}

export async function findChargeWithPatient(asked: Asked, ctx: Ctx): Promise<SeenAnswer | 'not-found' | 'cannot-tell'> {
  const api = openStripe(ctx)
  try {
    const found = await findByMetadata(api, asked)
    return found ? await seenAnswer(api, found) : 'not-found'
  } catch (error) {
    return askedInVain(error, ctx.signal, 'the charge')
  }
}
async function foundNow(api: Stripe, asked: Asked, ctx: Ctx): Promise<SeenAnswer | undefined> {
  try {
    const found = await findByMetadata(api, asked)
    return found && (await seenAnswer(api, found))
  } catch (error) {
    throw toFault(error, ctx.signal)
  }
}

/**
 * What became of a charge that waits for the patient. With `giveUp` it ends, so that nobody can confirm it later; where the patient was faster, the
 * money moved, and that is the answer. Ending what has ended does nothing, so it may be asked again.
 */
export async function checkCharge({ chargeId, paymentIntentId, giveUp }: ValueOf<typeof ChargeCheck>, ctx: Ctx): Promise<SeenAnswer> {
  const api = openStripe(ctx)
  try {
    const intent = await api.paymentIntents.retrieve(paymentIntentId)
    if (intent.metadata.hub_charge !== chargeId) throw new PartnerFault('contract', 'This payment belongs to another charge.')
    return await seenAnswer(api, giveUp && isOpen(intent.status) ? await end(api, intent.id) : intent)
  } catch (error) {
    if (isMissing(error)) return declinedBy({ code: 'resource_missing' }, paymentIntentId)
    throw toFault(error, ctx.signal)
  }
}
const isOpen = (status: string): boolean => status === 'requires_action' || status === 'requires_payment_method' || status === 'requires_confirmation'

/** No key: a failure that is kept for a day would come again for a day. */
async function end(api: Stripe, id: string): Promise<Stripe.PaymentIntent> {
  try {
    return await api.paymentIntents.cancel(id)
  } catch (error) {
    const now = await api.paymentIntents.retrieve(id)
    // The patient confirmed it a moment before. While it is open still, somebody must try again.
    if (isOpen(now.status)) throw error
    return now
  }
}

const noPage = (paymentIntentId?: string): SeenAnswer => declinedBy({ code: 'authentication_required' }, paymentIntentId)
async function seenAnswer(api: Stripe, value: unknown): Promise<SeenAnswer> {
  const intent = readAs(PaymentIntentShape, value, 'PaymentIntent')
  const { id, status, last_payment_error: error } = intent
  if (status === 'succeeded' || status === 'processing') {
    return { is: 'ok', value: { status, paymentIntentId: id, amountMinor: amountOf(intent), actionUrl: null } }
  }
  if (status === 'requires_action') {
    const actionUrl = actionUrlOf(intent)
    if (actionUrl !== null) return { is: 'ok', value: { status: 'requires-action', paymentIntentId: id, amountMinor: amountOf(intent), actionUrl } }
    // The bank asks in a way that needs more than an address: nobody could answer it.
    const ended = readAs(PaymentIntentShape, await end(api, id), 'PaymentIntent')
    return ended.status === 'canceled' ? noPage(id) : seenAnswer(api, ended)
  }
  if (status === 'requires_payment_method') return declinedBy({ ...error, advice_code: error?.advice_code }, id)
  if (status === 'canceled') return declinedBy({ code: 'canceled' }, id)
  throw new PartnerFault('contract', 'The PaymentIntent is in a state that we never ask for.')
}
