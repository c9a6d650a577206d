import { randomUUID } from 'node:crypto'
import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { adapterContract, type Simulator } from '../contract-suite.ts'
import { stripe } from './adapter.ts'
import { testCards } from './fixtures/cards.ts'
import { card, chargeOf, connection, contextOf, decide, publishableKey, refundOf, secretKey, startStripe } from './testing/account.ts'

const looked = 'checkMethod'
/** A method that the patient had to confirm at the bank, and did or did not. */
async function waiting(sim: Simulator, decision: 'confirm' | 'refuse') {
  const input = await card(sim, testCards.needsAction)
  const answer = await stripe.operations.storeMethod.call(input, contextOf(sim))
  if (answer.is !== 'ok') throw new Error('it was declined')
  await decide(sim, answer.value.intent.id, decision)
  return { paymentId: input.paymentId, intent: answer.value.intent }
}
/** A charge that the patient had to confirm at the bank, and did or did not. */
async function pageOf(sim: Simulator, decision: 'confirm' | 'refuse') {
  const asked = await chargeOf(sim, testCards.needsAction)
  const answer = await stripe.operations.chargeWithPatient.call(asked, contextOf(sim))
  if (answer.is !== 'ok') throw new Error('it was declined')
  await decide(sim, answer.value.paymentIntentId, decision)
  return { chargeId: asked.chargeId, paymentIntentId: answer.value.paymentIntentId, giveUp: false }
}
adapterContract(stripe, {
  start: () => startStripe(),
  connection,
  operations: {
    storeCard: { input: (sim) => card(sim), rejectedInput: (sim) => card(sim, testCards.declined), effect: 'storeCard' },
    storeMethod: {
      input: (sim) => card(sim),
      rejectedInput: (sim) => card(sim, testCards.declined),
      effect: 'storeCard',
    },
    checkMethod: { input: (sim) => waiting(sim, 'confirm'), rejectedInput: (sim) => waiting(sim, 'refuse'), effect: looked },
    charge: { input: (sim) => chargeOf(sim), rejectedInput: (sim) => chargeOf(sim, testCards.declinedLater), effect: 'charge' },
    chargeWithPatient: {
      input: (sim) => chargeOf(sim, testCards.needsAction),
      rejectedInput: (sim) => chargeOf(sim, testCards.declinedLater),
      effect: 'charge',
    },
    checkCharge: { input: (sim) => pageOf(sim, 'confirm'), rejectedInput: (sim) => pageOf(sim, 'refuse'), effect: looked },
    refund: { input: (sim) => refundOf(sim), rejectedInput: (sim) => refundOf(sim, testCards.kept, 9_999), effect: 'refund' },
  },
})

describe('What a clinic may say about Stripe', () => {
  const sound = { apiBase: 'https://api.stripe.com', publishableKey, scriptUrl: 'https://js.stripe.com/v3/' }
  const takes = (changes: Partial<typeof sound>) => stripe.config.safeParse({ ...sound, ...changes }).success
  it('is no script but Stripe’s own, or the simulator’s on this machine', () => {
    expect([takes({}), takes({ scriptUrl: 'http://127.0.0.1:9000/v3/' })]).to.deep.equal([true, true])
    for (const scriptUrl of ['https://evil.example/x.js', 'http://js.stripe.com/v3/', 'https://js.stripe.com.evil.example/'])
      expect(takes({ scriptUrl }), scriptUrl).to.equal(false)
  })
  it('never sends the key out without TLS', () => {
    expect([takes({ apiBase: 'http://api.stripe.com' }), takes({ apiBase: 'http://localhost:9000' })]).to.deep.equal([false, true])
  })
})

describe('Keeping a card', () => {
  let sim: Simulator
  const { storeCard } = stripe.operations
  before(async () => {
    sim = await startStripe()
  })
  beforeEach(() => sim.reset())
  after(() => sim.stop())
  type Input = Awaited<ReturnType<typeof card>>
  const keep = (input: Input, key?: string) => storeCard.call(input, contextOf(sim, key === undefined ? {} : { key })).catch((error: unknown) => error)
  const find = (input: Input) => storeCard.reconcile?.(input, contextOf(sim)).catch((error: unknown) => error)
  const stored = async () => (await sim.effects()).storeCard?.count

  it('tells that the patient must act (3-D Secure)', async () => {
    expect(await keep(await card(sim, testCards.needsAction))).to.have.nested.include({ is: 'ok', 'value.status': 'requires-action' })
  })
  it('gives the decline code of the bank', async () => {
    expect(await keep(await card(sim, testCards.declined))).to.deep.equal({ is: 'rejected', value: { code: 'card_declined', declineCode: 'generic_decline' } })
  })
  it('makes one customer and one SetupIntent for one key, and refuses the key for another card', async () => {
    const first = await card(sim, testCards.kept)
    const answer = await keep(first, 'effect-1')
    expect(await keep(first, 'effect-1')).to.deep.equal(answer)
    expect(await keep(await card(sim, testCards.kept), 'effect-1')).to.include({ kind: 'contract' })
    expect(await sim.effects()).to.deep.include({
      createCustomer: { count: 1, byKey: { 'effect-1:customer': 1 } },
      storeCard: { count: 1, byKey: { 'effect-1': 1 } },
    })
  })
  it('takes an unknown or used token for a no: only the patient can make a new one', async () => {
    const input = await card(sim, testCards.kept)
    expect(await keep({ ...input, confirmationTokenId: 'ctoken_000000' })).to.deep.equal({
      is: 'rejected',
      value: { code: 'resource_missing', declineCode: null },
    })
    await keep(input)
    expect(await keep({ ...input, paymentId: randomUUID() })).to.deep.equal({ is: 'rejected', value: { code: 'token_already_used', declineCode: null } })
    expect(await stored()).to.equal(1)
  })
  it('finds its own card again when Stripe has forgotten the key and refuses the used token', async () => {
    const input = await card(sim, testCards.kept)
    const answer = await keep(input, 'effect-1')
    await sim.post('/_sim/forget')
    expect(await keep(input, 'effect-1')).to.deep.equal(answer)
    expect(await stored()).to.equal(1)
  })
  it('finds what became of a lost answer a day later, by the token', async () => {
    const input = await card(sim, testCards.kept)
    expect(await find(input)).to.equal('not-found')
    await sim.fault('accepts-then-drops', 1)
    expect(await keep(input))
      .to.be.instanceOf(PartnerFault)
      .and.include({ kind: 'uncertain' })
    await sim.post('/_sim/forget')
    expect(await find(input)).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded' })
    expect(await stored()).to.equal(1)
  })
  it('finds it by our metadata where the token is gone', async () => {
    const input = await card(sim, testCards.kept)
    const answer = await keep(input)
    expect(await find({ ...input, confirmationTokenId: 'ctoken_expired1' })).to.deep.equal(answer)
  })
  it('finds a decline too', async () => {
    const input = await card(sim, testCards.declined)
    await keep(input)
    expect(await find(input)).to.have.nested.include({ is: 'rejected', 'value.code': 'card_declined' })
  })
  it('never says "not found" when it could not look', async () => {
    const input = await card(sim, testCards.kept)
    for (const [mode, kind] of [
      ['drops', 'uncertain'],
      ['breaks', 'uncertain'],
      ['throttles', 'uncertain'],
    ] as const) {
      await sim.fault(mode)
      expect(await find(input), mode)
        .to.be.instanceOf(PartnerFault)
        .and.include({ kind })
    }
    await sim.fault('refuses-key')
    expect(await find(input)).to.equal('cannot-tell')
  })
  it('is uncertain after a 500, and finds the card though Stripe replays the 500 for the key', async () => {
    const input = await card(sim, testCards.kept)
    await sim.fault('accepts-then-breaks', 1)
    expect(await keep(input, 'effect-1'))
      .to.be.instanceOf(PartnerFault)
      .and.include({ kind: 'uncertain' })
    expect(await keep(input, 'effect-1')).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded' })
    expect(await stored()).to.equal(1)
  })
  it('stays uncertain while every try breaks', async () => {
    const input = await card(sim, testCards.kept)
    await sim.fault('breaks')
    expect(await keep(input, 'effect-1'))
      .to.be.instanceOf(PartnerFault)
      .and.include({ kind: 'uncertain' })
    expect(await stored()).to.equal(0)
  })
  it('takes card fields at the token door only, and only with the publishable key', async () => {
    const form = { 'payment_method_data[card][number]': testCards.kept }
    const post = (path: string, key: string) =>
      fetch(`${sim.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: new URLSearchParams(form) })
    expect((await post('/v1/setup_intents', secretKey)).status).to.equal(402)
    expect((await post('/v1/confirmation_tokens', secretKey)).status).to.equal(401)
  })
})
