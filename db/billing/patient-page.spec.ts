import { randomUUID } from 'node:crypto'
import { planTerms } from '@heliox/core/billing'
import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { silentWake } from '../wake.ts'
import { Till } from './money-testing.ts'

describe('db/billing, money on the patient’s own page', function () {
  this.timeout(120_000)
  let hub: TestHub
  let till: Till
  const woken: string[] = []
  before(async () => {
    hub = await openTestHub({ wake: { ...silentWake, journey: ({ intakeId }) => void woken.push(intakeId) } })
  })
  after(() => hub?.close())
  beforeEach(async () => {
    till = await new Till(hub).open()
    await till.record({})
    await till.told()
    woken.length = 0
  })
  const payments = () => hub.api.stores.payments
  const ofPatient = (minutes = 0) => payments().ofPatient(till.link, till.at(minutes))
  const moves = async () => (await ofPatient()).moves.map(({ is, state, amountMinor }) => [is, state, amountMinor])
  /** What was done woke the pages of this patient, and of nobody else. */
  const wakes = async (work: () => Promise<unknown>): Promise<void> => {
    woken.length = 0
    await work()
    expect(new Set(woken)).to.deep.equal(new Set([till.intakeId]))
  }

  it('says what is being taken and what was, and says nothing of what was not', async () => {
    expect(await moves()).to.deep.equal([])
    const declined = randomUUID()
    await wakes(() => till.charge(1000, declined))
    expect(await moves()).to.deep.equal([['charge', 'under-way', 1000]])
    await till.declined(declined, 'stop')
    expect(await moves()).to.deep.equal([])
    await till.charged(2500)
    expect(await moves()).to.deep.equal([['charge', 'done', 2500]])
  })

  it('says what is on its way back and what came back, also after the visit was called off, and what did not arrive', async () => {
    const chargeId = await till.charged(2500)
    const [back, lost] = [randomUUID(), randomUUID()]
    await wakes(() => till.refund(chargeId, 1000, back))
    await till.refund(chargeId, 500, lost)
    expect(await moves()).to.have.deep.members([
      ['charge', 'done', 2500],
      ['refund', 'under-way', 1000],
      ['refund', 'under-way', 500],
    ])
    const told = (refundId: string, status: string) =>
      till.fact('refund', `re_${refundId}`, `refund.${status === 'failed' ? 'failed' : 'updated'}`, { status, ours: { paymentId: null, chargeId, refundId } })
    await told(back, 'succeeded')
    await told(lost, 'failed')
    await hub.api.stores.visits.change(hub.tenantId, till.link.visitId, 1, { change: 'cancelled', reason: 'patient-asked' }, 'user:desk', hub.now)
    expect(await moves()).to.have.deep.members([
      ['charge', 'done', 2500],
      ['refund', 'done', 1000],
      ['refund', 'failed', 500],
    ])
  })

  it('wakes for what no event tells: a plan that is proposed, agreed to and ended, another card asked for, a charge that is stopped', async () => {
    const planId = randomUUID()
    const instalments = [
      { dueOn: '2026-04-02', amountMinor: 5000 },
      { dueOn: '2026-05-02', amountMinor: 2500 },
    ]
    await wakes(() => payments().proposePlan(hub.tenantId, { id: planId, intakeId: till.intakeId, instalments }, 'America/Chicago', 'user:desk', hub.now))
    expect((await ofPatient()).nextPart, 'not before it is agreed to').to.equal(null)
    const { plan } = await ofPatient()
    const { name } = (await hub.owner.query('SELECT name FROM identity.tenants WHERE tenant_id = $1', [hub.tenantId])).rows[0]
    if (!plan) throw new Error('the plan is not shown')
    const agreed = { planId, termsSha256: sha256Hex(planTerms(plan, name, 'en').join('\n')), language: 'en' }
    await wakes(() => payments().agreePlan(till.link, agreed, hub.now))
    expect(await ofPatient()).to.deep.include({ plan: null, nextPart: { amountMinor: 5000, currency: 'USD', dueOn: '2026-04-02' } })
    await wakes(() => payments().endPlan(hub.tenantId, planId, 'user:desk', hub.now))
    expect((await ofPatient()).nextPart).to.equal(null)
    await wakes(() => payments().askForMethod(hub.tenantId, { id: randomUUID(), intakeId: till.intakeId }, 'user:desk', hub.now))
    const chargeId = randomUUID()
    await till.charge(1000, chargeId)
    await till.declined(chargeId, 'later')
    const later = (await till.view())?.charges.find(({ status }) => status === 'scheduled')
    await wakes(() => payments().stopCharge(hub.tenantId, later?.id ?? '', 'user:desk', hub.now))
  })

  it('announces no next part after the authorisation was taken back: none is taken', async () => {
    await till.told()
    const planId = randomUUID()
    const instalments = [
      { dueOn: '2026-04-02', amountMinor: 5000 },
      { dueOn: '2026-05-02', amountMinor: 2500 },
    ]
    await payments().proposePlan(hub.tenantId, { id: planId, intakeId: till.intakeId, instalments }, 'America/Chicago', 'user:desk', hub.now)
    const { plan } = await ofPatient()
    const { name } = (await hub.owner.query('SELECT name FROM identity.tenants WHERE tenant_id = $1', [hub.tenantId])).rows[0]
    if (!plan) throw new Error('the plan is not shown')
    await payments().agreePlan(till.link, { planId, termsSha256: sha256Hex(planTerms(plan, name, 'en').join('\n')), language: 'en' }, hub.now)
    expect((await ofPatient()).nextPart).to.deep.equal({ amountMinor: 5000, currency: 'USD', dueOn: '2026-04-02' })
    const authorisation = (await hub.api.stores.consents.given(till.link)).find(({ text }) => text.kind === 'card-authorisation')
    await hub.api.stores.consents.withdraw(till.link, authorisation?.id ?? '', till.at(1))
    expect((await ofPatient()).nextPart).to.equal(null)
  })
})
