import { fateOf } from './cards.ts'
import type { Emit } from './events.ts'
import type { Decline, Method, SetupIntent, Store } from './records.ts'
import { type Form, failure, invalid, listOf, metadataOf, missing, newId, ok, page, type Reply, unknownIn } from './replies.ts'
import { takeToken } from './tokens.ts'
import { type Around, setupView } from './views.ts'

/** Of the pinned version: `payment_method_types` is gone from it. */
const params = new Set([
  ...['customer', 'confirm', 'confirmation_token', 'usage', 'allowed_payment_method_types', 'payment_method_options', 'return_url', 'metadata'],
  'expand',
])
const daySeconds = 86_400

/** Checks of a method for nothing. */
export class SetupIntents {
  readonly #store: Store
  readonly #emit: Emit

  constructor(store: Store, emit: Emit) {
    this.#store = store
    this.#emit = emit
  }

  create(form: Form, around: Around, forced: Decline | null): Reply {
    const unknown = unknownIn(form, params)
    if (unknown) return unknown
    const customer = form.get('customer') ?? null
    if (customer && !this.#store.customers.get(customer)) return invalid('customer', 'No such customer.', 'resource_missing')
    const intent: SetupIntent = {
      ...{ id: newId('seti'), created: this.#store.seconds(), customer, metadata: metadataOf(form) },
      ...{ status: 'requires_confirmation', paymentMethod: null, decline: null, returnUrl: form.get('return_url') ?? null },
    }
    if (form.get('confirm') === 'true') return this.#confirm(intent, form, around, forced)
    this.#store.setups.put(intent)
    return ok(setupView(intent, around))
  }
  confirm(id: string, form: Form, around: Around, forced: Decline | null): Reply {
    const intent = this.#store.setups.get(id)
    if (!intent) return missing('intent')
    if (intent.status !== 'requires_confirmation' && intent.status !== 'requires_payment_method') return unexpected(intent, around)
    return this.#confirm({ ...intent, returnUrl: form.get('return_url') ?? intent.returnUrl ?? null }, form, around, forced)
  }
  cancel(id: string, around: Around): Reply {
    const intent = this.#store.setups.get(id)
    if (!intent) return missing('intent')
    if (['succeeded', 'canceled', 'processing'].includes(intent.status)) return unexpected(intent, around)
    return ok(this.#become({ ...intent, status: 'canceled' }, 'setup_intent.canceled', around))
  }
  get(id: string, around: Around): Reply {
    const intent = this.#store.setups.get(id)
    return intent ? ok(setupView(intent, around)) : missing('intent')
  }
  list(query: URLSearchParams, around: Around): Reply {
    const customer = query.get('customer')
    const all = this.#store.setups.all().filter((one) => customer === null || one.customer === customer)
    return page(all, query, '/v1/setup_intents', (one) => setupView(one, around))
  }

  /** What the patient pressed on the bank's page. */
  decide(intent: SetupIntent, agrees: boolean, around: Around): SetupIntent {
    const next: SetupIntent = agrees
      ? { ...intent, status: 'succeeded' }
      : { ...intent, status: 'requires_payment_method', decline: { code: 'setup_intent_authentication_failure', declineCode: null } }
    this.#become(next, agrees ? 'setup_intent.succeeded' : 'setup_intent.setup_failed', around)
    return next
  }
  /** What time alone brings. */
  settle(now: number, around: Around): void {
    for (const intent of this.#store.setups.all())
      if (intent.status === 'processing' && (intent.settlesAt ?? now + 1) <= now)
        this.#become({ ...intent, status: 'succeeded', settlesAt: null }, 'setup_intent.succeeded', around)
  }

  #confirm(intent: SetupIntent, form: Form, around: Around, forced: Decline | null): Reply {
    const token = takeToken(this.#store, form, { setupIntent: intent.id })
    if ('status' in token) return token
    const allowed = listOf(form, 'allowed_payment_method_types') ?? ['card']
    const type = token.card.type ?? 'card'
    if (!allowed.includes(type)) return invalid('confirmation_token', 'This kind of method is not allowed here.', 'payment_method_unsupported_type')
    const fate = fateOf(token.card)
    const decline = forced ?? fate.attach ?? null
    if (decline) {
      const declined: SetupIntent = { ...intent, status: 'requires_payment_method', decline }
      const view = this.#become(declined, 'setup_intent.setup_failed', around)
      return cardError(decline, { setup_intent: view })
    }
    const isByHand = type === 'us_bank_account' && !token.card.instant
    if (isByHand && form.get('payment_method_options[us_bank_account][verification_method]') === 'instant')
      return invalid('confirmation_token', 'The account was not verified instantly.', 'intent_verification_method_missing')
    const method: Method = { ...token.card, id: newId('pm'), created: this.#store.seconds(), customer: intent.customer, confirmed: false }
    this.#store.methods.put(method)
    if (isByHand)
      return ok(this.#become({ ...intent, paymentMethod: method.id, status: 'requires_action', deposits: true }, 'setup_intent.requires_action', around))
    if (fate.asks) return ok(this.#become({ ...intent, paymentMethod: method.id, status: 'requires_action' }, 'setup_intent.requires_action', around))
    if (token.card.fate === 'bank-takes-a-day') {
      const waiting: SetupIntent = { ...intent, paymentMethod: method.id, status: 'processing', settlesAt: this.#store.seconds() + daySeconds }
      this.#store.setups.put(waiting)
      return ok(setupView(waiting, around))
    }
    return ok(this.#become({ ...intent, paymentMethod: method.id, status: 'succeeded' }, 'setup_intent.succeeded', around))
  }

  #become(intent: SetupIntent, type: Parameters<Emit>[0], around: Around): unknown {
    const method = this.#store.methods.get(intent.paymentMethod)
    if (intent.status === 'succeeded' && method && !method.confirmed) this.#store.methods.put({ ...method, confirmed: true })
    this.#store.setups.put(intent)
    this.#emit(type, setupView(intent, { ...around, expand: [] }))
    return setupView(intent, around)
  }
}

const unexpected = (intent: SetupIntent, around: Around): Reply =>
  failure(400, 'invalid_request_error', 'setup_intent_unexpected_state', `This SetupIntent is ${intent.status}.`, { setup_intent: setupView(intent, around) })

export const cardError = (decline: Decline, more: Record<string, unknown>): Reply =>
  failure(402, 'card_error', decline.code, 'The payment method was declined.', {
    ...(decline.declineCode && { decline_code: decline.declineCode }),
    ...(decline.adviceCode && { advice_code: decline.adviceCode }),
    ...more,
  })
