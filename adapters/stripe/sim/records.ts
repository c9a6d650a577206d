import type { SimClock } from '../../sim-clock.ts'
import type { SimJournal } from '../../sim-journal.ts'

/** What the simulated account keeps, as it lies in the journal. Numbers of cards and bank accounts are kept nowhere: only what will happen to them. */
export interface Decline {
  code: string
  declineCode: string | null
  adviceCode?: string | null
}
/** A card or a bank account. */
export interface Paying {
  type?: 'card' | 'us_bank_account'
  fate: string
  last4: string
  expMonth: number
  expYear: number
  /** Of a bank account: its owner signed in at the bank, so nobody waits for deposits. */
  instant?: boolean
}
export interface Token {
  id: string
  card: Paying
  created: number
  setupIntent: string | null
  paymentIntent?: string | null
}
export interface Customer {
  id: string
  created: number
  metadata: Record<string, string>
}
export interface Method extends Paying {
  id: string
  created: number
  customer: string | null
  /** The patient confirmed it once at the bank. */
  confirmed: boolean
}
interface Intent {
  id: string
  created: number
  customer: string | null
  metadata: Record<string, string>
  paymentMethod: string | null
  decline: Decline | null
  /** Where the bank's page sends the patient back to; without it there is no page. */
  returnUrl?: string | null
  /** By the clock, in seconds. Null: nothing happens by itself. */
  settlesAt?: number | null
}
export interface SetupIntent extends Intent {
  status: 'requires_confirmation' | 'requires_payment_method' | 'requires_action' | 'processing' | 'succeeded' | 'canceled'
  /** It waits for two deposits to be named. */
  deposits?: boolean
}
export interface PaymentIntent extends Intent {
  status: 'requires_confirmation' | 'requires_payment_method' | 'requires_action' | 'processing' | 'requires_capture' | 'succeeded' | 'canceled'
  amount: number
  amountReceived: number
  currency: string
  captureMethod: 'automatic' | 'manual'
  futureUsage: 'off_session' | null
  latestCharge: string | null
  canceledAt: number | null
  cancellationReason: 'automatic' | null
}
export interface Charge {
  id: string
  created: number
  intent: string
  customer: string | null
  method: string
  metadata: Record<string, string>
  amount: number
  currency: string
  status: 'pending' | 'succeeded' | 'failed'
  captured: boolean
  amountRefunded: number
  captureBefore: number | null
  failureCode: string | null
}
export interface Refund {
  id: string
  created: number
  intent: string
  charge: string
  amount: number
  currency: string
  metadata: Record<string, string>
  status: 'pending' | 'succeeded' | 'failed'
  failureReason: string | null
  becomes: { status: 'succeeded' | 'failed'; at: number } | null
}

/** One kind of object: read from memory, written through the journal. */
export class Records<T extends { id: string }> {
  readonly #all = new Map<string, T>()
  readonly put: (one: T) => void
  constructor(journal: SimJournal, name: string) {
    this.put = journal.change(name, (one: T) => {
      this.#all.set(one.id, one)
    })
  }
  get(id: string | null | undefined): T | undefined {
    return id ? this.#all.get(id) : undefined
  }
  /** In the order of their making. */
  all(): T[] {
    return [...this.#all.values()]
  }
  clear(): void {
    this.#all.clear()
  }
}

/** Names of changes stay as journals of earlier versions have them. */
export class Store {
  readonly customers: Records<Customer>
  readonly tokens: Records<Token>
  readonly methods: Records<Method>
  readonly setups: Records<SetupIntent>
  readonly payments: Records<PaymentIntent>
  readonly charges: Records<Charge>
  readonly refunds: Records<Refund>
  readonly clear: () => void
  readonly #clock: SimClock

  constructor(journal: SimJournal, clock: SimClock) {
    this.#clock = clock
    this.customers = new Records(journal, 'customer')
    this.tokens = new Records(journal, 'token')
    this.methods = new Records(journal, 'method')
    this.setups = new Records(journal, 'intent')
    this.payments = new Records(journal, 'payment')
    this.charges = new Records(journal, 'charge')
    this.refunds = new Records(journal, 'refund')
    this.clear = journal.change('objects-forgotten', () => {
      for (const kind of [this.customers, this.tokens, this.methods, this.setups, this.payments, this.charges, this.refunds]) kind.clear()
    })
  }
  seconds(): number {
    return Math.floor(this.#clock.nowMs() / 1000)
  }
  /** How many objects there are for each of the hub's payments, charges and refunds, whatever keys they came under. */
  count(): Record<'customers' | 'setupIntents' | 'paymentIntents' | 'refunds' | 'succeeded', Record<string, number>> {
    const [setups, payments] = [this.setups.all(), this.payments.all()]
    return {
      customers: byOurId(this.customers.all()),
      setupIntents: byOurId(setups),
      paymentIntents: byOurId(payments),
      refunds: byOurId(this.refunds.all()),
      succeeded: byOurId([...setups, ...payments].filter(({ status }) => status === 'succeeded')),
    }
  }
}

function byOurId(objects: readonly { metadata: Record<string, string> }[]): Record<string, number> {
  const count: Record<string, number> = {}
  for (const { metadata } of objects) {
    const id = metadata.hub_refund ?? metadata.hub_charge ?? metadata.hub_payment ?? ''
    count[id] = (count[id] ?? 0) + 1
  }
  return count
}
