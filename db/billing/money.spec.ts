import { randomUUID } from 'node:crypto'
import { type PaymentFact, planTerms } from '@heliox/core/billing'
import { type Envelope, sha256Hex } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

/** A desk over the real stores: what the API does, what the partner answered, and what webhooks tell. */
class Till {
  readonly hub: TestHub
  link!: LinkFacts
  patientId = ''
  paymentId = ''
  constructor(hub: TestHub) {
    this.hub = hub
  }
  get intakeId(): string {
    return this.link.intakeId
  }
  at(minutes: number): Date {
    return new Date(this.hub.now.getTime() + minutes * 60_000)
  }
  async apply(name: string, input: unknown, now = this.hub.now): Promise<void> {
    const id = randomUUID()
    const envelope: Envelope = {
      ...{ id, rootId: id, type: 'x', contract: 'x', tenantId: this.hub.tenantId, region: 'us-east', aggregateType: 'x', aggregateId: id },
      ...{ aggregateVersion: 1, intakeId: null, occurredAt: now.toISOString(), process: 'engine-1', traceparent: null, attempt: 1, payload: {} },
    }
    await this.hub.engine.stores.applies.apply(name, input, { envelope, flow: 'f', version: 1, step: name, process: 'engine-1', now })
  }
  async open(): Promise<this> {
    const { envelope, link } = await submittedIntake(this.hub)
    this.link = { ...link, status: 'submitted' }
    await drainAll(this.hub, 'billing')
    await this.apply('billing.open-payment', { ...(envelope.payload as object), confirmationTokenId: 'ctoken_12345678' })
    const [asked] = await this.told()
    this.paymentId = asked?.payload.paymentId as string
    this.patientId = asked?.payload.patientId as string
    return this
  }
  async told(): Promise<{ type: string; payload: Record<string, unknown> }[]> {
    const rows = await drainAll(this.hub, 'billing', this.at(60 * 24 * 400))
    return rows
      .filter(({ envelope }) => !this.link || envelope.intakeId === this.intakeId)
      .map(({ envelope }) => ({ type: envelope.type, payload: envelope.payload as Record<string, unknown> }))
  }
  record(over: object): Promise<void> {
    const base = { status: 'stored', intent: { kind: 'setup', id: `seti_${this.paymentId}` }, customerId: 'cus_1', paymentMethodId: 'pm_1', method: 'card' }
    return this.apply('billing.record-method', { paymentId: this.paymentId, ...base, actionUrl: null, heldUntil: null, code: null, ...over })
  }
  fact(kind: PaymentFact['object']['kind'], id: string, type: string, over: Partial<PaymentFact> = {}): Promise<void> {
    const ours = { paymentId: null, chargeId: null, refundId: null }
    const fact = {
      ...{ is: 'fact', eventId: `evt_${randomUUID()}`, type, at: this.at(1).toISOString(), object: { kind, id }, intentId: null, ours },
      ...{ status: null, code: null, amountMinor: null, customerId: 'cus_1', paymentMethodId: 'pm_1', captureBefore: null, ...over },
    }
    const received = { itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: this.at(2).toISOString(), item: fact }
    return this.apply('billing.record-payment-fact', received, this.at(2))
  }
  async method(): Promise<{ status: string; code: string | null; onFile: number; held: Date | null; check: Date | null }> {
    const { rows } = await this.hub.owner.query(
      `SELECT p.status::text AS status, p.code, p.held_until AS held, p.check_at AS "check",
         (SELECT count(*)::int FROM billing.payment_methods m WHERE m.payment_id = p.id) AS "onFile" FROM billing.payments p WHERE p.id = $1`,
      [this.paymentId],
    )
    return rows[0]
  }
  view() {
    return this.hub.api.stores.payments.view(this.hub.tenantId, this.intakeId)
  }
  charge(amountMinor = 2500, id = randomUUID(), now = this.hub.now) {
    return this.hub.api.stores.payments.charge(this.hub.tenantId, { id, intakeId: this.intakeId, amountMinor }, 'user:desk', now)
  }
  async charged(amountMinor = 2500): Promise<string> {
    const id = randomUUID()
    expect(await this.charge(amountMinor, id)).to.equal('begun')
    await this.apply('billing.record-charge', { is: 'charged', chargeId: id, charged: { status: 'succeeded', paymentIntentId: `pi_${id}`, amountMinor } })
    return id
  }
  declined(chargeId: string, next: string, now = this.hub.now) {
    const declined = { code: 'card_declined', declineCode: 'insufficient_funds', next, paymentIntentId: `pi_${chargeId}` }
    return this.apply('billing.record-charge', { is: 'declined', chargeId, declined }, now)
  }
  refund(chargeId: string, amountMinor: number, id = randomUUID()) {
    const wish = { id, chargeId, amountMinor, reason: 'charged-too-much' as const }
    return this.hub.api.stores.payments.refund(this.hub.tenantId, wish, 'user:desk', this.hub.now)
  }
  async dues(now: Date): Promise<{ charges: number; instalments: number; checks: number }> {
    return this.hub.engine.stores.dues.begin(this.hub.tenantId, { process: 'engine-1', now })
  }
}

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
      expect((await hub.api.stores.payments.ofPatient(till.link)).confirm).to.equal(true)
      expect(await hub.api.stores.payments.confirmationUrl(till.link, hub.now)).to.equal('https://bank.example/3ds?secret=abc')
      const { rows } = await hub.owner.query(
        `SELECT p::text AS p, (SELECT string_agg(o::text, '') FROM billing.outbox o) AS o FROM billing.payments p WHERE id = $1`,
        [till.paymentId],
      )
      expect(JSON.stringify(rows)).to.not.include('bank.example')
      await setup('setup_intent.succeeded')
      expect(await till.method()).to.deep.include({ status: 'stored', onFile: 1 })
      expect((await hub.api.stores.payments.ofPatient(till.link)).confirm, 'nothing is left to confirm').to.equal(false)
      expect(await hub.api.stores.payments.confirmationUrl(till.link, hub.now)).to.equal(undefined)
    })

    it('is on file by a webhook that overtakes our own answer; the late answer takes nothing back', async () => {
      await setup('setup_intent.succeeded')
      await till.record({ status: 'needs-you', paymentMethodId: null, actionUrl: 'https://bank.example/3ds' })
      expect(await till.method()).to.deep.include({ status: 'stored', onFile: 1 })
      expect((await till.told()).map(({ type }) => type)).to.deep.equal(['payment.succeeded.v1'])
      expect((await hub.api.stores.payments.ofPatient(till.link)).confirm).to.equal(false)
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

    it('that was held is given back by the bank’s word, and that is no decline', async () => {
      const intent = { kind: 'payment', id: 'pi_hold' }
      await till.record({ intent, heldUntil: till.at(600).toISOString() })
      expect((await till.method()).held?.toISOString()).to.equal(till.at(600).toISOString())
      expect((await till.method()).check, 'asked again until it is given back').to.not.equal(null)
      await till.fact('payment-intent', 'pi_hold', 'payment_intent.canceled', { ours: { paymentId: till.paymentId, chargeId: null, refundId: null } })
      expect(await till.method()).to.deep.include({ status: 'stored', held: null, check: null })
    })
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

    for (const next of ['new-method', 'patient-confirms', 'stop']) {
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

    it('that somebody made at the partner counts against the charge like ours', async () => {
      const about = { intentId: `pi_${chargeId}`, amountMinor: 2000, status: 'succeeded' }
      await till.fact('refund', 're_by_hand', 'refund.created', about)
      await till.fact('refund', 're_by_hand', 'refund.updated', about)
      expect((await till.view())?.charges[0]).to.deep.include({ refundableMinor: 500 })
      expect(await till.refund(chargeId, 1000)).to.equal('too-much')
      expect((await till.view())?.charges[0]?.refunds.map(({ reason, status }) => [reason, status])).to.deep.equal([['at-the-partner', 'succeeded']])
    })
  })

  describe('a plan', () => {
    const instalments = [
      { dueOn: '2026-03-02', amountMinor: 5000 },
      { dueOn: '2026-04-02', amountMinor: 2500 },
    ]
    const propose = (id = randomUUID(), of: readonly { dueOn: string; amountMinor: number }[] = instalments) =>
      hub.api.stores.payments.proposePlan(hub.tenantId, { id, intakeId: till.intakeId, instalments: of }, 'America/Chicago', 'user:desk', hub.now)
    const termsOf = async (): Promise<{ planId: string; termsSha256: string; language: string }> => {
      const { plan } = await hub.api.stores.payments.ofPatient(till.link)
      if (!plan) throw new Error('no plan is proposed')
      return { planId: plan.id, termsSha256: sha256Hex(planTerms(plan, 'Lakeside Clinic', 'en').join('\n')), language: 'en' }
    }
    const agree = async () => hub.api.stores.payments.agreePlan(till.link, await termsOf(), hub.now)
    // Nine in the morning in Chicago; the clocks change there between the two.
    const [firstDue, secondDue] = [new Date('2026-03-02T15:00:00Z'), new Date('2026-04-02T14:00:00Z')]
    beforeEach(async () => {
      await till.record({})
      await till.told()
    })

    it('charges nothing before the patient agrees, then each amount on its day, at nine in the clinic, once', async () => {
      await propose()
      expect(await till.dues(new Date('2027-01-01T00:00:00Z'))).to.include({ charges: 0, instalments: 0 })
      expect(await agree()).to.equal('agreed')
      expect((await till.dues(new Date(firstDue.getTime() - 1))).instalments).to.equal(0)
      const both = await Promise.all([till.dues(firstDue), till.dues(firstDue)])
      expect(both.reduce((sum, one) => sum + one.instalments, 0)).to.equal(1)
      expect((await till.dues(secondDue)).instalments).to.equal(1)
      expect((await till.dues(new Date('2027-01-01T00:00:00Z'))).instalments).to.equal(0)
      expect((await till.told()).map(({ payload }) => [payload.purpose, payload.amountMinor])).to.deep.equal([
        ['instalment', 5000],
        ['instalment', 2500],
      ])
    })

    it('is agreed to by its own words alone', async () => {
      await propose()
      const shown = await termsOf()
      expect(await hub.api.stores.payments.agreePlan(till.link, { ...shown, termsSha256: '0'.repeat(64) }, hub.now)).to.equal('changed-meanwhile')
      await propose(randomUUID(), [{ dueOn: '2026-03-02', amountMinor: 9900 }])
      expect(await hub.api.stores.payments.agreePlan(till.link, shown, hub.now), 'another plan took its place').to.equal('not-found')
      expect((await till.dues(new Date('2027-01-01T00:00:00Z'))).instalments).to.equal(0)
    })

    it('that replaces another begins when the patient agrees; until then the old one goes on, and never both', async () => {
      await propose()
      await agree()
      await propose(randomUUID(), [{ dueOn: '2026-03-02', amountMinor: 1000 }])
      expect((await till.dues(firstDue)).instalments).to.equal(1)
      expect((await till.told()).map(({ payload }) => payload.amountMinor)).to.deep.equal([5000])
      expect(await agree()).to.equal('agreed')
      expect((await till.dues(new Date('2027-01-01T00:00:00Z'))).instalments).to.equal(1)
      expect((await till.told()).map(({ payload }) => payload.amountMinor)).to.deep.equal([1000])
    })

    it('tells our team of an instalment that no method is left for, once for all of a plan, and does not charge it later out of the blue', async () => {
      const planId = randomUUID()
      await propose(planId)
      await agree()
      await hub.owner.query(`UPDATE billing.payments SET status = 'declined' WHERE id = $1`, [till.paymentId])
      const told = async () => {
        const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 100 })
        return items.filter(({ about }) => about.id === planId).map(({ kind, about, count }) => [kind, about.is, count])
      }
      expect(await till.dues(new Date(firstDue.getTime() - 1))).to.include({ instalments: 0 })
      expect(await told()).to.deep.equal([])
      expect(await till.dues(firstDue)).to.include({ instalments: 0 })
      expect(await told()).to.deep.equal([['instalment-not-charged', 'plan', 1]])
      expect(await till.dues(secondDue)).to.include({ instalments: 0 })
      expect(await told()).to.deep.equal([['instalment-not-charged', 'plan', 2]])
      await hub.owner.query(`UPDATE billing.payments SET status = 'stored' WHERE id = $1`, [till.paymentId])
      expect(await till.dues(new Date('2027-01-01T00:00:00Z'))).to.include({ instalments: 0 })
      expect(await till.told()).to.deep.equal([])
    })

    it('that ended charges nothing more, not even another try of what was declined', async () => {
      const planId = randomUUID()
      await propose(planId)
      await agree()
      await till.dues(firstDue)
      const [first] = await till.told()
      await till.declined(first?.payload.chargeId as string, 'later', firstDue)
      expect(await hub.api.stores.payments.endPlan(hub.tenantId, planId, 'user:desk', firstDue)).to.equal('ended')
      expect(await till.dues(new Date('2027-01-01T00:00:00Z'))).to.include({ charges: 0, instalments: 0 })
      expect((await till.view())?.plans[0]).to.deep.include({ status: 'ended' })
    })
  })
})
