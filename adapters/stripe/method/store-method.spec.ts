import { randomUUID } from 'node:crypto'
import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { stripe } from '../adapter.ts'
import { testAccounts, testCards } from '../fixtures/cards.ts'
import { bankAccount, card, contextOf, decide, returnUrl, startStripe } from '../testing/account.ts'

const { storeMethod, checkMethod } = stripe.operations
const minuteMs = 60_000
const hold = { methodCheck: 'hold' } as const

describe('Keeping a method', () => {
  let sim: Simulator
  before(async () => {
    sim = await startStripe()
  })
  beforeEach(() => sim.reset())
  after(() => sim.stop())

  type Input = Awaited<ReturnType<typeof card>>
  type Options = Parameters<typeof contextOf>[1]
  const keep = (input: Input, options: Options = {}) => storeMethod.call(input, contextOf(sim, options)).catch((error: unknown) => error)
  const find = (input: Input, options: Options = {}) => storeMethod.reconcile?.(input, contextOf(sim, options)).catch((error: unknown) => error)
  const stored = async () => (await sim.effects()).storeCard?.count
  const kept = async (input: Input, options: Options = {}) => {
    const answer = await storeMethod.call(input, contextOf(sim, options))
    if (answer.is !== 'ok') throw new Error('it was declined')
    return answer.value
  }
  const asStripeSees = async (intentId: string) => {
    const kind = intentId.startsWith('seti_') ? 'setup_intents' : 'payment_intents'
    const { secrets } = contextOf(sim)
    const answer = await fetch(`${sim.url}/v1/${kind}/${intentId}?expand[0]=latest_charge`, { headers: { authorization: `Bearer ${secrets.secretKey}` } })
    return (await answer.json()) as Record<string, unknown> & { status: string; metadata: Record<string, string> }
  }

  describe('for nothing', () => {
    it('says what was kept, and whose it is', async () => {
      const value = await kept(await card(sim))
      expect(value).to.include({ status: 'succeeded', method: 'card', actionUrl: null, heldUntil: null })
      expect(value.intent.kind).to.equal('setup')
      expect(value.paymentMethodId).to.match(/^pm_/)
    })
    it('leads a patient whom the bank wants to its page, and knows how that ended', async () => {
      const input = await card(sim, testCards.needsAction)
      const { status, intent, actionUrl } = await kept(input)
      expect([status, actionUrl]).to.deep.equal(['requires-action', `${sim.url}/bank/${intent.id}`])
      const asked = { paymentId: input.paymentId, intent }
      expect(await checkMethod.call(asked, contextOf(sim)), 'nobody pressed anything').to.have.nested.include({ 'value.status': 'requires-action' })
      expect(await decide(sim, intent.id, 'confirm')).to.match(new RegExp(`^${returnUrl}\\?setup_intent=${intent.id}&.*redirect_status=succeeded$`))
      expect(await checkMethod.call(asked, contextOf(sim))).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded', 'value.actionUrl': null })
      expect(await decide(sim, intent.id, 'refuse'), 'pressed again').to.equal(null)
      expect(await checkMethod.call(asked, contextOf(sim))).to.have.nested.include({ 'value.status': 'succeeded' })
    })
    it('takes a patient who refuses at the bank for a decline', async () => {
      const input = await card(sim, testCards.needsAction)
      const { intent } = await kept(input)
      await decide(sim, intent.id, 'refuse')
      const answer = await checkMethod.call({ paymentId: input.paymentId, intent }, contextOf(sim))
      expect(answer).to.deep.equal({ is: 'rejected', value: { code: 'setup_intent_authentication_failure', declineCode: null } })
    })
    it('names no page where the clinic has no way back, and does not fail', async () => {
      const ctx = contextOf(sim)
      const { returnUrl: _, ...config } = ctx.config
      const answer = await storeMethod.call(await card(sim, testCards.needsAction), { ...ctx, config })
      expect(answer).to.have.nested.include({ is: 'ok', 'value.status': 'requires-action', 'value.actionUrl': null })
    })
    it('tells nobody the outcome of somebody else’s intent', async () => {
      const { intent } = await kept(await card(sim))
      const fault = await checkMethod.call({ paymentId: randomUUID(), intent }, contextOf(sim)).catch((error: unknown) => error)
      expect(fault).to.be.instanceOf(PartnerFault).and.include({ kind: 'contract' })
    })
    it('takes an intent that is gone for a no', async () => {
      const intent = { kind: 'setup', id: 'seti_nobodys' } as const
      expect(await checkMethod.call({ paymentId: randomUUID(), intent }, contextOf(sim))).to.have.nested.include({
        is: 'rejected',
        'value.code': 'resource_missing',
      })
    })
  })

  describe('by a unit that is held', () => {
    it('holds one dollar, and has given it back when it answers', async () => {
      const input = await card(sim)
      const value = await kept(input, { config: hold, key: 'hold-1' })
      expect(value).to.include({ status: 'succeeded', method: 'card', heldUntil: null })
      const seen = await asStripeSees(value.intent.id)
      expect(seen).to.include({
        status: 'canceled',
        amount: 100,
        currency: 'usd',
        capture_method: 'manual',
        setup_future_usage: 'off_session',
        amount_received: 0,
      })
      expect(seen.latest_charge).to.include({ captured: false, amount_refunded: 100 })
      expect(await keep(input, { config: hold, key: 'hold-1' }), 'sent again').to.deep.equal({ is: 'ok', value })
      expect(await stored()).to.equal(1)
    })
    it('can be charged later', async () => {
      const { customerId, paymentMethodId } = await kept(await card(sim), { config: hold })
      const asked = { chargeId: randomUUID(), patientId: randomUUID(), customerId, paymentMethodId: paymentMethodId ?? '', amountMinor: 2500, currency: 'USD' }
      expect(await stripe.operations.charge.call({ ...asked, purpose: 'copay' }, contextOf(sim))).to.have.nested.include({ 'value.status': 'succeeded' })
    })
    it('gives back what the patient confirmed at the bank, once that is looked at', async () => {
      const input = await card(sim, testCards.needsAction)
      const { status, intent, actionUrl } = await kept(input, { config: hold })
      expect([status, intent.kind, actionUrl]).to.deep.equal(['requires-action', 'payment', `${sim.url}/bank/${intent.id}`])
      await decide(sim, intent.id, 'confirm')
      expect(await asStripeSees(intent.id)).to.include({ status: 'requires_capture' })
      const asked = { paymentId: input.paymentId, intent }
      const answer = await checkMethod.call(asked, contextOf(sim, { config: hold }))
      expect(answer).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded', 'value.heldUntil': null })
      expect(await asStripeSees(intent.id)).to.include({ status: 'canceled' })
      expect(await checkMethod.call(asked, contextOf(sim, { config: hold })), 'looked at again').to.deep.equal(answer)
    })
    it('says until when it is held where it could not be given back', async () => {
      const input = await card(sim, testCards.needsAction)
      const { intent } = await kept(input, { config: hold })
      await decide(sim, intent.id, 'confirm')
      const { latest_charge } = (await asStripeSees(intent.id)) as unknown as {
        latest_charge: { payment_method_details: { card: { capture_before: number } } }
      }
      const lookThrough = contextOf(sim, { config: hold })
      const intercepted = await withReadsOnly(sim, () => checkMethod.call({ paymentId: input.paymentId, intent }, lookThrough))
      const until = new Date(latest_charge.payment_method_details.card.capture_before * 1000).toISOString()
      expect(intercepted).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded', 'value.heldUntil': until })
      await sim.fault('answers')
      await checkMethod.call({ paymentId: input.paymentId, intent }, lookThrough)
      expect(await asStripeSees(intent.id)).to.include({ status: 'canceled' })
    })
    it('takes a hold that ended by itself for one that was given back, and one that nobody confirmed for a no', async () => {
      const [confirmed, left] = [await card(sim, testCards.needsAction), await card(sim, testCards.needsAction)]
      const [a, b] = [await kept(confirmed, { config: hold }), await kept(left, { config: hold })]
      await decide(sim, a.intent.id, 'confirm')
      await sim.control('POST', '/_sim/clock/advance', { ms: 8 * 24 * 60 * minuteMs })
      expect(await asStripeSees(a.intent.id)).to.include({ status: 'canceled', cancellation_reason: 'automatic' })
      const look = (input: Input, { intent }: typeof a) => checkMethod.call({ paymentId: input.paymentId, intent }, contextOf(sim, { config: hold }))
      expect(await look(confirmed, a)).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded' })
      await post(sim, `/v1/payment_intents/${b.intent.id}/cancel`)
      expect(await look(left, b)).to.have.nested.include({ is: 'rejected', 'value.code': 'canceled' })
    })
    it('gives the decline code of the bank', async () => {
      const value = { code: 'card_declined', declineCode: 'insufficient_funds' }
      expect(await keep(await card(sim, testCards.noMoney), { config: hold })).to.deep.equal({ is: 'rejected', value })
    })
    it('holds nothing of a currency whose unit is next to nothing, and nothing on a bank account', async () => {
      const yen = await kept({ ...(await card(sim)), currency: 'JPY' }, { config: hold })
      const account = await kept(await bankAccount(sim, testAccounts.good), { config: { ...hold, bankAccounts: true } })
      expect([yen.intent.kind, account.intent.kind, account.method]).to.deep.equal(['setup', 'setup', 'us-bank-account'])
    })
    it('is found a day after its answer was lost, and given back', async () => {
      const input = await card(sim)
      await sim.fault('accepts-then-drops', 1)
      expect(await keep(input, { config: hold }))
        .to.be.instanceOf(PartnerFault)
        .and.include({ kind: 'uncertain' })
      await sim.post('/_sim/forget')
      const found = await find(input, { config: hold })
      expect(found).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded', 'value.intent.kind': 'payment' })
      const gone = await find({ ...input, confirmationTokenId: 'ctoken_expired1' }, { config: hold })
      expect(gone, 'by our metadata').to.deep.equal(found)
      expect(await stored()).to.equal(1)
    })
    it('stays what it was when the clinic changes its mind between two tries', async () => {
      const input = await card(sim)
      const first = await keep(input, { key: 'one-key' })
      expect(await keep(input, { key: 'one-key', config: hold })).to.deep.equal(first)
      expect(await stored()).to.equal(1)
    })
  })

  describe('of a bank', () => {
    const banks = { bankAccounts: true } as const
    it('is kept when its owner signed in', async () => {
      expect(await kept(await bankAccount(sim, testAccounts.good), { config: banks })).to.include({ status: 'succeeded', method: 'us-bank-account' })
    })
    it('is refused where it would take deposits of some cents', async () => {
      expect(await keep(await bankAccount(sim, testAccounts.good, false), { config: banks })).to.have.nested.include({
        is: 'rejected',
        'value.code': 'bank_account_unverified',
      })
    })
    it('is refused where the clinic takes none', async () => {
      expect(await keep(await bankAccount(sim, testAccounts.good))).to.have.nested.include({ is: 'rejected', 'value.code': 'payment_method_unsupported_type' })
    })
    it('may take the bank a day, and says so', async () => {
      const input = await bankAccount(sim, testAccounts.takesADay)
      const { status, intent } = await kept(input, { config: banks })
      expect(status).to.equal('processing')
      await sim.control('POST', '/_sim/clock/advance', { ms: 25 * 60 * minuteMs })
      expect(await checkMethod.call({ paymentId: input.paymentId, intent }, contextOf(sim))).to.have.nested.include({ 'value.status': 'succeeded' })
    })
  })
})

async function post(sim: Simulator, path: string): Promise<void> {
  const answer = await fetch(`${sim.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${contextOf(sim).secrets.secretKey}` } })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
}
/** Whatever is only read gets through, whatever would change something does not. */
async function withReadsOnly<T>(sim: Simulator, work: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    if (String(input).includes('/_sim/')) return original(input, init)
    const isWrite = (init?.method ?? 'GET') !== 'GET'
    await sim.fault(isWrite ? 'throttles' : 'answers')
    return original(input, init)
  }
  try {
    return await work()
  } finally {
    globalThis.fetch = original
  }
}
