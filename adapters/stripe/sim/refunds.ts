import type { SimJournal } from '../../sim-journal.ts'
import { fateOf } from './cards.ts'
import type { Emit } from './events.ts'
import type { Refund, Store } from './records.ts'
import { type Form, invalid, metadataOf, missing, newId, ok, page, type Reply, unknownIn } from './replies.ts'
import { type Around, chargeView, refundView } from './views.ts'

const params = new Set(['payment_intent', 'amount', 'metadata', 'expand'])
const daySeconds = 86_400

/** Money given back. */
export class Refunds {
  readonly #store: Store
  readonly #emit: Emit
  #isShort = false
  /** Nothing is on the clinic's balance: refunds of cards wait, others fail. */
  readonly setShort: (isShort: boolean) => void

  constructor(journal: SimJournal, store: Store, emit: Emit) {
    this.#store = store
    this.#emit = emit
    this.setShort = journal.change('balance-short', (isShort) => {
      this.#isShort = isShort
    })
  }

  create(form: Form, around: Around): Reply {
    const unknown = unknownIn(form, params)
    if (unknown) return unknown
    const intent = this.#store.payments.get(form.get('payment_intent'))
    const charge = this.#store.charges.get(intent?.latestCharge)
    if (!intent || !charge) return invalid('payment_intent', 'No such payment_intent.', 'resource_missing')
    if (intent.status !== 'succeeded') return invalid('payment_intent', 'This PaymentIntent has no successful charge to refund.', 'charge_not_refundable')
    const left = charge.amount - charge.amountRefunded
    if (left === 0) return invalid('payment_intent', 'Charge has already been refunded.', 'charge_already_refunded')
    const amount = Number(form.get('amount') ?? left)
    if (!(Number.isInteger(amount) && amount >= 1)) return invalid('amount', 'Invalid integer.', 'parameter_invalid_integer')
    if (amount > left) return invalid('amount', 'Refund amount is greater than unrefunded amount on charge.')
    const method = this.#store.methods.get(charge.method)
    const isBank = method?.type === 'us_bank_account'
    if (this.#isShort && isBank) return invalid(null, 'Insufficient funds in your account.', 'balance_insufficient')
    const fate = isBank ? ({ first: 'pending', ends: 'succeeded' } as const) : fateOf(method ?? { fate: 'kept' }).refund
    const refund: Refund = {
      ...{ id: newId('re'), created: this.#store.seconds(), intent: intent.id, charge: charge.id, amount, currency: intent.currency },
      ...{ metadata: metadataOf(form), failureReason: null },
      status: this.#isShort ? 'pending' : (fate?.first ?? 'succeeded'),
      becomes: this.#isShort || !fate ? null : { status: fate.ends, at: this.#store.seconds() + daySeconds },
    }
    this.#store.refunds.put(refund)
    this.#store.charges.put({ ...charge, amountRefunded: charge.amountRefunded + amount })
    this.#emit('refund.created', refundView(refund))
    this.#tellCharge(charge.id, around)
    return ok(refundView(refund))
  }
  get(id: string): Reply {
    const refund = this.#store.refunds.get(id)
    return refund ? ok(refundView(refund)) : missing('id')
  }
  list(query: URLSearchParams): Reply {
    const intent = query.get('payment_intent')
    return page(
      this.#store.refunds.all().filter((one) => intent === null || one.intent === intent),
      query,
      '/v1/refunds',
      refundView,
    )
  }

  /** What time, or money on the balance, brings. */
  settle(now: number, around: Around): void {
    for (const refund of this.#store.refunds.all()) {
      if (refund.becomes && refund.becomes.at <= now) this.#become({ ...refund, status: refund.becomes.status, becomes: null }, around)
      else if (refund.status === 'pending' && !refund.becomes && !this.#isShort) this.#become({ ...refund, status: 'succeeded' }, around)
    }
  }
  #become(refund: Refund, around: Around): void {
    const next: Refund = refund.status === 'failed' ? { ...refund, failureReason: 'expired_or_canceled_card' } : refund
    this.#store.refunds.put(next)
    this.#emit('refund.updated', refundView(next))
    if (next.status !== 'failed') return
    // The money is the clinic's again, days after everybody thought that it was given back.
    const charge = this.#store.charges.get(next.charge)
    if (charge) this.#store.charges.put({ ...charge, amountRefunded: charge.amountRefunded - next.amount })
    this.#emit('refund.failed', refundView(next))
    this.#tellCharge(next.charge, around)
  }
  #tellCharge(id: string, around: Around): void {
    const charge = this.#store.charges.get(id)
    if (charge) this.#emit('charge.refunded', chargeView(charge, around))
  }
}
