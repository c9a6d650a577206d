import type { MethodDeclined, MethodStored, methodKinds } from '@heliox/core/billing'
import { type Answer, type CallContext, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type Stripe from 'stripe'
import type { StripeConfig, StripeSecrets } from '../config.ts'
import { codeText } from '../money/declines.ts'
import { type PaymentIntentFacts, PaymentIntentShape, readAs, type SetupIntentFacts, SetupIntentShape } from '../transport/shapes.ts'

export type Ctx = CallContext<StripeConfig, StripeSecrets>
export type MethodAnswer = Answer<ValueOf<typeof MethodStored>, ValueOf<typeof MethodDeclined>>
type Stored = ValueOf<typeof MethodStored>

/** What is asked to come whole in place of its id, wherever a method is read. */
export const setupExpand = ['payment_method']
export const holdExpand = ['payment_method', 'latest_charge']

export const declined = (code?: string | null, declineCode?: string | null): MethodAnswer => ({
  is: 'rejected',
  value: { code: codeText(code) ?? 'card_declined', declineCode: codeText(declineCode) },
})

/** A bank account whose owner did not sign in at the bank. */
export const unverified = 'bank_account_unverified'

/** A zero-amount check. */
export async function setupAnswer(api: Stripe, value: unknown): Promise<MethodAnswer> {
  const intent = readAs(SetupIntentShape, value, 'SetupIntent')
  const { id, status, last_setup_error: error } = intent
  const isDeposits = status === 'requires_action' && intent.next_action?.type === 'verify_with_microdeposits'
  if (isDeposits) {
    // Two cents that arrive in two days, on a bank account that nobody may have: we never ask for it, and it must not go on.
    await api.setupIntents.cancel(id).catch(() => undefined)
    return declined(unverified)
  }
  if (status === 'succeeded' || status === 'processing') return stored(intent, 'setup', status)
  if (status === 'requires_action') return stored(intent, 'setup', 'requires-action')
  if (status === 'requires_payment_method') return declined(error?.code, error?.decline_code)
  if (status === 'canceled') return declined('canceled')
  throw new PartnerFault('contract', 'The SetupIntent is in a state that we never ask for.')
}

/**
 * One unit, held. As soon as it is seen held it is given back: by whoever sees it first, this call, a later look or the patient's
 * confirmation being read. To cancel what is cancelled does nothing, so looking stays safe.
 */
export async function holdAnswer(api: Stripe, value: unknown): Promise<MethodAnswer> {
  const intent = readAs(PaymentIntentShape, value, 'PaymentIntent')
  const { status, last_payment_error: error } = intent
  if (status === 'requires_capture') return stored(intent, 'payment', 'succeeded', (await giveBack(api, intent)) ? null : endsAt(intent))
  if (status === 'requires_action') return stored(intent, 'payment', 'requires-action')
  if (status === 'processing') return stored(intent, 'payment', 'processing')
  if (status === 'requires_payment_method') return declined(error?.code, error?.decline_code)
  // It was held, and given back by us or by its own end; else it ended before the patient confirmed it.
  if (status === 'canceled') return wasHeld(intent) ? stored(intent, 'payment', 'succeeded') : declined('canceled')
  throw new PartnerFault('contract', 'The PaymentIntent is in a state that we never ask for.')
}
const wasHeld = (intent: PaymentIntentFacts): boolean => intent.latest_charge?.status === 'succeeded'

/** No key: repeating it is harmless, and a kept failure of the first try would come again for a day. */
async function giveBack(api: Stripe, intent: PaymentIntentFacts): Promise<boolean> {
  try {
    return (await api.paymentIntents.cancel(intent.id)).status === 'canceled'
  } catch {
    // Most often somebody was faster; else its end is told, and whoever looks later tries again.
    return api.paymentIntents.retrieve(intent.id).then(
      ({ status }) => status === 'canceled',
      () => false,
    )
  }
}
/** `capture_before` is the truth; banks differ. Where Stripe does not tell it, the longest that any card is held. */
const longestHoldSeconds = 31 * 86_400
const endsAt = (intent: PaymentIntentFacts): string =>
  new Date((intent.latest_charge?.payment_method_details?.card?.capture_before ?? intent.created + longestHoldSeconds) * 1000).toISOString()

function stored(
  intent: SetupIntentFacts | PaymentIntentFacts,
  kind: 'setup' | 'payment',
  status: Stored['status'],
  heldUntil: string | null = null,
): MethodAnswer {
  if (!intent.customer) throw new PartnerFault('contract', 'Stripe kept the method for no customer.')
  return {
    is: 'ok',
    value: {
      status,
      intent: { kind, id: intent.id },
      customerId: intent.customer,
      paymentMethodId: intent.payment_method?.id ?? null,
      method: kindOf(intent.payment_method?.type),
      actionUrl: status === 'requires-action' ? actionUrlOf(intent) : null,
      heldUntil,
    },
  }
}
const kindOf = (type: string | undefined): (typeof methodKinds)[number] => (type === 'card' ? 'card' : type === 'us_bank_account' ? 'us-bank-account' : 'other')

/** The page of bank or wallet. Null where there is none: a connection without `returnUrl` is given none. */
export function actionUrlOf({ next_action: next }: Pick<SetupIntentFacts, 'next_action'>): string | null {
  const url = next?.type === 'redirect_to_url' ? (next.redirect_to_url?.url ?? null) : null
  return url !== null && url.length <= 2000 && /^https?:\/\//.test(url) && URL.canParse(url) ? url : null
}
