import { randomUUID } from 'node:crypto'
import { planTerms } from '@heliox/core/billing'
import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { Till } from './money-testing.ts'

describe('db/billing, payment plans', () => {
  let hub: TestHub
  let till: Till
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  beforeEach(async () => {
    till = await new Till(hub).open()
  })

  describe('a plan', () => {
    const instalments = [
      { dueOn: '2026-03-02', amountMinor: 5000 },
      { dueOn: '2026-04-02', amountMinor: 2500 },
    ]
    const propose = (id = randomUUID(), of: readonly { dueOn: string; amountMinor: number }[] = instalments) =>
      hub.api.stores.payments.proposePlan(hub.tenantId, { id, intakeId: till.intakeId, instalments: of }, 'America/Chicago', 'user:desk', hub.now)
    const termsOf = async (): Promise<{ planId: string; termsSha256: string; language: string }> => {
      const { plan } = await hub.api.stores.payments.ofPatient(till.link, hub.now)
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

    it('is not agreed to any more once its first day is there: nothing is taken all at once', async () => {
      await propose()
      expect(await hub.api.stores.payments.agreePlan(till.link, await termsOf(), secondDue)).to.equal('expired')
      const shown = await hub.api.stores.payments.ofPatient(till.link, secondDue)
      expect(shown.plan?.status, 'it is said, and offered no more').to.equal('expired')
      expect((await till.view())?.plans[0]?.status, 'the day before').to.equal('proposed')
      expect(await till.dues(secondDue)).to.include({ instalments: 0 })
    })

    it('is the same plan again only with the same days and parts', async () => {
      const id = randomUUID()
      expect([await propose(id), await propose(id)]).to.deep.equal(['proposed', 'again'])
      expect(await propose(id, [instalments[0] ?? { dueOn: '', amountMinor: 0 }, { dueOn: '2026-05-04', amountMinor: 2500 }])).to.equal('conflict')
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
