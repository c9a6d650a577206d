import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PaymentItem } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { memoryLocks } from '../../testing.ts'
import { stripe } from '../adapter.ts'
import { testCards } from '../fixtures/cards.ts'
import { card, chargeOf, connection, contextOf, decide, refundOf, startStripe } from '../testing/account.ts'

const { storeMethod, charge, refund } = stripe.operations
const { events: receiver } = stripe.receive
type Item = ValueOf<typeof PaymentItem>
type Fact = Extract<Item, { is: 'fact' }>
interface Call {
  headers: Record<string, string>
  body: Buffer
}
const [secret, older, newer] = ['whsec_0123456789abcdefghij', 'whsec_before_0123456789ab', 'whsec_after_0123456789abc']
const dayMs = 86_400_000

/** The clinic's door: it takes what comes, or says what it is told to say. */
class Door {
  calls: Call[] = []
  status = 200
  #server: Server | undefined
  async open(): Promise<string> {
    this.#server = createServer((req, res) => {
      const chunks: Buffer[] = []
      req.on('data', (chunk: Buffer) => chunks.push(chunk))
      req.on('end', () => {
        this.calls.push({ headers: req.headers as Record<string, string>, body: Buffer.concat(chunks) })
        res.writeHead(this.status).end()
      })
    }).listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks`
  }
  close(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }
  async has(count: number): Promise<Call[]> {
    const deadline = Date.now() + 10_000
    while (this.calls.length < count) {
      if (Date.now() > deadline) throw new Error(`${this.calls.length} calls came, not ${count}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return this.calls
  }
}

async function read(body: Buffer | string): Promise<Item[]> {
  const items: Item[] = []
  const chunks = async function* () {
    yield Buffer.from(body)
  }
  for await (const item of receiver.read(chunks(), connection({ url: 'http://127.0.0.1:9' }).config, memoryLocks())) items.push(PaymentItem.schema.parse(item))
  return items
}
const factsOf = async (calls: readonly Call[]): Promise<Fact[]> =>
  (await Promise.all(calls.map(({ body }) => read(body)))).flat().filter((item) => item.is === 'fact')
const verdict = (call: Call, secrets: { webhookSecret?: string; webhookSecretBefore?: string } = { webhookSecret: secret }, now = new Date()) =>
  receiver.webhook?.verify({ url: 'https://hub.example/hooks', ...call }, secrets, now)

const sentMsOf = (call: Call): number => Number(/^t=(\d+)/.exec(call.headers['stripe-signature'] ?? '')?.[1]) * 1000

describe('Webhooks of Stripe', () => {
  let sim: Simulator
  let door: Door
  let url: string
  before(async () => {
    sim = await startStripe()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    await sim.reset()
    door = new Door()
    url = await door.open()
  })
  afterEach(async () => {
    await sim.control('PUT', '/_sim/webhooks', { url: null })
    door.close()
  })
  const register = (how: Record<string, unknown> = {}) => sim.control('PUT', '/_sim/webhooks', { url, secret, retryMs: 20, ...how })
  const keepOne = async () => storeMethod.call(await card(sim), contextOf(sim))

  describe('are taken', () => {
    it('when they are signed with our secret over these bytes, and not otherwise', async () => {
      await register()
      await keepOne()
      const [call] = (await door.has(1)) as [Call]
      expect(verdict(call)).to.equal('genuine')
      const again = Buffer.from(JSON.stringify(JSON.parse(call.body.toString('utf8'))))
      expect(JSON.parse(again.toString('utf8'))).to.deep.equal(JSON.parse(call.body.toString('utf8')))
      for (const [why, changed] of [
        ['written again by a parser', { ...call, body: again }],
        ['one byte more', { ...call, body: Buffer.concat([call.body, Buffer.from(' ')]) }],
        ['a byte order mark', { ...call, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), call.body]) }],
        ['no UTF-8', { ...call, body: Buffer.concat([call.body, Buffer.from([0xff])]) }],
        ['nothing', { ...call, body: Buffer.alloc(0) }],
        ['no signature', { ...call, headers: {} }],
        ['an empty signature', { ...call, headers: { 'stripe-signature': '' } }],
        ['a signature of another scheme', { ...call, headers: { 'stripe-signature': (call.headers['stripe-signature'] ?? '').replace('v1=', 'v0=') } }],
      ] as const)
        expect(verdict(changed), why).to.equal('not-genuine')
      expect(verdict(call, { webhookSecret: newer }), 'another secret').to.equal('not-genuine')
      expect(verdict(call, {}), 'no secret').to.equal('not-genuine')
    })
    it('for 300 seconds', async () => {
      await register()
      await keepOne()
      const [call] = (await door.has(1)) as [Call]
      const sentMs = sentMsOf(call)
      expect([299, 300, 301, 86_400].map((seconds) => verdict(call, { webhookSecret: secret }, new Date(sentMs + seconds * 1000)))).to.deep.equal([
        'genuine',
        'genuine',
        'too-old',
        'too-old',
      ])
      await register({ oldSeconds: 400 })
      await keepOne()
      expect(verdict((await door.has(2))[1] as Call)).to.equal('too-old')
      await register({ wrongSecret: true, oldSeconds: 400 })
      await keepOne()
      expect(verdict((await door.has(3))[2] as Call), 'old and not ours').to.equal('not-genuine')
    })
    it('with either secret while one takes the other’s place', async () => {
      await register({ secret: newer, secretBefore: older })
      await keepOne()
      const [call] = (await door.has(1)) as [Call]
      for (const secrets of [{ webhookSecret: older }, { webhookSecret: newer }, { webhookSecret: newer, webhookSecretBefore: older }])
        expect(verdict(call, secrets)).to.equal('genuine')
      await register({ secret: older })
      await keepOne()
      const old = (await door.has(2))[1] as Call
      expect(verdict(old, { webhookSecret: newer, webhookSecretBefore: older }), 'they still sign with the old one').to.equal('genuine')
      expect(verdict(old, { webhookSecret: newer })).to.equal('not-genuine')
    })
  })

  describe('say', () => {
    it('how a confirmation at the bank ended, and whose it was', async () => {
      await register()
      const input = await card(sim, testCards.needsAction)
      const answer = await storeMethod.call(input, contextOf(sim))
      if (answer.is !== 'ok') throw new Error('it was declined')
      await decide(sim, answer.value.intent.id, 'confirm')
      const [asked, done] = await factsOf(await door.has(2))
      const same = { object: { kind: 'setup-intent', id: answer.value.intent.id }, intentId: answer.value.intent.id, customerId: answer.value.customerId }
      expect(asked).to.deep.include({ is: 'fact', type: 'setup_intent.requires_action', status: 'requires_action', ...same })
      expect(done).to.deep.include({ type: 'setup_intent.succeeded', status: 'succeeded', paymentMethodId: answer.value.paymentMethodId, ...same })
      expect(done?.ours).to.deep.equal({ paymentId: input.paymentId, chargeId: null, refundId: null })
    })
    it('why money was not taken, by the bank’s own reason', async () => {
      const asked = await chargeOf(sim)
      await register()
      await sim.control('POST', '/_sim/declines', { code: 'card_declined', declineCode: 'insufficient_funds' })
      await charge.call(asked, contextOf(sim))
      const facts = await factsOf(await door.has(2))
      const failed = facts.find(({ type }) => type === 'payment_intent.payment_failed')
      expect(failed).to.include({ status: 'requires_payment_method', code: 'insufficient_funds', amountMinor: 2500 })
      expect(failed?.ours.chargeId).to.equal(asked.chargeId)
    })
    it('that a refund came back days later', async () => {
      const asked = await refundOf(sim, testCards.refundFails)
      await register()
      await refund.call(asked, contextOf(sim))
      await sim.control('POST', '/_sim/clock/advance', { ms: 1.1 * dayMs })
      const facts = await factsOf(await door.has(5))
      const failed = facts.find(({ type }) => type === 'refund.failed')
      expect(failed).to.deep.include({ status: 'failed', code: 'expired_or_canceled_card', amountMinor: 2500, intentId: asked.paymentIntentId })
      expect(failed?.ours).to.deep.equal({ paymentId: null, chargeId: asked.chargeId, refundId: asked.refundId })
      const given = facts.filter(({ type }) => type === 'charge.refunded').map(({ amountMinor }) => amountMinor)
      expect(given, 'what is given back of the charge by then').to.deep.equal([2500, 0])
    })
    it('until when a unit was held, and that its end came', async () => {
      await register()
      const input = await card(sim, testCards.needsAction)
      const answer = await storeMethod.call(input, contextOf(sim, { config: { methodCheck: 'hold' } }))
      if (answer.is !== 'ok') throw new Error('it was declined')
      await decide(sim, answer.value.intent.id, 'confirm')
      await sim.control('POST', '/_sim/clock/advance', { ms: 8 * dayMs })
      const facts = await factsOf(await door.has(4))
      expect(facts.map(({ type }) => type)).to.include.members(['payment_intent.amount_capturable_updated', 'payment_intent.canceled', 'charge.expired'])
      const expired = facts.find(({ type }) => type === 'charge.expired')
      expect(Date.parse(expired?.captureBefore ?? '') - Date.now()).to.be.within(6 * dayMs, 20 * dayMs)
      expect(facts.find(({ type }) => type === 'payment_intent.canceled')).to.include({ status: 'canceled', code: 'automatic' })
    })
    it('nothing that names a patient', async () => {
      await register()
      await keepOne()
      const [{ body }] = (await door.has(1)) as [Call]
      const event = JSON.parse(body.toString('utf8'))
      Object.assign(event.data.object, { description: 'Jane Roe, oncology', receipt_email: 'jane@example.com' })
      event.data.object.metadata.note = 'Jane Roe'
      event.data.object.last_setup_error = { code: 'Jane Roe said no', message: 'Jane Roe' }
      expect(JSON.stringify(await read(JSON.stringify(event)))).not.to.match(/jane|roe|oncology/i)
    })
  })

  describe('that cannot be used', () => {
    const event = (changes: object, object: object = { object: 'payout', id: 'po_1' }) =>
      JSON.stringify({ id: 'evt_1', object: 'event', type: 'payout.paid', created: 1, data: { object }, ...changes })
    const intent = { object: 'payment_intent', id: 'pi_1', status: 'succeeded', currency: 'usd', amount: 1, amount_received: 1, metadata: {} }
    it('are other things of the account, or of another account', async () => {
      expect(await read(event({}))).to.deep.equal([{ is: 'other', eventId: 'evt_1', type: 'payout.paid' }])
      const theirs = event({ type: 'payment_intent.succeeded', account: 'acct_1' }, intent)
      expect(await read(theirs)).to.deep.equal([{ is: 'other', eventId: 'evt_1', type: 'payment_intent.succeeded' }])
    })
    it('say so, one item each, and never throw', async () => {
      const unreadable = (code: string) => [{ is: 'unreadable', code }]
      for (const text of ['', 'no json', 'null', '[]', '{}', '{"object":"v2.core.event","id":"evt_1"}', event({ type: 'Jane Roe' })])
        expect(await read(text), text).to.deep.equal(unreadable('not-an-event'))
      expect(await read(event({ type: 'payment_intent.succeeded' }, { ...intent, amount_received: -1 }))).to.deep.equal(unreadable('not-as-promised'))
      expect(await read(event({ type: 'payment_intent.succeeded' }, { ...intent, amount_received: 100_000_000 }))).to.deep.equal(unreadable('no-such-amount'))
      expect(await read(event({ type: 'payment_intent.succeeded' }, { ...intent, currency: 'isk', amount_received: 550 }))).to.deep.equal(
        unreadable('no-such-amount'),
      )
      expect(await read(Buffer.alloc(300 * 1024, 'x'))).to.deep.equal(unreadable('too-large'))
    })
    it('give the same item each time they are read', async () => {
      const text = event({ type: 'payment_intent.succeeded' }, intent)
      expect(await read(text)).to.deep.equal(await read(text))
    })
  })

  describe('come', () => {
    it('until somebody takes them', async () => {
      door.status = 500
      await register()
      await keepOne()
      await door.has(3)
      door.status = 200
      const count = door.calls.length
      const calls = await door.has(count + 1)
      expect(new Set(calls.map(({ body }) => body.toString('utf8'))).size, 'the same bytes each time').to.equal(1)
      expect(new Set(await Promise.all(calls.map(async (call) => verdict(call))))).to.deep.equal(new Set(['genuine']))
    })
    it('twice, and in any order, where the test wants it', async () => {
      const asked = await refundOf(sim)
      await register({ duplicates: 1, order: 'reversed', delayMs: 150 })
      await refund.call(asked, contextOf(sim))
      const types = (await factsOf(await door.has(4))).map(({ type }) => type)
      expect(types).to.deep.equal(['charge.refunded', 'refund.created', 'charge.refunded', 'refund.created'])
    })
    it('again byte for byte from somebody who listened, and are too old then', async () => {
      await register()
      await keepOne()
      const [first] = (await door.has(1)) as [Call]
      const { events } = (await sim.control('GET', '/_sim/webhooks')) as { events: { id: string }[] }
      expect(await sim.control('POST', '/_sim/webhooks/again', { id: events[0]?.id, exact: true })).to.deep.equal({ status: 200 })
      const replayed = (await door.has(2))[1] as Call
      expect([replayed.body.equals(first.body), replayed.headers['stripe-signature']]).to.deep.equal([true, first.headers['stripe-signature']])
      expect(verdict(replayed, { webhookSecret: secret }, new Date(sentMsOf(first) + 301_000))).to.equal('too-old')
    })
  })
})
