import { randomUUID } from 'node:crypto'
import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { stripe } from '../adapter.ts'
import { testAccounts, testCards } from '../fixtures/cards.ts'
import { bankAccount, card, chargeOf, contextOf, onFile, refundOf, returnUrl, startStripe } from '../testing/account.ts'

const { charge, refund, storeMethod } = stripe.operations
const dayMs = 86_400_000

describe('Money', () => {
  let sim: Simulator
  before(async () => {
    sim = await startStripe()
  })
  beforeEach(() => sim.reset())
  after(() => sim.stop())

  type Asked = Awaited<ReturnType<typeof chargeOf>>
  type Back = Awaited<ReturnType<typeof refundOf>>
  const take = (asked: Asked, key?: string) => charge.call(asked, contextOf(sim, key === undefined ? {} : { key })).catch((error: unknown) => error)
  const giveBack = (asked: Back, key?: string) => refund.call(asked, contextOf(sim, key === undefined ? {} : { key })).catch((error: unknown) => error)
  const later = (days: number) => sim.control('POST', '/_sim/clock/advance', { ms: days * dayMs })
  const listed = async (kind: string) => {
    const { secrets } = contextOf(sim)
    const answer = await fetch(`${sim.url}/v1/${kind}`, { headers: { authorization: `Bearer ${secrets.secretKey}` } })
    return ((await answer.json()) as { data: Record<string, unknown>[] }).data
  }

  describe('taken', () => {
    it('is the amount that was asked for, once for one key', async () => {
      const asked = await chargeOf(sim)
      const answer = await take(asked, 'charge-1')
      expect(answer).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded', 'value.amountMinor': 2500 })
      expect(await take(asked, 'charge-1')).to.deep.equal(answer)
      expect(await take({ ...asked, amountMinor: 9900 }, 'charge-1'), 'another amount under the same key').to.deep.equal(answer)
      expect((await sim.effects()).charge).to.deep.equal({ count: 1, byKey: { 'charge-1': 1 } })
    })
    for (const [declineCode, next] of [
      ['insufficient_funds', 'later'],
      ['lost_card', 'new-method'],
      ['do_not_honor', 'new-method'],
      ['something_new', 'new-method'],
      ['fraudulent', 'stop'],
      ['authentication_required', 'patient-confirms'],
    ] as const)
      it(`that is declined with ${declineCode} goes on with: ${next}`, async () => {
        const asked = await chargeOf(sim)
        await sim.control('POST', '/_sim/declines', { code: 'card_declined', declineCode })
        const answer = await take(asked)
        expect(answer).to.have.nested.include({ is: 'rejected', 'value.code': 'card_declined', 'value.declineCode': declineCode, 'value.next': next })
        expect(answer).to.have.nested.property('value.paymentIntentId').that.matches(/^pi_/)
      })
    it('is not tried again where the bank advises against it', async () => {
      const asked = await chargeOf(sim)
      await sim.control('POST', '/_sim/declines', { code: 'card_declined', declineCode: 'insufficient_funds', adviceCode: 'do_not_try_again' })
      expect(await take(asked)).to.have.nested.include({ 'value.next': 'new-method' })
    })
    it('needs the patient where the bank always asks, and not where it asked once', async () => {
      const always = await take(await chargeOf(sim, testCards.needsAction))
      expect(always).to.have.nested.include({ is: 'rejected', 'value.code': 'authentication_required', 'value.next': 'patient-confirms' })
      expect(await take(await chargeOf(sim, testCards.needsActionOnce))).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded' })
    })
    it('is never below what Stripe takes, nor from a method that is gone or another patient’s', async () => {
      const asked = await chargeOf(sim)
      const other = await onFile(sim)
      const no = async (changes: Partial<Asked>) => take({ ...asked, chargeId: randomUUID(), ...changes })
      expect(await no({ amountMinor: 49 })).to.have.nested.include({ is: 'rejected', 'value.code': 'amount_too_small', 'value.next': 'stop' })
      expect(await no({ paymentMethodId: 'pm_gone' })).to.have.nested.include({ 'value.code': 'resource_missing', 'value.next': 'new-method' })
      expect(await no({ paymentMethodId: other.paymentMethodId })).to.have.nested.include({
        'value.code': 'payment_method_unexpected_state',
        'value.next': 'new-method',
      })
    })
    it('from a bank account takes days, and may fail then', async () => {
      const from = async (number: string) => {
        const input = await bankAccount(sim, number)
        const kept = await storeMethod.call(input, contextOf(sim, { config: { bankAccounts: true } }))
        if (kept.is !== 'ok') throw new Error('it was declined')
        const { customerId, paymentMethodId } = kept.value
        return {
          chargeId: randomUUID(),
          patientId: input.patientId,
          customerId,
          paymentMethodId: paymentMethodId ?? '',
          amountMinor: 2500,
          currency: 'USD',
          purpose: 'copay' as const,
        }
      }
      const [good, closed] = [await from(testAccounts.good), await from(testAccounts.closed)]
      for (const asked of [good, closed]) expect(await take(asked)).to.have.nested.include({ 'value.status': 'processing', 'value.amountMinor': 2500 })
      await later(5)
      expect(await charge.reconcile?.(good, contextOf(sim))).to.have.nested.include({ 'value.status': 'succeeded' })
      expect(await charge.reconcile?.(closed, contextOf(sim))).to.have.nested.include({
        is: 'rejected',
        'value.code': 'account_closed',
        'value.next': 'new-method',
      })
    })
    it('is found though Stripe replays the 500 for its key', async () => {
      const asked = await chargeOf(sim)
      await sim.fault('accepts-then-breaks', 1)
      expect(await take(asked, 'effect-1'))
        .to.be.instanceOf(PartnerFault)
        .and.include({ kind: 'uncertain' })
      expect(await take(asked, 'effect-1')).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded' })
      expect((await sim.effects()).charge?.count).to.equal(1)
    })
    it('is found among many others of the same patient', async () => {
      const first = await chargeOf(sim)
      const answer = await take(first)
      for (let n = 0; n < 101; n += 1) await take({ ...first, chargeId: randomUUID() })
      expect(await charge.reconcile?.(first, contextOf(sim))).to.deep.equal(answer)
    })
    it('is never "not found" when nobody could look', async () => {
      const asked = await chargeOf(sim)
      await sim.fault('drops')
      const fault = await charge.reconcile?.(asked, contextOf(sim)).catch((error: unknown) => error)
      expect(fault).to.be.instanceOf(PartnerFault).and.include({ kind: 'uncertain' })
      await sim.fault('refuses-key')
      expect(await charge.reconcile?.(asked, contextOf(sim))).to.equal('cannot-tell')
    })
    it('counts yen as yen, and krónur as Stripe wants them', async () => {
      const asked = await chargeOf(sim)
      const yen = await take({ ...asked, chargeId: randomUUID(), currency: 'JPY', amountMinor: 100 })
      const kronur = await take({ ...asked, chargeId: randomUUID(), currency: 'ISK', amountMinor: 500 })
      expect([yen, kronur].map((one) => (one as { value: { amountMinor: number } }).value.amountMinor)).to.deep.equal([100, 500])
      const at = (await listed('payment_intents')).map(({ amount, currency }) => [currency, amount])
      expect(at.slice(0, 2)).to.deep.equal([
        ['isk', 50_000],
        ['jpy', 100],
      ])
    })
  })

  describe('given back', () => {
    it('goes in parts up to what was charged, and no further', async () => {
      const asked = await refundOf(sim, testCards.kept, 1000)
      const part = () => giveBack({ ...asked, refundId: randomUUID() })
      expect(await part()).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded' })
      expect(await part()).to.have.nested.include({ is: 'ok' })
      expect(await part(), '500 are left').to.deep.equal({ is: 'rejected', value: { code: 'amount_too_large', partnerRefundId: null } })
      expect(await giveBack({ ...asked, refundId: randomUUID(), amountMinor: 500 })).to.have.nested.include({ is: 'ok' })
      expect(await part()).to.deep.equal({ is: 'rejected', value: { code: 'charge_already_refunded', partnerRefundId: null } })
      expect((await sim.effects()).refund?.count).to.equal(3)
    })
    it('may take a while', async () => {
      const asked = await refundOf(sim, testCards.refundTakesTime)
      expect(await giveBack(asked)).to.have.nested.include({ 'value.status': 'pending' })
      await later(1.1)
      expect(await refund.reconcile?.(asked, contextOf(sim))).to.have.nested.include({ 'value.status': 'succeeded' })
    })
    it('may come back days later', async () => {
      const asked = await refundOf(sim, testCards.refundFails)
      expect(await giveBack(asked)).to.have.nested.include({ 'value.status': 'succeeded' })
      await later(1.1)
      expect(await refund.reconcile?.(asked, contextOf(sim))).to.have.nested.include({ is: 'rejected', 'value.code': 'expired_or_canceled_card' })
    })
    it('waits while the clinic has nothing on its balance', async () => {
      const asked = await refundOf(sim)
      await sim.control('POST', '/_sim/balance', { short: true })
      expect(await giveBack(asked)).to.have.nested.include({ 'value.status': 'pending' })
      await sim.control('POST', '/_sim/balance', { short: false })
      expect(await refund.reconcile?.(asked, contextOf(sim))).to.have.nested.include({ 'value.status': 'succeeded' })
    })
    it('is a no for a payment that never came', async () => {
      const asked = await refundOf(sim)
      expect(await giveBack({ ...asked, paymentIntentId: 'pi_nobodys' })).to.have.nested.include({ is: 'rejected', 'value.code': 'resource_missing' })
    })
  })

  it('tells Stripe nothing but ids, amounts and how', async () => {
    const seen = new Map<string, Set<string>>()
    const original = globalThis.fetch
    globalThis.fetch = (input, init) => {
      if (typeof init?.body === 'string') for (const [name, value] of new URLSearchParams(init.body)) seen.set(name, (seen.get(name) ?? new Set()).add(value))
      return original(input, init)
    }
    const ours: string[] = []
    try {
      for (const methodCheck of ['setup', 'hold'] as const) {
        const input = await card(sim)
        await storeMethod.call(input, contextOf(sim, { config: { methodCheck, bankAccounts: true } }))
        ours.push(input.paymentId, input.patientId, input.confirmationTokenId)
      }
      const asked = await refundOf(sim)
      await giveBack(asked)
      ours.push(asked.refundId, asked.chargeId, asked.paymentIntentId)
    } finally {
      globalThis.fetch = original
    }
    const fixed = new Set([
      'true',
      'manual',
      'off_session',
      'never',
      'card',
      'us_bank_account',
      'instant',
      'payment_method',
      'latest_charge',
      'usd',
      '100',
      '2500',
      returnUrl,
    ])
    const isId = (value: string) => ours.includes(value) || /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) || /^(cus|pm|ctoken)_\w+$/.test(value)
    for (const [name, values] of seen)
      for (const value of values) if (!name.includes('[card]')) expect(fixed.has(value) || isId(value) || value === 'copay', `${name}=${value}`).to.equal(true)
    const metadata = [...seen.keys()].filter((name) => name.startsWith('metadata')).sort()
    expect(metadata).to.deep.equal(['metadata[hub_charge]', 'metadata[hub_patient]', 'metadata[hub_payment]', 'metadata[hub_refund]'])
    expect(
      [...seen.values()].some((values) => values.has('copay')),
      'what it is for',
    ).to.equal(false)
  })
})
