import { randomUUID } from 'node:crypto'
import type { CancelReason } from '@heliox/core/clinical'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { Till } from './money-testing.ts'

const minutesOfDay = 60 * 24
describe('db/billing, what is asked of a patient', function () {
  this.timeout(120_000)
  let hub: TestHub
  let till: Till
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub?.close())
  beforeEach(async () => {
    till = await new Till(hub).open()
    await till.record({})
    await till.told()
  })
  const { randomUUID: id } = { randomUUID }
  const bank = 'https://bank.example/3ds?secret=abc'
  const payments = () => hub.api.stores.payments
  const ofPatient = (minutes = 0) => payments().ofPatient(till.link, till.at(minutes))
  const states = async () => (await till.view())?.charges.map(({ status }) => status)
  const typesTold = async () => (await till.told()).map(({ type }) => type)
  const stop = (chargeId: string) => payments().stopCharge(hub.tenantId, chargeId, 'user:desk', hub.now)
  const cancelVisit = () =>
    hub.api.stores.visits.change(hub.tenantId, till.link.visitId, 1, { change: 'cancelled', reason: 'patient-asked' as CancelReason }, 'user:desk', hub.now)
  const audits = async (action: string) =>
    (await hub.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM compliance.audit_logs WHERE tenant_id = $1 AND action = $2', [hub.tenantId, action]))
      .rows[0]?.n ?? 0

  /** Declined without the patient; the try with them was begun. */
  async function asked(): Promise<string> {
    const first = id()
    await till.charge(2500, first)
    await till.declined(first, 'patient-confirms')
    await till.told()
    expect((await till.dues(hub.now)).charges).to.equal(1)
    const [due] = await till.told()
    expect([due?.type, due?.payload.amountMinor]).to.deep.equal(['charge.page-due.v1', 2500])
    expect(due?.payload.chargeId).to.not.equal(first)
    return due?.payload.chargeId as string
  }
  const seen = (chargeId: string, status: string, minutes = 0) => {
    const answer = { status, paymentIntentId: `pi_${chargeId}`, amountMinor: 2500, actionUrl: status === 'requires-action' ? bank : null }
    return till.apply('billing.record-charge-seen', { is: 'seen', chargeId, seen: answer }, till.at(minutes))
  }
  const ended = (chargeId: string, code: string, next = 'new-method') =>
    till.apply('billing.record-charge-seen', { is: 'declined', chargeId, declined: { code, declineCode: null, next, paymentIntentId: `pi_${chargeId}` } })
  const waiting = async (): Promise<string> => {
    const chargeId = await asked()
    await seen(chargeId, 'requires-action')
    await till.told()
    return chargeId
  }
  const succeeded = (chargeId: string) =>
    till.fact('payment-intent', `pi_${chargeId}`, 'payment_intent.succeeded', { ours: { paymentId: null, chargeId, refundId: null } })

  describe('a charge that their bank wants confirmed', () => {
    it('leads to the bank’s page, and is charged once, however often and by whomever that is told', async () => {
      const chargeId = await waiting()
      const { charge } = await ofPatient()
      expect(charge).to.deep.equal({ amountMinor: 2500, currency: 'USD', until: till.at(7 * minutesOfDay).toISOString() })
      expect(await payments().chargeUrl(till.link, hub.now)).to.equal(bank)
      expect((await till.view())?.charges[0]).to.include({ status: 'needs-you', withPatient: true, stopping: false })
      expect(await till.charge(2500), 'nobody charges beside it').to.equal('charged-already')
      await Promise.all([succeeded(chargeId), succeeded(chargeId), seen(chargeId, 'succeeded')])
      await seen(chargeId, 'requires-action')
      expect(await states()).to.deep.equal(['succeeded', 'declined'])
      expect((await typesTold()).filter((type) => type === 'charge.changed.v1')).to.have.length(1)
      expect((await ofPatient()).charge).to.equal(null)
      expect(await payments().chargeUrl(till.link, hub.now)).to.equal(undefined)
      expect(await till.dues(till.at(30 * minutesOfDay))).to.include({ charges: 0, chargeChecks: 0 })
    })
    it('is asked about when no webhook tells, and ends after seven days', async () => {
      await waiting()
      const asks = async (minutes: number) => {
        const { chargeChecks } = await till.dues(till.at(minutes))
        return [chargeChecks, ...(await till.told()).map(({ payload }) => payload.giveUp)]
      }
      expect(await asks(4)).to.deep.equal([0])
      expect(await asks(6)).to.deep.equal([1, false])
      expect(await asks(7)).to.deep.equal([0])
      expect(await asks(22)).to.deep.equal([1, false])
      expect(await asks(7 * minutesOfDay - 1)).to.deep.equal([1, false])
      expect(await asks(7 * minutesOfDay)).to.deep.equal([1, true])
      expect((await ofPatient()).charge, 'nobody confirms what is being ended').to.equal(null)
    })
    it('that failed with the patient too asks nobody again by itself, and staff may begin another', async () => {
      const chargeId = await waiting()
      await ended(chargeId, 'payment_intent_authentication_failure', 'patient-confirms')
      expect(await states()).to.deep.equal(['declined', 'declined'])
      expect((await till.dues(till.at(30 * minutesOfDay))).charges).to.equal(0)
      expect(await till.charge(2500)).to.equal('begun')
    })
  })

  describe('stopping', () => {
    it('a later try is one click, audited once, and says when there is nothing to stop', async () => {
      const chargeId = id()
      await till.charge(2500, chargeId)
      expect(await stop(chargeId), 'under way').to.equal('not-waiting')
      await till.declined(chargeId, 'later')
      const [later] = (await till.view())?.charges.filter(({ status }) => status === 'scheduled') ?? []
      const before = await audits('payment.stop')
      expect([await stop(later?.id ?? ''), await stop(later?.id ?? ''), await stop(id())]).to.deep.equal(['stopped', 'again', 'not-found'])
      expect((await audits('payment.stop')) - before).to.equal(1)
      expect(await states()).to.have.members(['declined', 'canceled'])
      expect((await till.dues(till.at(30 * minutesOfDay))).charges).to.equal(0)
      expect(await till.charge(2500), 'the place is free').to.equal('begun')
    })
    it('one that waits for the patient ends at the partner first: who was faster there has paid', async () => {
      const [chargeId, other] = [await waiting(), 'unused']
      expect([await stop(chargeId), await stop(chargeId), other]).to.deep.equal(['stopped', 'again', 'unused'])
      expect(await payments().chargeUrl(till.link, hub.now)).to.equal(undefined)
      expect((await till.view())?.charges[0]).to.include({ status: 'needs-you', stopping: true })
      expect((await till.dues(hub.now)).chargeChecks).to.equal(1)
      expect((await till.told()).map(({ type, payload }) => [type, payload.giveUp])).to.deep.equal([['charge.check-due.v1', true]])
      await succeeded(chargeId)
      expect(await states()).to.deep.equal(['succeeded', 'declined'])
    })
    it('comes with the visit that is cancelled, and nothing new is charged or agreed for it', async () => {
      const chargeId = await waiting()
      expect((await cancelVisit()).is).to.equal('changed')
      expect((await till.dues(hub.now)).chargeChecks).to.equal(1)
      await ended(chargeId, 'canceled')
      expect(await states()).to.deep.equal(['canceled', 'declined'])
      expect(await till.charge(2500)).to.equal('visit-cancelled')
      const plan = { id: id(), intakeId: till.intakeId, instalments: [{ dueOn: '2026-03-02', amountMinor: 5000 }] }
      expect(await payments().proposePlan(hub.tenantId, plan, 'America/Chicago', 'user:desk', hub.now)).to.equal('visit-cancelled')
      expect(await payments().askForMethod(hub.tenantId, { id: id(), intakeId: till.intakeId }, 'user:desk', hub.now)).to.equal('visit-cancelled')
      expect(await ofPatient()).to.include({ confirm: false, plan: null, charge: null, asked: null })
    })
    it('comes also when the bank’s page is there only after the visit was cancelled', async () => {
      const chargeId = await asked()
      await cancelVisit()
      await seen(chargeId, 'requires-action')
      expect((await till.view())?.charges[0]).to.include({ status: 'needs-you', stopping: true })
    })
  })

  describe('taking the authorisation back', () => {
    const page = () => payments().chargeUrl(till.link, hub.now)
    const incidents = async (chargeId: string) =>
      (await hub.owner.query<{ count: number }>(`SELECT count FROM messaging.incidents WHERE kind = 'charged-unwanted' AND about_id = $1`, [chargeId])).rows
    /** What the partner is asked for, and that it is to end it. */
    const ends = async (minutes: number) => {
      await till.dues(till.at(minutes))
      return (await till.told()).filter(({ type }) => type === 'charge.check-due.v1').map(({ payload }) => payload.giveUp)
    }
    it('calls off at once what waits at the bank, asks the partner to end it, and says why it ended', async () => {
      const chargeId = await waiting()
      await till.withdraw('telehealth')
      expect(await page(), 'another consent').to.equal(bank)
      await till.withdraw()
      expect([await page(), (await ofPatient()).charge]).to.deep.equal([undefined, null])
      expect((await till.view())?.charges[0]).to.include({ status: 'needs-you', stopping: true })
      expect(await ends(1)).to.deep.equal([true])
      await ended(chargeId, 'canceled')
      await ended(chargeId, 'canceled')
      expect((await till.view())?.charges[0]).to.include({ status: 'canceled', code: 'authorisation-withdrawn' })
      expect((await till.told()).map(({ type, payload }) => [type, payload.status, payload.code])).to.deep.equal([
        ['charge.changed.v1', 'canceled', 'authorisation-withdrawn'],
      ])
      expect(await incidents(chargeId)).to.deep.equal([])
    })
    it('does the same, in the same commit, where the clinic was told by letter', async () => {
      const chargeId = await waiting()
      const of = { tenantId: hub.tenantId, intakeId: till.intakeId }
      const said = { kind: 'card-authorisation', cameBy: 'letter' } as const
      expect(await hub.api.stores.consents.recordWithdrawal(of, said, 'user:desk', till.at(1))).to.equal('card-authorisation')
      expect([await page(), (await ofPatient()).charge]).to.deep.equal([undefined, null])
      expect((await till.view())?.charges[0]).to.include({ status: 'needs-you', stopping: true })
      expect(await ends(1)).to.deep.equal([true])
      await ended(chargeId, 'canceled')
      expect((await till.view())?.charges[0]).to.include({ status: 'canceled', code: 'authorisation-withdrawn' })
      expect(await till.charge(900)).to.equal('no-authorisation')
    })
    it('says why also where a webhook tells of the end', async () => {
      const chargeId = await waiting()
      await till.withdraw()
      await till.fact('payment-intent', `pi_${chargeId}`, 'payment_intent.canceled', { ours: { paymentId: null, chargeId, refundId: null } })
      expect((await till.view())?.charges[0]).to.include({ status: 'canceled', code: 'authorisation-withdrawn' })
    })
    it('leaves a payment that the patient confirmed a moment before as it is, and tells a person once, whoever says so and however often', async () => {
      for (const by of ['a webhook', 'a look'] as const) {
        till = await new Till(hub).open()
        await till.record({})
        await till.told()
        const chargeId = await waiting()
        await till.withdraw()
        const say = () => (by === 'a webhook' ? succeeded(chargeId) : seen(chargeId, 'succeeded', 2))
        await Promise.all([say(), say()])
        await Promise.all([succeeded(chargeId), seen(chargeId, 'succeeded', 2)])
        expect(await states(), by).to.deep.equal(['succeeded', 'declined'])
        expect(await incidents(chargeId), by).to.deep.equal([{ count: 1 }])
      }
    })
    it('tells nobody of a payment that was taken while it stood, nor of one that staff ended too late', async () => {
      const wanted = await waiting()
      await succeeded(wanted)
      await till.withdraw()
      await seen(wanted, 'succeeded', 2)
      till = await new Till(hub).open()
      await till.record({})
      await till.told()
      const stopped = await waiting()
      await stop(stopped)
      await succeeded(stopped)
      expect([await incidents(wanted), await incidents(stopped)]).to.deep.equal([[], []])
    })
    it('calls off what is on its way to the bank’s page in that moment, whoever is first', async () => {
      for (let round = 0; round < 5; round += 1) {
        till = await new Till(hub).open()
        await till.record({})
        await till.told()
        const chargeId = await asked()
        // Nothing here names the event that asked for the charge: row and authorisation alone must do.
        await Promise.all([seen(chargeId, 'requires-action'), till.withdraw()])
        expect(await page()).to.equal(undefined)
        expect(await ends(round + 6)).to.deep.equal([true])
      }
    })
    it('leaves alone what was asked for under a later authorisation, also when the old click comes once more', async () => {
      const [form] = (await hub.api.stores.consents.given(till.link)).filter(({ text }) => text.kind === 'card-authorisation')
      await till.withdraw()
      await payments().askForMethod(hub.tenantId, { id: id(), intakeId: till.intakeId }, 'user:desk', till.at(2))
      const methodId = id()
      expect(await till.leave(methodId, till.at(3))).to.equal('offered')
      await till.apply('billing.record-method', {
        ...{ paymentId: methodId, status: 'stored', intent: { kind: 'setup', id: `seti_${methodId}` }, customerId: 'cus_2', paymentMethodId: 'pm_2' },
        ...{ method: 'card', actionUrl: null, heldUntil: null, code: null },
      })
      await till.told()
      const first = id()
      expect(await till.charge(2500, first, till.at(4))).to.equal('begun')
      await till.declined(first, 'patient-confirms', till.at(4))
      await till.told()
      await till.dues(till.at(4))
      const [due] = await till.told()
      await seen(due?.payload.chargeId as string, 'requires-action', 5)
      expect(await page()).to.equal(bank)
      expect(await hub.api.stores.consents.withdraw(till.link, form?.id ?? '', till.at(6)), 'a late repeat').to.equal('card-authorisation')
      expect(await page()).to.equal(bank)
      await till.withdraw('card-authorisation', till.at(7))
      expect(await page()).to.equal(undefined)
    })
    it('ends at its next look what waited since an earlier withdrawal', async () => {
      const chargeId = await waiting()
      await till.withdraw()
      await hub.owner.query('UPDATE billing.charges SET giving_up = false, check_at = $2 WHERE id = $1', [chargeId, till.at(5)])
      expect(await page()).to.equal(undefined)
      expect(await ends(5)).to.deep.equal([true])
    })
  })

  describe('another card or account', () => {
    const ask = (requestId = id()) => payments().askForMethod(hub.tenantId, { id: requestId, intakeId: till.intakeId }, 'user:desk', hub.now)
    const leave = (methodId = id()) => till.leave(methodId)
    const answer = (paymentId: string, over: object) =>
      till.apply('billing.record-method', {
        ...{ paymentId, intent: { kind: 'setup', id: `seti_${paymentId}` }, customerId: 'cus_2', paymentMethodId: 'pm_2', method: 'card' },
        ...{ actionUrl: null, heldUntil: null, code: null, ...over },
      })
    const chargedTo = async () => {
      const charge = id()
      await till.charge(2500, charge)
      return (await hub.owner.query<{ of: string }>('SELECT payment_method_id AS of FROM billing.charges WHERE id = $1', [charge])).rows[0]?.of
    }

    it('is left only where somebody asks, once for one page, and the old one stays until it is stored', async () => {
      expect(await leave(), 'nobody asked').to.equal('not-asked')
      const before = await audits('method.ask')
      expect([await ask(), await ask()]).to.deep.equal(['asked', 'again'])
      expect((await audits('method.ask')) - before).to.equal(1)
      expect((await ofPatient()).asked).to.deep.equal({ offer: null })
      const methodId = id()
      expect([await leave(methodId), await leave(methodId)]).to.deep.equal(['offered', 'again'])
      expect((await till.told()).map(({ type, payload }) => [type, payload.paymentId])).to.deep.equal([['payment.requested.v1', methodId]])
      expect((await ofPatient()).asked).to.deep.equal({ offer: 'requested' })
      expect((await till.view())?.method?.status).to.equal('stored')
      expect(await chargedTo(), 'meanwhile').to.equal('pm_1')
    })
    it('that is declined leaves everything as it was, and may be left anew', async () => {
      await ask()
      const [first, second] = [id(), id()]
      await leave(first)
      await till.told()
      await answer(first, { status: 'declined', code: 'card_declined', intent: null, customerId: null, paymentMethodId: null, method: null })
      expect(await typesTold(), 'what is on file is still so').to.deep.equal([])
      expect((await till.view())?.offer).to.deep.equal({ status: 'declined', code: 'card_declined' })
      expect((await ofPatient()).asked).to.deep.equal({ offer: 'declined' })
      expect(await leave(second)).to.equal('offered')
      await answer(second, { status: 'needs-you', actionUrl: bank })
      expect(await payments().confirmationUrl(till.link, hub.now)).to.equal(bank)
      expect(await chargedTo()).to.equal('pm_1')
    })
    it('takes the place of the old one when it is stored: a copay’s later try stops, and the next is taken from the new one', async () => {
      const charge = id()
      await till.charge(2500, charge)
      await till.declined(charge, 'later')
      await ask()
      const methodId = id()
      await leave(methodId)
      await till.told()
      await answer(methodId, { status: 'stored' })
      await answer(methodId, { status: 'stored' })
      expect(await typesTold()).to.have.members(['payment.succeeded.v1', 'charge.changed.v1'])
      expect(await states()).to.have.members(['canceled', 'declined'])
      expect(await till.view()).to.deep.include({ askedAt: null, offer: null })
      expect((await ofPatient()).asked).to.equal(null)
      expect(await chargedTo()).to.equal('pm_2')
      await till.fact('setup-intent', `seti_${till.paymentId}`, 'setup_intent.canceled', {
        ours: { paymentId: till.paymentId, chargeId: null, refundId: null },
      })
      expect((await till.view())?.method?.status, 'what the old one says counts no more').to.equal('stored')
    })
    it('is offered by whoever has a pocket full of cards only so often', async () => {
      await ask()
      for (let n = 0; n < 10; n += 1) expect(await leave()).to.equal('offered')
      expect(await leave()).to.equal('too-many')
      expect(await Promise.all([ask(), ask()])).to.deep.equal(['again', 'again'])
    })
  })
})
