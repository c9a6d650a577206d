import { randomUUID } from 'node:crypto'

import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { Till } from './money-testing.ts'

describe('db/billing, money that comes twice or goes back', () => {
  let hub: TestHub
  let till: Till
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  beforeEach(async () => {
    till = await new Till(hub).open()
  })

  describe('a charge that takes the money after it was called declined', () => {
    const succeeds = (chargeId: string) =>
      till.fact('payment-intent', `pi_${chargeId}`, 'payment_intent.succeeded', { ours: { paymentId: null, chargeId, refundId: null }, amountMinor: 2500 })
    const twice = async (id: string) => {
      const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 100 })
      return items.filter(({ about, kind }) => about.id === id && kind === 'charged-twice').length
    }
    const states = async () => (await till.view())?.charges.map(({ status }) => status).sort()
    beforeEach(async () => {
      await till.record({})
      await till.told()
    })

    it('calls off the try that waits, and is charged once', async () => {
      const id = randomUUID()
      await till.charge(2500, id)
      await till.declined(id, 'later')
      expect(await states()).to.deep.equal(['declined', 'scheduled'])
      await succeeds(id)
      expect(await states()).to.deep.equal(['canceled', 'succeeded'])
      expect(await till.dues(till.at(60 * 24 * 30))).to.include({ charges: 0 })
      expect(await twice(id)).to.equal(0)
      expect(await till.charge(), 'it is paid').to.equal('charged-already')
    })

    it('stands beside the one that was begun meanwhile: a person is told, and either can be given back', async () => {
      const id = randomUUID()
      await till.charge(2500, id)
      await till.declined(id, 'new-method')
      const second = await till.charged()
      await succeeds(id)
      expect(await states()).to.deep.equal(['succeeded', 'succeeded'])
      expect(await twice(id)).to.equal(1)
      expect(await till.charge()).to.equal('charged-already')
      expect([await till.refund(id, 2500), await till.refund(second, 2500)]).to.deep.equal(['begun', 'begun'])
    })

    it('holds the place when the one beside it is declined: nobody is charged a third time', async () => {
      const [id, second] = [randomUUID(), randomUUID()]
      await till.charge(2500, id)
      await till.declined(id, 'new-method')
      await till.charge(2500, second)
      await succeeds(id)
      await till.declined(second, 'later')
      expect(await states()).to.deep.equal(['declined', 'succeeded'])
      expect(await till.charge()).to.equal('charged-already')
    })

    it('comes again on day 3 also when the webhook was faster than our answer', async () => {
      const id = randomUUID()
      await till.charge(2500, id)
      await till.fact('payment-intent', `pi_${id}`, 'payment_intent.payment_failed', { ours: { paymentId: null, chargeId: id, refundId: null } })
      expect(await states()).to.deep.equal(['declined'])
      await till.declined(id, 'later')
      expect(await states()).to.deep.equal(['declined', 'scheduled'])
    })

    it('is not tried again for a visit that was called off', async () => {
      const id = randomUUID()
      await till.charge(2500, id)
      await till.declined(id, 'later')
      const wish = { change: 'cancelled', reason: 'patient-asked' } as const
      expect((await hub.api.stores.visits.change(hub.tenantId, till.link.visitId, 1, wish, 'user:desk', hub.now)).is).to.equal('changed')
      expect(await states(), 'at once, not on its day').to.deep.equal(['canceled', 'declined'])
      expect((await till.told()).map(({ type }) => type)).to.include('charge.changed.v1')
      await till.dues(till.at(60 * 24 * 30))
      expect(await states()).to.deep.equal(['canceled', 'declined'])
    })
  })

  describe('a refund', () => {
    let chargeId = ''
    beforeEach(async () => {
      await till.record({})
      chargeId = await till.charged()
      await till.told()
    })

    it('may be several, in all never more than the charge, also when everybody clicks at once', async () => {
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => till.refund(chargeId, 1000)))
      expect(outcomes.filter((one) => one === 'begun')).to.have.length(2)
      expect(outcomes.filter((one) => one === 'too-much')).to.have.length(4)
      expect(await till.refund(chargeId, 500)).to.equal('begun')
      expect((await till.view())?.charges[0]?.refundableMinor).to.equal(0)
      expect((await till.told()).map(({ payload }) => payload.amountMinor)).to.have.members([1000, 1000, 500])
    })

    it('is one for one click, and only of what was charged', async () => {
      const id = randomUUID()
      expect([await till.refund(chargeId, 100, id), await till.refund(chargeId, 100, id), await till.refund(chargeId, 200, id)]).to.deep.equal([
        'begun',
        'again',
        'conflict',
      ])
      const other = await new Till(hub).open()
      await other.record({})
      const open = randomUUID()
      await other.charge(500, open)
      expect(await other.refund(open, 100)).to.equal('not-charged')
    })

    it('that fails days later is money of the clinic again, and an incident for a person', async () => {
      const id = randomUUID()
      await till.refund(chargeId, 2500, id)
      await till.apply('billing.record-refund', { is: 'refunded', refundId: id, refunded: { status: 'succeeded', partnerRefundId: `re_${id}` } })
      expect((await till.view())?.charges[0]?.refundableMinor).to.equal(0)
      const about = { ours: { paymentId: null, chargeId, refundId: id }, amountMinor: 2500, status: 'failed', code: 'lost_or_stolen_card' }
      await till.fact('refund', `re_${id}`, 'refund.failed', about)
      expect((await till.view())?.charges[0]).to.deep.include({ refundableMinor: 2500 })
      const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 50 })
      expect(items.filter(({ about: of }) => of.id === id).map(({ kind }) => kind)).to.deep.equal(['refund-failed'])
      await till.fact('refund', `re_${id}`, 'refund.updated', { ...about, status: 'succeeded', at: till.at(0).toISOString() })
      expect((await till.view())?.charges[0]?.refunds[0]?.status, 'an older fact takes nothing back').to.equal('failed')
    })

    it('that was called refused and went through all the same counts, and is not given twice', async () => {
      const id = randomUUID()
      await till.refund(chargeId, 2000, id)
      await till.apply('billing.record-refund', { is: 'refused', refundId: id, refused: { code: 'by-hand', partnerRefundId: null } })
      expect((await till.view())?.charges[0]?.refundableMinor).to.equal(2500)
      await till.fact('refund', `re_${id}`, 'refund.updated', { status: 'succeeded', amountMinor: 2000, ours: { paymentId: null, chargeId, refundId: id } })
      expect((await till.view())?.charges[0]?.refundableMinor).to.equal(500)
      expect(await till.refund(chargeId, 501)).to.equal('too-much')
    })

    it('that somebody made at the partner counts against the charge like ours', async () => {
      const about = { intentId: `pi_${chargeId}`, amountMinor: 2000, status: 'succeeded' }
      await till.fact('refund', 're_by_hand', 'refund.created', about)
      await till.fact('refund', 're_by_hand', 'refund.updated', about)
      expect((await till.view())?.charges[0]).to.deep.include({ refundableMinor: 500 })
      expect(await till.refund(chargeId, 1000)).to.equal('too-much')
      expect((await till.view())?.charges[0]?.refunds.map(({ reason, status }) => [reason, status])).to.deep.equal([['at-the-partner', 'succeeded']])
    })
  })
})
