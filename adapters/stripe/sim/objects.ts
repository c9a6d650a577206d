import { randomBytes } from 'node:crypto'
import type { SimJournal } from '../../sim-journal.ts'
import type { SimClock } from './clock.ts'

/** What the simulated account holds, and the rules about cards. */
export interface Reply {
  status: number
  body: unknown
}
/** What will happen to it, in place of its number: that is kept nowhere, the journal included. */
interface Card {
  fate: 'kept' | 'declined' | 'asks-the-patient'
  last4: string
  expMonth: number
  expYear: number
}
interface Token {
  id: string
  card: Card
  created: number
  setupIntent: string | null
}
interface Customer {
  id: string
  created: number
  metadata: Record<string, string>
}
export interface Intent {
  id: string
  created: number
  customer: string | null
  metadata: Record<string, string>
  status: 'requires_confirmation' | 'requires_payment_method' | 'requires_action' | 'succeeded'
  paymentMethod: string | null
  decline: { code: string; declineCode: string } | null
}

export const failure = (status: number, type: string, code: string | null, message: string, more: Record<string, unknown> = {}): Reply => ({
  status,
  body: { error: { type, ...(code ? { code } : {}), message, ...more } },
})
const invalid = (param: string, message: string, code: string | null = null, status = 400): Reply =>
  failure(status, 'invalid_request_error', code, message, { param })
/** Letters and digits, as Stripe's are: in hexadecimal one id in some hundreds would hold so many digits that it looks like a card number. */
const newId = (prefix: string): string => `${prefix}_${randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')}`
const tokenSeconds = 12 * 3600
const ok = (body: unknown): Reply => ({ status: 200, body })

/** Of the pinned version: `payment_method_types` is gone from it. */
const intentParams = new Set(['customer', 'confirm', 'confirmation_token', 'usage', 'allowed_payment_method_types', 'metadata'])

export class Account {
  #customers = new Map<string, Customer>()
  #tokens = new Map<string, Token>()
  #intents = new Map<string, Intent>()
  readonly #clock: SimClock
  readonly #putCustomer: (customer: Customer) => void
  readonly #putToken: (token: Token) => void
  readonly #putIntent: (intent: Intent) => void
  readonly clear: () => void

  constructor(journal: SimJournal, clock: SimClock) {
    this.#clock = clock
    const keptIn = <T extends { id: string }>(name: string, objects: Map<string, T>) =>
      journal.change(name, (one: T) => {
        objects.set(one.id, one)
      })
    this.#putCustomer = keptIn('customer', this.#customers)
    this.#putToken = keptIn('token', this.#tokens)
    this.#putIntent = keptIn('intent', this.#intents)
    this.clear = journal.change('objects-forgotten', () => {
      for (const map of [this.#customers, this.#tokens, this.#intents]) map.clear()
    })
  }
  #seconds(): number {
    return Math.floor(this.#clock.nowMs() / 1000)
  }

  createToken(form: Map<string, string>): Reply {
    const field = (name: string) => form.get(`payment_method_data[card][${name}]`) ?? ''
    const number = field('number').replaceAll(' ', '')
    if (form.get('payment_method_data[type]') !== 'card') return invalid('payment_method_data[type]', 'Only cards are simulated.')
    const [expMonth, expYear] = [Number(field('exp_month')), 2000 + (Number(field('exp_year')) % 100)]
    const problem = cardProblem(number, expMonth, expYear, field('cvc'), new Date(this.#clock.nowMs()))
    if (problem) return failure(402, 'card_error', problem, 'The card details are not valid.', { param: problem.replace('invalid_', '') })
    const card: Card = { fate: fates[number] ?? 'kept', last4: number.slice(-4), expMonth, expYear }
    const token: Token = { id: newId('ctoken'), card, created: this.#seconds(), setupIntent: null }
    this.#putToken(token)
    return ok(tokenView(token))
  }
  token(id: string): Reply {
    const token = this.#tokens.get(id)
    return token ? ok(tokenView(token)) : missing('confirmation_token')
  }

  createCustomer(form: Map<string, string>): Reply {
    const customer = { id: newId('cus'), created: this.#seconds(), metadata: metadataOf(form) }
    this.#putCustomer(customer)
    return ok(customerView(customer))
  }
  /** Understands `metadata['key']:'value'` and nothing else of the search language. */
  searchCustomers(query: string): Reply {
    const match = /^metadata\['([\w-]+)'\]:'([^']*)'$/.exec(query)
    if (!match) return invalid('query', 'The simulator searches by one metadata field.')
    const found = [...this.#customers.values()].filter((c) => c.metadata[match[1] ?? ''] === match[2])
    return ok({ object: 'search_result', url: '/v1/customers/search', has_more: false, next_page: null, data: found.map(customerView) })
  }

  createIntent(form: Map<string, string>, force: 'decline' | null): Reply {
    const unknown = [...form.keys()].find((name) => !intentParams.has(name.split('[')[0] ?? ''))
    if (unknown !== undefined) return invalid(unknown, 'Received unknown parameter.', 'parameter_unknown')
    const customer = form.get('customer') ?? null
    if (customer && !this.#customers.has(customer)) return invalid('customer', 'No such customer.', 'resource_missing')
    const intent: Intent = {
      id: newId('seti'),
      created: this.#seconds(),
      customer,
      metadata: metadataOf(form),
      status: 'requires_confirmation',
      paymentMethod: null,
      decline: null,
    }
    if (form.get('confirm') !== 'true') {
      this.#putIntent(intent)
      return ok(intentView(intent))
    }
    return this.#confirm(intent, form, force)
  }
  confirmIntent(id: string, form: Map<string, string>, force: 'decline' | null): Reply {
    const intent = this.#intents.get(id)
    if (!intent) return missing('intent')
    if (intent.status === 'succeeded') return failure(400, 'invalid_request_error', 'setup_intent_unexpected_state', 'This SetupIntent has succeeded already.')
    return this.#confirm(intent, form, force)
  }
  /** How many objects there are for each of the hub's payments, whatever keys they came under. */
  count(): Record<'customers' | 'setupIntents' | 'succeeded', Record<string, number>> {
    const intents = [...this.#intents.values()]
    return {
      customers: byPayment([...this.#customers.values()]),
      setupIntents: byPayment(intents),
      succeeded: byPayment(intents.filter(({ status }) => status === 'succeeded')),
    }
  }
  intent(id: string): Reply {
    const intent = this.#intents.get(id)
    return intent ? ok(intentView(intent)) : missing('intent')
  }
  listIntents(customer: string | null, limit: number): Reply {
    const data = [...this.#intents.values()].filter((i) => customer === null || i.customer === customer).reverse()
    return ok({ object: 'list', url: '/v1/setup_intents', has_more: data.length > limit, data: data.slice(0, limit).map(intentView) })
  }

  #confirm(intent: Intent, form: Map<string, string>, force: 'decline' | null): Reply {
    const token = this.#tokens.get(form.get('confirmation_token') ?? '')
    if (!token) return invalid('confirmation_token', 'No such confirmation token.', 'resource_missing')
    if (token.setupIntent) return invalid('confirmation_token', 'This confirmation token was used before.', 'token_already_used')
    if (this.#seconds() >= token.created + tokenSeconds) return invalid('confirmation_token', 'This confirmation token has expired.', 'resource_missing')
    this.#putToken({ ...token, setupIntent: intent.id })
    if (force === 'decline' || token.card.fate === 'declined') {
      const declined: Intent = { ...intent, status: 'requires_payment_method', decline: { code: 'card_declined', declineCode: 'generic_decline' } }
      this.#putIntent(declined)
      return failure(402, 'card_error', 'card_declined', 'Your card was declined.', { decline_code: 'generic_decline', setup_intent: intentView(declined) })
    }
    const confirmed: Intent = { ...intent, paymentMethod: newId('pm'), status: token.card.fate === 'kept' ? 'succeeded' : 'requires_action' }
    this.#putIntent(confirmed)
    return ok(intentView(confirmed))
  }
}

function byPayment(objects: readonly { metadata: Record<string, string> }[]): Record<string, number> {
  const count: Record<string, number> = {}
  for (const { metadata } of objects) count[metadata.hub_payment ?? ''] = (count[metadata.hub_payment ?? ''] ?? 0) + 1
  return count
}

const fates: Readonly<Record<string, Card['fate']>> = { '4000000000000002': 'declined', '4000002760003184': 'asks-the-patient' }

function cardProblem(number: string, month: number, year: number, cvc: string, today: Date): string | null {
  if (!/^\d{13,19}$/.test(number) || !luhn(number)) return 'invalid_number'
  if (!(month >= 1 && month <= 12)) return 'invalid_expiry_month'
  if (!(year * 12 + month >= today.getUTCFullYear() * 12 + today.getUTCMonth() + 1)) return 'invalid_expiry_year'
  return /^\d{3,4}$/.test(cvc) ? null : 'invalid_cvc'
}
function luhn(number: string): boolean {
  const digits = [...number].reverse().map(Number)
  return digits.reduce((sum, digit, i) => sum + (i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0) % 10 === 0
}
const missing = (param: string): Reply => invalid(param, 'No such object.', 'resource_missing', 404)
function metadataOf(form: Map<string, string>): Record<string, string> {
  return Object.fromEntries([...form].flatMap(([name, value]) => (/^metadata\[[\w-]+\]$/.test(name) ? [[name.slice(9, -1), value]] : [])))
}

const customerView = (c: Customer) => ({ id: c.id, object: 'customer', created: c.created, livemode: false, metadata: c.metadata })
const tokenView = (t: Token) => ({
  id: t.id,
  object: 'confirmation_token',
  created: t.created,
  expires_at: t.created + tokenSeconds,
  livemode: false,
  setup_intent: t.setupIntent,
  payment_intent: null,
  payment_method_preview: { type: 'card', card: { last4: t.card.last4, exp_month: t.card.expMonth, exp_year: t.card.expYear } },
})
const intentView = (i: Intent) => ({
  id: i.id,
  object: 'setup_intent',
  created: i.created,
  client_secret: `${i.id}_secret_sim`,
  customer: i.customer,
  livemode: false,
  metadata: i.metadata,
  payment_method: i.status === 'requires_payment_method' ? null : i.paymentMethod,
  payment_method_types: ['card'],
  status: i.status,
  usage: 'off_session',
  next_action: i.status === 'requires_action' ? { type: 'use_stripe_sdk', use_stripe_sdk: {} } : null,
  last_setup_error: i.decline && { type: 'card_error', code: i.decline.code, decline_code: i.decline.declineCode, message: 'Your card was declined.' },
})
