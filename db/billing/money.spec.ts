import { randomUUID } from 'node:crypto'
import type { PaymentFact } from '@heliox/core/billing'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { Till } from './money-testing.ts'

const storedAs = (paymentId: string) => ({
  ...{ paymentId, status: 'stored', customerId: 'cus_1', paymentMethodId: 'pm_1', method: 'card', actionUrl: null, code: null },
})

describe('db/billing, money', () => {
  let hub: TestHub
  let till: Till
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  beforeEach(async () => {
    till = await new Till(hub).open()
  })
  const setup = (type: string, over: Partial<PaymentFact> = {}) =>
    till.fact('setup-intent', `seti_${till.paymentId}`, type, { ours: { paymentId: till.paymentId, chargeId: null, refundId: null }, ...over })

  describe('a method', () => {
    it('is on file by our answer, and tells it once', async () => {
      await till.record({})
      expect(await till.method()).to.deep.include({ status: 'stored', onFile: 1, check: null })
      expect((await till.told()).map(({ type }) => type)).to.deep.equal(['payment.succeeded.v1'])
      await setup('setup_intent.succeeded')
      expect(await till.told(), 'the webhook says the same').to.deep.equal([])
    })

    it('waits for the patient, whose own page leads to the bank, sealed and opened for them alone', async () => {
      await till.record({ status: 'needs-you', paymentMethodId: null, actionUrl: 'https://bank.example/3ds?secret=abc' })
      expect((await hub.api.stores.payments.ofPatient(till.link, hub.now)).confirm).to.equal(true)
      expect(await hub.api.stores.payments.confirmationUrl(till.link, hub.now)).to.equal('https://bank.example/3ds?secret=abc')
      const { rows } = await hub.owner.query(
        `SELECT p::text AS p, (SELECT string_agg(o::text, '') FROM billing.outbox o) AS o FROM billing.payments p WHERE id = $1`,
        [till.paymentId],
      )
      expect(JSON.stringify(rows)).to.not.include('bank.example')
      await setup('setup_intent.succeeded')
      expect(await till.method()).to.deep.include({ status: 'stored', onFile: 1 })
      expect((await hub.api.stores.payments.ofPatient(till.link, hub.now)).confirm, 'nothing is left to confirm').to.equal(false)
      expect(await hub.api.stores.payments.confirmationUrl(till.link, hub.now)).to.equal(undefined)
    })

    it('is on file by a webhook that overtakes our own answer; the late answer takes nothing back', async () => {
      await setup('setup_intent.succeeded')
      await till.record({ status: 'needs-you', paymentMethodId: null, actionUrl: 'https://bank.example/3ds' })
      expect(await till.method()).to.deep.include({ status: 'stored', onFile: 1 })
      expect((await till.told()).map(({ type }) => type)).to.deep.equal(['payment.succeeded.v1'])
      expect((await hub.api.stores.payments.ofPatient(till.link, hub.now)).confirm).to.equal(false)
    })

    it('is asked about, farther and farther apart, when nobody tells the end', async () => {
      await till.record({ status: 'needs-you', paymentMethodId: null })
      await till.told()
      expect((await till.dues(till.at(4))).checks).to.equal(0)
      expect((await till.dues(till.at(6))).checks).to.equal(1)
      expect((await till.dues(till.at(7))).checks).to.equal(0)
      expect((await till.dues(till.at(30))).checks).to.equal(1)
      const asked = (await till.told()).map(({ type, payload }) => [type, (payload.intent as { id: string }).id])
      expect(asked).to.deep.equal(Array(2).fill(['payment.check-due.v1', `seti_${till.paymentId}`]))
    })

    it('whose held unit could not be given back is looked at daily until the hold ends, and then no more', async () => {
      const endsAt = till.at(10 * 24 * 60)
      await till.record({ intent: { kind: 'payment', id: 'pi_long' }, heldUntil: endsAt.toISOString() })
      await hub.owner.query('UPDATE billing.payments SET check_at = NULL WHERE id <> $1', [till.paymentId])
      const looks: Date[] = []
      for (let next = (await till.method()).check; next && looks.length < 30; next = (await till.method()).check) {
        expect((await till.dues(next)).checks).to.equal(1)
        looks.push(next)
      }
      const last = looks.at(-1)?.getTime() ?? 0
      expect(last).to.be.within(endsAt.getTime(), endsAt.getTime() + 24 * 60 * 60_000)
      expect(looks).to.have.length.within(12, 16)
    })

    it('whose held unit outlasts two looks is an incident, which goes when it is given back', async () => {
      const told = async (status: 'open' | 'resolved') =>
        (await hub.api.stores.incidents.list(hub.tenantId, { status, limit: 100 })).items
          .filter(({ about }) => about.id === till.paymentId)
          .map(({ kind, count, reason }) => [kind, count, reason])
      const held = { intent: { kind: 'payment', id: 'pi_kept' }, heldUntil: till.at(600).toISOString() }
      await till.record(held)
      await hub.owner.query('UPDATE billing.payments SET check_at = NULL WHERE id <> $1', [till.paymentId])
      for (const minutes of [6, 22]) {
        expect((await till.dues(till.at(minutes))).checks).to.equal(1)
        await till.apply('billing.record-method', { ...storedAs(till.paymentId), ...held }, till.at(minutes))
        expect(await told('open'), `after ${minutes} minutes`).to.deep.equal([])
      }
      for (const minutes of [90, 400]) {
        expect((await till.dues(till.at(minutes))).checks).to.equal(1)
        expect(await told('open')).to.deep.equal([['hold-not-given-back', 1, null]])
      }
      await till.apply('billing.record-method', { ...storedAs(till.paymentId), ...held, heldUntil: null }, till.at(401))
      expect(await told('open')).to.deep.equal([])
      expect(await told('resolved')).to.deep.equal([['hold-not-given-back', 1, 'went-away']])
    })

    it('that was held is given back by the bank’s word, and that is no decline', async () => {
      const intent = { kind: 'payment', id: 'pi_hold' }
      await till.record({ intent, heldUntil: till.at(600).toISOString() })
      expect((await till.method()).held?.toISOString()).to.equal(till.at(600).toISOString())
      expect((await till.method()).check, 'asked again until it is given back').to.not.equal(null)
      await till.fact('payment-intent', 'pi_hold', 'payment_intent.canceled', { ours: { paymentId: till.paymentId, chargeId: null, refundId: null } })
      expect(await till.method()).to.deep.include({ status: 'stored', held: null, check: null })
    })
  })

  it('tells our team of a signed webhook that nobody could read', async () => {
    const fileId = randomUUID()
    const item = { is: 'unreadable', code: 'not-as-promised' }
    await till.apply('billing.record-payment-fact', { itemId: randomUUID(), fileId, index: 0, receivedAt: till.at(2).toISOString(), item })
    const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 100 })
    expect(items.filter(({ about }) => about.id === fileId).map(({ kind, partner }) => [kind, partner])).to.deep.equal([['unreadable-file', 'stripe']])
  })

  describe('a charge', () => {
    beforeEach(() => till.record({}))

    it('is one for one click and for one copay, whoever clicks', async () => {
      await till.told()
      const id = randomUUID()
      expect(await till.charge(2500, id)).to.equal('begun')
      expect(await till.charge(2500, id)).to.equal('again')
      expect(await till.charge(9900, id)).to.equal('conflict')
      const many = await Promise.all(Array.from({ length: 8 }, () => till.charge(2500)))
      expect(many).to.deep.equal(Array(8).fill('charged-already'))
      const told = await till.told()
      expect(told).to.have.length(1)
      expect(told[0]?.payload).to.include({ chargeId: id, amountMinor: 2500, currency: 'USD', customerId: 'cus_1', paymentMethodId: 'pm_1', purpose: 'copay' })
    })

    it('needs a method on file', async () => {
      const other = await new Till(hub).open()
      expect(await other.charge()).to.equal('no-method')
    })

    it('without money comes again on day 3 and day 7, then never by itself', async () => {
      const first = randomUUID()
      await till.charge(2500, first)
      await till.declined(first, 'later')
      expect(await till.charge(2500), 'the next try stands for it').to.equal('charged-already')
      const days = (n: number): Date => till.at(n * 24 * 60)
      expect((await till.dues(new Date(days(3).getTime() - 1))).charges).to.equal(0)
      await till.told()
      expect((await till.dues(days(3))).charges).to.equal(1)
      expect((await till.dues(days(3))).charges, 'once').to.equal(0)
      const [second] = await till.told()
      expect(second?.payload.chargeId).to.not.equal(first)
      await till.declined(second?.payload.chargeId as string, 'later', days(3))
      await till.told()
      expect((await till.dues(days(7))).charges).to.equal(1)
      const [third] = await till.told()
      await till.declined(third?.payload.chargeId as string, 'later', days(7))
      expect((await till.dues(days(300))).charges).to.equal(0)
      expect((await till.view())?.charges.map(({ attempt, status }) => [attempt, status])).to.deep.equal([
        [3, 'declined'],
        [2, 'declined'],
        [1, 'declined'],
      ])
    })

    for (const next of ['new-method', 'stop']) {
      it(`that was declined with ${next} is not tried again by itself, and staff may begin another`, async () => {
        const id = randomUUID()
        await till.charge(2500, id)
        await till.declined(id, next)
        expect((await till.dues(till.at(60 * 24 * 30))).charges).to.equal(0)
        expect((await till.view())?.charges[0]).to.deep.include({ status: 'declined', next, code: 'insufficient_funds' })
        expect(await till.charge(2500)).to.equal('begun')
      })
    }

    it('that succeeded stays so, whatever older or doubled facts come after', async () => {
      const id = randomUUID()
      await till.charge(2500, id)
      const about = { ours: { paymentId: null, chargeId: id, refundId: null } }
      await till.fact('payment-intent', `pi_${id}`, 'payment_intent.succeeded', { ...about, at: till.at(9).toISOString() })
      await till.fact('payment-intent', `pi_${id}`, 'payment_intent.processing', { ...about, at: till.at(10).toISOString() })
      await till.fact('payment-intent', `pi_${id}`, 'payment_intent.payment_failed', { ...about, at: till.at(11).toISOString() })
      await till.declined(id, 'later')
      expect((await till.view())?.charges.map(({ status }) => status)).to.deep.equal(['succeeded'])
    })
  })
})
