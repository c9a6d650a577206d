import type Stripe from 'stripe'
import type { Charge, Customer, Decline, Method, Paying, PaymentIntent, Refund, SetupIntent, Store, Token } from './records.ts'

/**
 * Records as Stripe's objects of the pinned version. The SDK's own types check every field, so that the simulator cannot answer in a
 * shape that Stripe does not have; nothing else of the SDK is used here.
 */
export const tokenSeconds = 12 * 3600
const nobody = { address: null, email: null, name: null, phone: null, tax_id: null }

export const customerView = (c: Customer) =>
  ({
    id: c.id,
    object: 'customer',
    balance: 0,
    created: c.created,
    default_source: null,
    description: null,
    email: null,
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: c.metadata,
    shipping: null,
  }) satisfies Stripe.Customer

const cardDetails = (p: Paying) => ({
  brand: 'visa',
  checks: null,
  country: 'US',
  display_brand: null,
  exp_month: p.expMonth,
  exp_year: p.expYear,
  funding: 'credit',
  generated_from: null,
  last4: p.last4,
  networks: null,
  regulated_status: null,
  three_d_secure_usage: null,
  wallet: null,
})
const bankDetails = (p: Paying) => ({
  account_holder_type: 'individual' as const,
  account_type: 'checking' as const,
  bank_name: 'STRIPE TEST BANK',
  financial_connections_account: p.instant ? 'fca_sim' : null,
  fingerprint: null,
  last4: p.last4,
  networks: null,
  routing_number: '110000000',
  status_details: null,
})
const typeOf = (p: Paying) => p.type ?? 'card'
const detailsOf = (p: Paying) =>
  typeOf(p) === 'card' ? { type: 'card' as const, card: cardDetails(p) } : { type: 'us_bank_account' as const, us_bank_account: bankDetails(p) }

export const tokenView = (t: Token) =>
  ({
    id: t.id,
    object: 'confirmation_token',
    created: t.created,
    expires_at: t.created + tokenSeconds,
    livemode: false,
    metadata: null,
    payment_intent: t.paymentIntent ?? null,
    payment_method_options: null,
    payment_method_preview: { ...detailsOf(t.card), billing_details: nobody, customer: null, customer_account: null },
    return_url: null,
    setup_future_usage: null,
    setup_intent: t.setupIntent,
    shipping: null,
    use_stripe_sdk: false,
  }) satisfies Stripe.ConfirmationToken

const methodView = (m: Method) =>
  ({
    id: m.id,
    object: 'payment_method',
    ...detailsOf(m),
    billing_details: nobody,
    created: m.created,
    customer: m.customer,
    customer_account: null,
    livemode: false,
    metadata: {},
  }) satisfies Stripe.PaymentMethod

const errorOf = (decline: Decline | null) =>
  decline && {
    type: 'card_error' as const,
    code: decline.code,
    ...(decline.declineCode && { decline_code: decline.declineCode }),
    ...(decline.adviceCode && { advice_code: decline.adviceCode }),
    message: 'The payment method was declined.',
  }

/** What a view needs besides its record: other records, where this runs, and what was asked to come whole. */
export interface Around {
  store: Store
  /** Of this simulator, for the bank's page. */
  origin: string
  expand: readonly string[]
}
function nextAction(intent: SetupIntent | PaymentIntent, { origin }: Around) {
  if (intent.status !== 'requires_action') return null
  if ('deposits' in intent && intent.deposits)
    return {
      type: 'verify_with_microdeposits' as const,
      verify_with_microdeposits: {
        arrival_date: intent.created + 2 * 86_400,
        hosted_verification_url: `${origin}/deposits/${intent.id}`,
        microdeposit_type: 'amounts' as const,
      },
    }
  if (!intent.returnUrl) return { type: 'use_stripe_sdk' as const, use_stripe_sdk: {} }
  return { type: 'redirect_to_url' as const, redirect_to_url: { return_url: intent.returnUrl, url: `${origin}/bank/${intent.id}` } }
}
function methodOf(intent: SetupIntent | PaymentIntent, { store, expand }: Around) {
  if (intent.status === 'requires_payment_method' || intent.paymentMethod === null) return null
  const method = expand.includes('payment_method') ? store.methods.get(intent.paymentMethod) : undefined
  return method ? methodView(method) : intent.paymentMethod
}
/** The pinned version has it in place of `payment_method_types` on the way in; on the way out both are there. */
const kindsOf = (intent: SetupIntent | PaymentIntent, { store }: Around): string[] => [typeOf(store.methods.get(intent.paymentMethod) ?? noCard)]
const noCard: Paying = { fate: 'kept', last4: '0000', expMonth: 1, expYear: 2000 }

export const setupView = (i: SetupIntent, around: Around) =>
  ({
    id: i.id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${i.id}_secret_sim`,
    created: i.created,
    customer: i.customer,
    description: null,
    excluded_payment_method_types: null,
    last_setup_error: errorOf(i.decline),
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: i.metadata,
    next_action: nextAction(i, around),
    on_behalf_of: null,
    payment_method: methodOf(i, around),
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: kindsOf(i, around),
    single_use_mandate: null,
    status: i.status,
    usage: 'off_session',
  }) satisfies Stripe.SetupIntent

export function paymentView(i: PaymentIntent, around: Around) {
  const charge = around.expand.includes('latest_charge') ? around.store.charges.get(i.latestCharge) : undefined
  return {
    id: i.id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: i.amount,
    amount_capturable: i.status === 'requires_capture' ? i.amount : 0,
    amount_received: i.amountReceived,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: i.canceledAt,
    cancellation_reason: i.cancellationReason,
    capture_method: i.captureMethod,
    client_secret: `${i.id}_secret_sim`,
    confirmation_method: 'automatic',
    created: i.created,
    currency: i.currency,
    customer: i.customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: errorOf(i.decline),
    latest_charge: charge ? chargeView(charge, around) : i.latestCharge,
    livemode: false,
    managed_payments: null,
    metadata: i.metadata,
    next_action: nextAction(i, around),
    on_behalf_of: null,
    payment_method: methodOf(i, around),
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: kindsOf(i, around),
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: i.futureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: i.status,
    transfer_group: null,
  } satisfies Stripe.PaymentIntent
}

export function chargeView(c: Charge, { store }: Around) {
  const method = store.methods.get(c.method)
  const card = {
    amount_authorized: c.amount,
    authorization_code: null,
    ...(c.captureBefore !== null && { capture_before: c.captureBefore }),
    brand: 'visa',
    checks: null,
    country: 'US',
    electronic_commerce_indicator: null,
    exp_month: method?.expMonth ?? 1,
    exp_year: method?.expYear ?? 2000,
    funding: 'credit',
    installments: null,
    last4: method?.last4 ?? null,
    mandate: null,
    network: 'visa',
    network_transaction_id: null,
    regulated_status: null,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  } satisfies Stripe.Charge.PaymentMethodDetails.Card
  return {
    id: c.id,
    object: 'charge',
    amount: c.amount,
    amount_captured: c.captured ? c.amount : 0,
    amount_refunded: c.amountRefunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: nobody,
    calculated_statement_descriptor: null,
    captured: c.captured,
    created: c.created,
    currency: c.currency,
    customer: c.customer,
    description: null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: c.failureCode,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: c.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: c.status !== 'failed',
    payment_intent: c.intent,
    payment_method: c.method,
    payment_method_details: typeOf(method ?? noCard) === 'card' ? { type: 'card', card } : { type: 'us_bank_account' },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: c.amountRefunded === c.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: c.status,
    transfer_data: null,
    transfer_group: null,
  } satisfies Stripe.Charge
}

export const refundView = (r: Refund) =>
  ({
    id: r.id,
    object: 'refund',
    amount: r.amount,
    balance_transaction: null,
    charge: r.charge,
    created: r.created,
    currency: r.currency,
    customer: null,
    customer_account: null,
    ...(r.failureReason !== null && { failure_reason: r.failureReason }),
    metadata: r.metadata,
    payment_intent: r.intent,
    payment_method: null,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: r.status,
    transfer_reversal: null,
  }) satisfies Stripe.Refund
