import type { ChargeDeclined } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'

export type Next = ValueOf<typeof ChargeDeclined>['next']

/**
 * What follows from a decline when somebody's card was charged in their absence. By the bank's reason where it gives one, else by
 * Stripe's code. What is not listed asks for another card: it disturbs a patient once, where trying on would annoy a bank for ever.
 */
export const declines: Readonly<Record<Next, readonly string[]>> = {
  'patient-confirms': [
    'authentication_required',
    'authentication_not_handled',
    'offline_pin_required',
    'online_or_offline_pin_required',
    'payment_intent_authentication_failure',
  ],
  later: [
    'insufficient_funds',
    'card_velocity_exceeded',
    'withdrawal_count_limit_exceeded',
    'issuer_not_available',
    'processing_error',
    'reenter_transaction',
    'try_again_later',
    'approve_with_id',
    'no_action_taken',
  ],
  'new-method': [
    'expired_card',
    'invalid_expiry_month',
    'invalid_expiry_year',
    'incorrect_cvc',
    'invalid_cvc',
    'incorrect_number',
    'invalid_number',
    'incorrect_zip',
    'lost_card',
    'stolen_card',
    'pickup_card',
    'restricted_card',
    'invalid_account',
    'new_account_information_available',
    'card_not_supported',
    'currency_not_supported',
    'invalid_amount',
    'transaction_not_allowed',
    'service_not_allowed',
    'not_permitted',
    'generic_decline',
    'do_not_honor',
    'call_issuer',
    'security_violation',
    'testmode_decline',
    'card_declined',
    'account_closed',
    'bank_account_restricted',
    'debit_not_authorized',
    'no_account',
    'resource_missing',
    'payment_method_unactivated',
    'payment_method_unexpected_state',
    'payment_intent_mandate_invalid',
    'canceled',
  ],
  stop: [
    'fraudulent',
    'merchant_blacklist',
    'do_not_try_again',
    'revocation_of_authorization',
    'revocation_of_all_authorizations',
    'stop_payment_order',
    'amount_too_small',
    'amount_too_large',
  ],
}
const nextByCode: ReadonlyMap<string, Next> = new Map(
  (Object.entries(declines) as [Next, readonly string[]][]).flatMap(([next, codes]) => codes.map((code) => [code, next] as const)),
)

/** What Stripe or the bank said of it. `adviceCode`: what the bank advises, where it does. */
export interface Decline {
  code?: string | null | undefined
  declineCode?: string | null | undefined
  adviceCode?: string | null | undefined
}

export function nextOf({ code, declineCode, adviceCode }: Decline): Next {
  const next = nextByCode.get(declineCode ?? '') ?? nextByCode.get(code ?? '') ?? 'new-method'
  // Networks fine whoever asks again after this advice; what would have been tried later asks for another card.
  return adviceCode === 'do_not_try_again' && next === 'later' ? 'new-method' : next
}

/** Codes of the partner as our contracts take them; anything else is not passed on. */
export const codeText = (code: string | null | undefined): string | null => (code && /^[\w-]{1,60}$/.test(code) ? code : null)
