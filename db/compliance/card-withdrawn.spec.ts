import { randomUUID } from 'node:crypto'
import { planTerms } from '@heliox/core/billing'
import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { Till } from '../billing/money-testing.ts'
import { openTestHub, type TestHub } from '../fixtures.ts'

describe('a card whose authorisation was taken back', () => {
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

  it('is not charged by anybody any more; one that was not is', async () => {
    await till.withdraw('telehealth')
    expect(await till.charge(2500)).to.equal('begun')
    await till.withdraw()
    const other = await new Till(hub).open()
    await other.record({})
    expect(await other.charge(2500), 'another patient’s').to.equal('begun')
    expect(await hub.api.stores.payments.charge(hub.tenantId, { id: randomUUID(), intakeId: till.intakeId, amountMinor: 900 }, 'user:desk', hub.now)).to.equal(
      'no-authorisation',
    )
  })

  it('gets no later try of what was declined before, and that charge is over', async () => {
    const first = randomUUID()
    expect(await till.charge(2500, first)).to.equal('begun')
    await till.declined(first, 'later')
    await till.withdraw()
    await till.told()
    await till.dues(till.at(3 * 24 * 60))
    expect((await till.told()).filter(({ type }) => type === 'charge.requested.v1')).to.deep.equal([])
    expect((await till.view())?.charges.map(({ attempt, status }) => [attempt, status])).to.deep.equal([
      [2, 'canceled'],
      [1, 'declined'],
    ])
  })

  it('pays no instalment of a plan: a person hears that its day came', async () => {
    const plan = { id: randomUUID(), intakeId: till.intakeId, instalments: [{ dueOn: '2026-03-02', amountMinor: 5000 }] }
    expect(await hub.api.stores.payments.proposePlan(hub.tenantId, plan, 'America/Chicago', 'user:desk', hub.now)).to.equal('proposed')
    const { plan: shown } = await hub.api.stores.payments.ofPatient(till.link, hub.now)
    if (!shown) throw new Error('no plan is proposed')
    const terms = { planId: plan.id, language: 'de', termsSha256: sha256Hex(planTerms(shown, 'Lakeside Clinic', 'de').join('\n')) }
    expect(await hub.api.stores.payments.agreePlan(till.link, terms, hub.now)).to.equal('agreed')
    await till.withdraw()
    await till.told()
    await till.dues(new Date('2026-03-03T20:00:00Z'))
    expect((await till.told()).filter(({ type }) => type === 'charge.requested.v1')).to.deep.equal([])
    const told = await hub.owner.query("SELECT 1 FROM messaging.incidents WHERE kind = 'instalment-not-charged' AND about_id = $1", [plan.id])
    expect(told.rowCount).to.equal(1)
  })
})
