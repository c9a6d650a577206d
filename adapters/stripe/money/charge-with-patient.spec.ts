import { randomUUID } from 'node:crypto'
import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { stripe } from '../adapter.ts'
import { testCards } from '../fixtures/cards.ts'
import { chargeOf, contextOf, decide, returnUrl, startStripe } from '../testing/account.ts'

describe('A charge with the patient', () => {
  let sim: Simulator
  const { chargeWithPatient, checkCharge, charge } = stripe.operations
  before(async () => {
    sim = await startStripe()
  })
  beforeEach(() => sim.reset())
  after(() => sim.stop())
  type Asked = Awaited<ReturnType<typeof chargeOf>>
  const take = async (asked: Asked, key?: string) => {
    const answer = await chargeWithPatient.call(asked, contextOf(sim, key === undefined ? {} : { key }))
    if (answer.is !== 'ok') throw new Error(`declined: ${answer.value.code}`)
    return answer.value
  }
  const look = (asked: Asked, paymentIntentId: string, giveUp = false) =>
    checkCharge.call({ chargeId: asked.chargeId, paymentIntentId, giveUp }, contextOf(sim))
  const taken = async (id: string) => ((await sim.control('GET', '/_sim/objects')) as { succeeded: Record<string, number> }).succeeded[id]

  it('makes a page of the bank, takes nothing before it is confirmed there, and then takes it once', async () => {
    const asked = await chargeOf(sim, testCards.needsAction)
    expect(await charge.call(asked, contextOf(sim)), 'alone').to.have.nested.include({ 'value.next': 'patient-confirms' })
    const again: Asked = { ...asked, chargeId: randomUUID() }
    const waits = await take(again, 'effect-1')
    expect(waits).to.include({ status: 'requires-action', amountMinor: 2500 })
    expect(waits.actionUrl).to.match(/^http/)
    expect(await look(again, waits.paymentIntentId)).to.have.nested.include({ 'value.status': 'requires-action' })
    expect(await decide(sim, waits.paymentIntentId, 'confirm')).to.contain(returnUrl)
    await decide(sim, waits.paymentIntentId, 'confirm')
    expect(await look(again, waits.paymentIntentId)).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded', 'value.actionUrl': null })
    expect(await take(again, 'effect-1'), 'the same key').to.include({ paymentIntentId: waits.paymentIntentId })
    expect(await chargeWithPatient.reconcile?.(again, contextOf(sim))).to.have.nested.include({ 'value.status': 'succeeded' })
    expect(await taken(again.chargeId)).to.equal(1)
  })
  it('is declined when the patient refuses, or has no money after all', async () => {
    const asked = await chargeOf(sim, testCards.needsAction)
    const { paymentIntentId } = await take(asked)
    await decide(sim, paymentIntentId, 'refuse')
    expect(await look(asked, paymentIntentId)).to.have.nested.include({ is: 'rejected', 'value.next': 'patient-confirms' })
  })
  it('ends for good when nobody waits for it, however often that is asked', async () => {
    const asked = await chargeOf(sim, testCards.needsAction)
    const { paymentIntentId } = await take(asked)
    const ended = await look(asked, paymentIntentId, true)
    expect(ended).to.have.nested.include({ is: 'rejected', 'value.code': 'canceled' })
    expect(await look(asked, paymentIntentId, true)).to.deep.equal(ended)
    await decide(sim, paymentIntentId, 'confirm')
    expect(await look(asked, paymentIntentId), 'confirmed too late').to.deep.equal(ended)
  })
  it('stays a payment when the patient was faster than whoever ends it', async () => {
    const asked = await chargeOf(sim, testCards.needsAction)
    const { paymentIntentId } = await take(asked)
    await decide(sim, paymentIntentId, 'confirm')
    expect(await look(asked, paymentIntentId, true)).to.have.nested.include({ is: 'ok', 'value.status': 'succeeded' })
  })
  it('is not begun where there is no way back from the bank', async () => {
    const asked = await chargeOf(sim, testCards.needsAction)
    const { returnUrl: _, ...config } = contextOf(sim).config
    const answer = await chargeWithPatient.call(asked, { ...contextOf(sim), config })
    expect(answer).to.deep.equal({
      is: 'rejected',
      value: { code: 'authentication_required', declineCode: null, next: 'patient-confirms', paymentIntentId: null },
    })
    expect((await sim.effects()).charge?.count ?? 0).to.equal(0)
  })
  it('looks at no payment of another charge', async () => {
    const asked = await chargeOf(sim, testCards.needsAction)
    const { paymentIntentId } = await take(asked)
    const fault = await look({ ...asked, chargeId: randomUUID() }, paymentIntentId, true).catch((error: unknown) => error)
    expect(fault).to.be.instanceOf(PartnerFault).and.include({ kind: 'contract' })
    expect(await look(asked, paymentIntentId), 'it was not ended').to.have.nested.include({ 'value.status': 'requires-action' })
  })
})
