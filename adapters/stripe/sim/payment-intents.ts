import { fateOf } from './cards.ts'
import type { Emit } from './events.ts'
import type { Charge, Decline, Method, PaymentIntent, Store } from './records.ts'
import { type Form, failure, invalid, metadataOf, missing, newId, ok, page, type Reply, unknownIn } from './replies.ts'
import { cardError } from './setup-intents.ts'
import { takeToken } from './tokens.ts'
import { type Around, chargeView, paymentView } from './views.ts'

const params = new Set([
  ...['amount', 'currency', 'customer', 'confirm', 'confirmation_token', 'payment_method', 'off_session', 'capture_method', 'setup_future_usage'],
  ...['allowed_payment_method_types', 'automatic_payment_methods', 'return_url', 'metadata', 'expand'],
])
/** Stripe's least is about half a dollar, in each currency another number; these two are known to us. */
const leastAmount: Readonly<Record<string, number>> = { usd: 50, jpy: 50 }
const amountMax = 99_999_999
const daySeconds = 86_400
/** A card that its owner used holds for seven days less some hours; a bank transfer takes some days. */
const holdSeconds = 7 * daySeconds - 6 * 3600
const transferSeconds = 4 * daySeconds

/** Money taken or held. */
export class PaymentIntents {
  readonly #store: Store
  readonly #emit: Emit

  constructor(store: Store, emit: Emit) {
    this.#store = store
    this.#emit = emit
  }

  create(form: Form, around: Around, forced: Decline | null): Reply {
    const wrong = unknownIn(form, params) ?? this.#wrongIn(form)
    if (wrong) return wrong
    const intent: PaymentIntent = {
      ...{ id: newId('pi'), created: this.#store.seconds(), customer: form.get('customer') ?? null, metadata: metadataOf(form) },
      ...{ status: 'requires_confirmation', paymentMethod: null, decline: null, returnUrl: form.get('return_url') ?? null, settlesAt: null },
      ...{ amount: Number(form.get('amount')), amountReceived: 0, currency: form.get('currency') ?? '' },
      captureMethod: form.get('capture_method') === 'manual' ? 'manual' : 'automatic',
      futureUsage: form.get('setup_future_usage') === 'off_session' ? 'off_session' : null,
      ...{ latestCharge: null, canceledAt: null, cancellationReason: null },
    }
    if (form.get('confirm') === 'true') return this.#confirm(intent, form, around, forced)
    this.#store.payments.put(intent)
    return ok(paymentView(intent, around))
  }
  cancel(id: string, around: Around): Reply {
    const intent = this.#store.payments.get(id)
    if (!intent) return missing('intent')
    if (['succeeded', 'canceled', 'processing'].includes(intent.status)) return unexpected(intent, around)
    this.#end(intent, null, around)
    return this.get(id, around)
  }
  get(id: string, around: Around): Reply {
    const intent = this.#store.payments.get(id)
    return intent ? ok(paymentView(intent, around)) : missing('intent')
  }
  list(query: URLSearchParams, around: Around): Reply {
    const customer = query.get('customer')
    const all = this.#store.payments.all().filter((one) => customer === null || one.customer === customer)
    return page(all, query, '/v1/payment_intents', (one) => paymentView(one, around))
  }

  /** What the patient pressed on the bank's page; who agrees may still have no money. */
  decide(intent: PaymentIntent, agrees: boolean, around: Around): PaymentIntent {
    const method = this.#store.methods.get(intent.paymentMethod)
    const decline = agrees ? (fateOf(method ?? { fate: 'kept' }).charge ?? null) : { code: 'payment_intent_authentication_failure', declineCode: null }
    if (decline || !method) this.#decline(intent, decline ?? { code: 'card_declined', declineCode: null }, around)
    else this.#authorize(intent, method, around)
    return this.#store.payments.get(intent.id) ?? intent
  }
  /** What time alone brings: transfers arrive or do not, holds end. */
  settle(now: number, around: Around): void {
    for (const intent of this.#store.payments.all()) {
      if ((intent.settlesAt ?? now + 1) > now) continue
      if (intent.status === 'requires_capture') this.#end(intent, 'automatic', around)
      else if (intent.status === 'processing') this.#arrive(intent, around)
    }
  }

  #wrongIn(form: Form): Reply | undefined {
    const [amount, currency] = [form.get('amount') ?? '', form.get('currency') ?? '']
    if (!/^[a-z]{3}$/.test(currency)) return invalid('currency', 'Invalid currency.')
    if (!/^\d{1,12}$/.test(amount)) return invalid('amount', 'Invalid integer.', 'parameter_invalid_integer')
    if (Number(amount) > amountMax) return invalid('amount', 'Amount must be no more than $999,999.99.', 'amount_too_large')
    if (Number(amount) < (leastAmount[currency] ?? 1)) return invalid('amount', 'Amount must convert to at least 50 cents.', 'amount_too_small')
    const customer = form.get('customer')
    return customer && !this.#store.customers.get(customer) ? invalid('customer', 'No such customer.', 'resource_missing') : undefined
  }

  #confirm(given: PaymentIntent, form: Form, around: Around, forced: Decline | null): Reply {
    const method = form.has('confirmation_token') ? this.#methodOfToken(given, form) : this.#methodOnFile(given, form)
    if ('body' in method) return method
    const isAlone = form.get('off_session') === 'true'
    const isBank = method.type === 'us_bank_account'
    if (isBank && given.captureMethod === 'manual') return invalid('capture_method', 'Bank accounts cannot be held.', 'payment_intent_invalid_parameter')
    const intent: PaymentIntent = { ...given, paymentMethod: method.id, decline: null }
    const { attach, charge, asks } = fateOf(method)
    const asksNow = asks === 'always' || (asks === 'once' && !method.confirmed)
    // The bank of who is not there cannot ask; it declines, and says why.
    const unasked: Decline | null = isAlone && asksNow ? { code: 'authentication_required', declineCode: 'authentication_required' } : null
    const decline = forced ?? unasked ?? attach ?? (asksNow || isBank ? null : charge) ?? null
    if (decline) return cardError(decline, { payment_intent: this.#decline(intent, decline, around) })
    if (asksNow) return ok(this.#become({ ...intent, status: 'requires_action' }, 'payment_intent.requires_action', around))
    if (isBank) {
      const one = this.#charge(intent, method, { status: 'pending', captured: false })
      const waiting: PaymentIntent = { ...intent, status: 'processing', latestCharge: one.id, settlesAt: this.#store.seconds() + transferSeconds }
      return ok(this.#become(waiting, 'payment_intent.processing', around))
    }
    return ok(this.#authorize(intent, method, around))
  }
  #methodOfToken(intent: PaymentIntent, form: Form): Method | Reply {
    const token = takeToken(this.#store, form, { paymentIntent: intent.id })
    if ('status' in token) return token
    const method: Method = { ...token.card, id: newId('pm'), created: this.#store.seconds(), customer: intent.customer, confirmed: false }
    this.#store.methods.put(method)
    return method
  }
  #methodOnFile(intent: PaymentIntent, form: Form): Method | Reply {
    const method = this.#store.methods.get(form.get('payment_method'))
    if (!method) return invalid('payment_method', 'No such PaymentMethod.', 'resource_missing')
    return method.customer === intent.customer ? method : invalid('payment_method', 'It belongs to another customer.', 'payment_method_unexpected_state')
  }

  #authorize(intent: PaymentIntent, method: Method, around: Around): unknown {
    if (!method.confirmed) this.#store.methods.put({ ...method, confirmed: true })
    if (intent.captureMethod === 'manual') {
      const captureBefore = this.#store.seconds() + holdSeconds
      const one = this.#charge(intent, method, { status: 'succeeded', captured: false, captureBefore })
      const held: PaymentIntent = { ...intent, status: 'requires_capture', latestCharge: one.id, settlesAt: captureBefore }
      return this.#become(held, 'payment_intent.amount_capturable_updated', around)
    }
    const one = this.#charge(intent, method, { status: 'succeeded', captured: true })
    return this.#become({ ...intent, status: 'succeeded', amountReceived: intent.amount, latestCharge: one.id }, 'payment_intent.succeeded', around)
  }
  #arrive(intent: PaymentIntent, around: Around): void {
    const charge = this.#store.charges.get(intent.latestCharge)
    const method = this.#store.methods.get(intent.paymentMethod)
    const decline = fateOf(method ?? { fate: 'kept' }).charge
    if (decline) this.#decline({ ...intent, settlesAt: null }, decline, around)
    else {
      if (charge) this.#store.charges.put({ ...charge, status: 'succeeded', captured: true })
      this.#become({ ...intent, status: 'succeeded', settlesAt: null, amountReceived: intent.amount }, 'payment_intent.succeeded', around)
    }
  }
  #decline(intent: PaymentIntent, decline: Decline, around: Around): unknown {
    const method = this.#store.methods.get(intent.paymentMethod)
    const known = this.#store.charges.get(intent.latestCharge)
    const failed = known ?? (method && this.#charge(intent, method, { status: 'failed', captured: false }))
    if (failed) {
      const one: Charge = { ...failed, status: 'failed', failureCode: decline.declineCode ?? decline.code }
      this.#store.charges.put(one)
      this.#emit('charge.failed', chargeView(one, around))
    }
    return this.#become({ ...intent, status: 'requires_payment_method', decline, latestCharge: failed?.id ?? null }, 'payment_intent.payment_failed', around)
  }
  /** Given back by us, or by its own end (`automatic`). */
  #end(intent: PaymentIntent, cancellationReason: 'automatic' | null, around: Around): void {
    const charge = this.#store.charges.get(intent.latestCharge)
    if (charge?.status === 'succeeded') {
      const released: Charge = { ...charge, amountRefunded: charge.amount }
      this.#store.charges.put(released)
      if (cancellationReason === 'automatic') this.#emit('charge.expired', chargeView(released, around))
    }
    const ended: PaymentIntent = { ...intent, status: 'canceled', settlesAt: null, canceledAt: this.#store.seconds(), cancellationReason }
    this.#become(ended, 'payment_intent.canceled', around)
  }

  #charge(intent: PaymentIntent, method: Method, how: Pick<Charge, 'status' | 'captured'> & { captureBefore?: number }): Charge {
    const one: Charge = {
      ...{ id: newId('ch'), created: this.#store.seconds(), intent: intent.id, customer: intent.customer, method: method.id, metadata: intent.metadata },
      ...{ amount: intent.amount, currency: intent.currency, amountRefunded: 0, failureCode: null, captureBefore: null },
      ...how,
    }
    this.#store.charges.put(one)
    return one
  }
  #become(intent: PaymentIntent, type: Parameters<Emit>[0], around: Around): unknown {
    this.#store.payments.put(intent)
    this.#emit(type, paymentView(intent, { ...around, expand: [] }))
    return paymentView(intent, around)
  }
}

const unexpected = (intent: PaymentIntent, around: Around): Reply =>
  failure(400, 'invalid_request_error', 'payment_intent_unexpected_state', `This PaymentIntent is ${intent.status}.`, {
    payment_intent: paymentView(intent, around),
  })
