import type { PaymentIntents } from './payment-intents.ts'
import type { Store } from './records.ts'
import type { SetupIntents } from './setup-intents.ts'
import type { Around } from './views.ts'

/** The bank's page that an intent sends the patient to (3-D Secure): one question, two answers. */
type BankAnswer = { is: 'page'; status: number; html: string } | { is: 'back'; to: string }

const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const pageOf = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>body{font:18px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:28rem;padding:0 1rem}button{font:inherit;min-height:44px;margin:.5rem .5rem .5rem 0;padding:.5rem 1rem}</style>
</head><body><main><h1>${title}</h1>${body}</main></body></html>`

export function bankPage(store: Store, id: string): BankAnswer {
  const payment = store.payments.get(id)
  const intent = store.setups.get(id) ?? payment
  if (!intent?.returnUrl) return { is: 'page', status: 404, html: pageOf('Not found', '<p>There is nothing to confirm here.</p>') }
  if (intent.status !== 'requires_action') return { is: 'page', status: 200, html: pageOf('Test bank', '<p>This has been answered already.</p>') }
  const what = payment ? `a payment of ${payment.amount} ${escaped(payment.currency.toUpperCase())} (smallest unit)` : 'that your card is kept for later'
  const button = (value: string, text: string) => `<button name="decision" value="${value}">${text}</button>`
  return {
    is: 'page',
    status: 200,
    html: pageOf('Test bank', `<p>Do you confirm ${what}?</p><form method="post">${button('confirm', 'Confirm')}${button('refuse', 'Refuse')}</form>`),
  }
}

/** Back to the clinic with what Stripe adds to the address. */
export function bankDecision(store: Store, setups: SetupIntents, payments: PaymentIntents, id: string, decision: string | null, around: Around): BankAnswer {
  const [setup, payment] = [store.setups.get(id), store.payments.get(id)]
  const intent = setup ?? payment
  if (!intent?.returnUrl || intent.status !== 'requires_action' || (decision !== 'confirm' && decision !== 'refuse')) return bankPage(store, id)
  const agrees = decision === 'confirm'
  const decided = setup ? setups.decide(setup, agrees, around) : payment && payments.decide(payment, agrees, around)
  const kind = setup ? 'setup_intent' : 'payment_intent'
  const to = new URL(intent.returnUrl)
  to.searchParams.set(kind, id)
  to.searchParams.set(`${kind}_client_secret`, `${id}_secret_sim`)
  to.searchParams.set('redirect_status', decided?.status === 'requires_payment_method' ? 'failed' : 'succeeded')
  return { is: 'back', to: to.toString() }
}
