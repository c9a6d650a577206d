import { randomBytes } from 'node:crypto'
import type { Control, Mode, Operation, Whose } from './control.ts'
import type { PaymentIntents } from './payment-intents.ts'
import type { Decline, Store } from './records.ts'
import type { Refunds } from './refunds.ts'
import { type Form, failure, invalid, listOf, metadataOf, newId, ok, type Reply } from './replies.ts'
import type { SetupIntents } from './setup-intents.ts'
import { readToken } from './tokens.ts'
import { type Around, customerView } from './views.ts'

/** Which path does what: Stripe's addresses, and what each counts as. */
export class Account {
  readonly #store: Store
  readonly #setups: SetupIntents
  readonly #payments: PaymentIntents
  readonly #refunds: Refunds
  readonly #control: Control

  constructor(parts: { store: Store; setups: SetupIntents; payments: PaymentIntents; refunds: Refunds; control: Control }) {
    this.#store = parts.store
    this.#setups = parts.setups
    this.#payments = parts.payments
    this.#refunds = parts.refunds
    this.#control = parts.control
  }

  /** What the contract's faults about the work itself wait for. */
  static isWork = (path: string): boolean => /^\/v1\/(setup_intents|payment_intents|refunds)(\/\w+\/confirm)?$/.test(path)
  static isLook = (path: string): boolean => /^\/v1\/(setup_intents|payment_intents)\/\w+$/.test(path)

  write(path: string, form: Form, mode: Mode, key: string, origin: string): Reply {
    const around: Around = { store: this.#store, origin, expand: listOf(form, 'expand') ?? [] }
    const [, , kind, id = '', verb] = path.split('/')
    const forced: Decline | null = mode === 'rejects' ? { code: 'card_declined', declineCode: 'generic_decline' } : null
    if (kind === 'customers' && id === '') return this.#counted('createCustomer', key, form, this.#createCustomer(form))
    if (kind === 'setup_intents' && id === '') return this.#counted('storeCard', key, form, this.#setups.create(form, around, forced))
    if (kind === 'setup_intents' && verb === 'confirm') return this.#counted('storeCard', key, form, this.#setups.confirm(id, form, around, forced))
    if (kind === 'setup_intents' && verb === 'cancel') return this.#setups.cancel(id, around)
    if (kind === 'payment_intents' && id === '') return this.#pay(form, around, forced, key)
    if (kind === 'payment_intents' && verb === 'cancel') return this.#payments.cancel(id, around)
    if (kind === 'refunds' && id === '') {
      if (forced) return invalid('payment_intent', 'Charge has been charged back.', 'charge_disputed')
      return this.#counted('refund', key, form, this.#refunds.create(form, around))
    }
    return failure(404, 'invalid_request_error', null, 'Unrecognized request URL.')
  }
  read(url: URL, origin: string): Reply {
    const [, , kind, id] = url.pathname.split('/')
    const asked = listOf(new Map(url.searchParams), 'expand') ?? []
    const around: Around = { store: this.#store, origin, expand: asked.map((name) => name.replace(/^data\./, '')) }
    if (kind === 'customers' && id === 'search') return this.#searchCustomers(url.searchParams.get('query') ?? '')
    if (kind === 'confirmation_tokens' && id) return readToken(this.#store, id)
    if (kind === 'setup_intents' && !id) return this.#setups.list(url.searchParams, around)
    if (kind === 'payment_intents' && !id) return this.#payments.list(url.searchParams, around)
    if (kind === 'refunds') return id ? this.#refunds.get(id) : this.#refunds.list(url.searchParams)
    if (kind !== 'setup_intents' && kind !== 'payment_intents') return failure(404, 'invalid_request_error', null, 'Unrecognized request URL.')
    const reply = kind === 'setup_intents' ? this.#setups.get(id ?? '', around) : this.#payments.get(id ?? '', around)
    if (reply.status === 200) this.#control.looked(id ?? '', whoseOf(reply, null))
    return reply
  }
  /** Time goes by: transfers arrive, holds end, refunds settle. */
  settle(origin: string): void {
    const around: Around = { store: this.#store, origin, expand: [] }
    const now = this.#store.seconds()
    for (const part of [this.#setups, this.#payments, this.#refunds]) part.settle(now, around)
  }

  /** A payment for later is kept like a card, and counted with it: the hub asked for one thing. */
  #pay(form: Form, around: Around, forced: Decline | null, key: string): Reply {
    const isCharge = form.has('payment_method')
    const decline = forced ?? (isCharge ? this.#control.takeDecline() : null)
    return this.#counted(isCharge ? 'charge' : 'storeCard', key, form, this.#payments.create(form, around, decline))
  }
  #createCustomer(form: Form): Reply {
    const customer = { id: newId('cus'), created: this.#store.seconds(), metadata: metadataOf(form) }
    this.#store.customers.put(customer)
    return ok(customerView(customer))
  }
  /** Understands `metadata['key']:'value'` and nothing else of the search language. */
  #searchCustomers(query: string): Reply {
    const match = /^metadata\['([\w-]+)'\]:'([^']*)'$/.exec(query)
    if (!match) return invalid('query', 'The simulator searches by one metadata field.')
    const found = this.#store.customers.all().filter((c) => c.metadata[match[1] ?? ''] === match[2])
    return ok({ object: 'search_result', url: '/v1/customers/search', has_more: false, next_page: null, data: found.map(customerView) })
  }
  #counted(operation: Operation, key: string, form: Form, reply: Reply): Reply {
    if (reply.status !== 200) return reply
    this.#control.did(operation, key || randomBytes(4).toString('hex'), whoseOf(reply, form.get('confirmation_token') ?? null))
    return reply
  }
}

function whoseOf(reply: Reply, token: string | null): Whose {
  const { metadata } = reply.body as { metadata: Record<string, string> }
  return {
    ...{ payment: metadata.hub_payment ?? null, patient: metadata.hub_patient ?? null, token },
    ...(metadata.hub_charge && { charge: metadata.hub_charge }),
    ...(metadata.hub_refund && { refund: metadata.hub_refund }),
  }
}
