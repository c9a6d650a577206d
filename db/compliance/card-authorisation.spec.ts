import { randomUUID } from 'node:crypto'
import { planTerms } from '@heliox/core/billing'
import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { Till } from '../billing/money-testing.ts'
import { openTestHub, shownAuthorisation, type TestHub } from '../fixtures.ts'

describe('a card that nobody authorised', () => {
  let hub: TestHub
  let till: Till
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub?.close())
  const opened = async (without: 'nothing' | 'authorisation'): Promise<void> => {
    till = await new Till(hub).open(without)
    await till.record({})
    await till.told()
  }
  const payments = () => hub.api.stores.payments
  const plan = () => ({ id: randomUUID(), intakeId: till.intakeId, instalments: [{ dueOn: '2026-03-02', amountMinor: 5000 }] })
  const propose = (wish: ReturnType<typeof plan>) => payments().proposePlan(hub.tenantId, wish, 'America/Chicago', 'user:desk', hub.now)
  const requested = async () => (await till.told()).filter(({ type }) => type === 'charge.requested.v1')

  it('is charged by nobody, and no plan is proposed for it; the desk reads why', async () => {
    await opened('authorisation')
    expect((await hub.api.stores.consents.given(till.link)).map(({ text }) => text.kind))
      .to.include('treatment')
      .and.to.not.include('card-authorisation')
    expect(await till.charge(2500)).to.equal('no-authorisation')
    expect(await propose(plan())).to.equal('no-authorisation')
    expect(await requested()).to.deep.equal([])
    expect(await till.view()).to.deep.include({ unauthorised: 'not-authorised', charges: [], plans: [] })
    await opened('nothing')
    expect(await till.charge(2500), 'one that came with the form').to.equal('begun')
    expect(await till.view()).to.include({ unauthorised: null })
    await till.withdraw()
    expect(await till.view()).to.include({ unauthorised: 'authorisation-withdrawn' })
  })

  it('before its form was read is charged by nobody either: that nothing was taken back says nothing', async () => {
    await opened('nothing')
    await hub.owner.query('DELETE FROM compliance.consents WHERE intake_id = $1', [till.intakeId])
    expect(await till.charge(2500)).to.equal('no-authorisation')
  })

  it('is not tried again, pays no instalment and is not agreed to, whatever was asked for before', async () => {
    await opened('nothing')
    const first = randomUUID()
    expect(await till.charge(2500, first)).to.equal('begun')
    await till.declined(first, 'later')
    const [agreed, proposed] = [plan(), plan()]
    const terms = async (planId: string) => {
      const { plan: shown } = await payments().ofPatient(till.link, hub.now)
      if (!shown) throw new Error('no plan is proposed')
      return { planId, language: 'en', termsSha256: sha256Hex(planTerms(shown, 'Lakeside Clinic', 'en').join('\n')) }
    }
    expect(await propose(agreed)).to.equal('proposed')
    expect(await payments().agreePlan(till.link, await terms(agreed.id), hub.now)).to.equal('agreed')
    expect(await propose(proposed)).to.equal('proposed')
    const shown = await terms(proposed.id)
    await till.told()
    await hub.owner.query('DELETE FROM compliance.consents WHERE intake_id = $1', [till.intakeId])
    expect(await payments().ofPatient(till.link, hub.now)).to.deep.include({ plan: null, nextPart: null })
    expect(await payments().agreePlan(till.link, shown, hub.now)).to.equal('not-found')
    await till.dues(new Date('2026-03-03T20:00:00Z'))
    expect(await requested()).to.deep.equal([])
    const charges = (await till.view())?.charges.map(({ purpose, status, code }) => [purpose, status, code])
    expect(charges).to.deep.equal([
      ['copay', 'canceled', 'not-authorised'],
      ['copay', 'declined', 'insufficient_funds'],
    ])
    const told = await hub.owner.query("SELECT 1 FROM messaging.incidents WHERE kind = 'instalment-not-charged' AND about_id = $1", [agreed.id])
    expect(told.rowCount).to.equal(1)
  })
})

describe('a card that is left after the form, with its authorisation', () => {
  let hub: TestHub
  let till: Till
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub?.close())
  const store = () => hub.api.stores.consents
  const ask = () => hub.api.stores.payments.askForMethod(hub.tenantId, { id: randomUUID(), intakeId: till.intakeId }, 'user:desk', hub.now)
  const stored = (paymentId: string, over: object = {}) =>
    till.apply('billing.record-method', {
      ...{ paymentId, status: 'stored', intent: { kind: 'setup', id: `seti_${paymentId}` }, customerId: 'cus_1', paymentMethodId: 'pm_2', method: 'card' },
      ...{ actionUrl: null, heldUntil: null, code: null, ...over },
    })
  const left = async (minutes: number, over: object = {}): Promise<void> => {
    const id = randomUUID()
    expect(await till.leave(id, till.at(minutes))).to.equal('offered')
    await stored(id, over)
    await till.told()
  }
  const authorisations = async () => (await store().given(till.link)).filter(({ text }) => text.kind === 'card-authorisation')
  const withdrawn = async () => (await store().withdrawn(hub.tenantId, [till.intakeId])).get(till.intakeId) ?? []

  it('may be charged, also where the form came without one; the consent is of exactly what was shown, with a record of its own', async () => {
    till = await new Till(hub).open('authorisation')
    await ask()
    await left(1)
    expect(await till.charge(2500)).to.equal('begun')
    const [given, ...others] = await authorisations()
    expect(others).to.deep.equal([])
    expect(given).to.deep.include({ signedAt: till.at(1).toISOString(), withdrawnAt: null })
    const { textId, textSha256, timeZone, signedFrom: from } = shownAuthorisation()
    expect([given?.text.id, given?.text.sha256]).to.deep.equal([textId, textSha256])
    const receipt = await store().receipt(till.link, till.at(2))
    expect(receipt?.record.action, 'the form’s comes first').to.equal('intake.submit')
    expect(receipt?.later.map(({ consentIds }) => consentIds)).to.deep.equal([[given?.id]])
    expect(receipt?.later[0]?.record).to.deep.include({ from, timeZone, at: till.at(1).toISOString(), action: 'method.leave' })
    expect(receipt?.later[0]?.record.consents).to.deep.equal([{ textId, textSha256 }])
    const { rows } = await hub.owner.query("SELECT actor FROM compliance.audit_logs WHERE action = 'consent.give' AND resource = $1", [
      `intake:${till.intakeId} consent:card-authorisation`,
    ])
    expect(rows).to.deep.equal([{ actor: `patient:${till.intakeId}` }])
  })

  it('is not kept under words that the clinic has not in force, of another kind, or of another clinic; nothing is', async () => {
    till = await new Till(hub).open('authorisation')
    await ask()
    const shown = shownAuthorisation()
    const treatment = (await store().texts(hub.tenantId)).find(({ kind, language }) => kind === 'treatment' && language === 'en')
    for (const [why, over] of Object.entries({
      'changed words': { textSha256: 'a'.repeat(64) },
      'another text': { textId: randomUUID() },
      'another kind': { textId: treatment?.id ?? '', textSha256: treatment?.sha256 ?? '' },
      'another clinic': shownAuthorisation('fr'),
    })) {
      expect(await till.leave(randomUUID(), till.at(1), { ...shown, ...over }), why).to.equal('not-shown')
    }
    expect(await authorisations()).to.deep.equal([])
    expect((await till.view())?.offer).to.equal(null)
    expect(await till.told()).to.deep.equal([])
  })

  it('lifts an earlier withdrawal for itself alone: what was asked for before, and the card of before, stay uncharged', async () => {
    till = await new Till(hub).open()
    await till.record({})
    const first = randomUUID()
    await till.charge(2500, first)
    await till.declined(first, 'later')
    await till.withdraw('card-authorisation', till.at(10))
    expect(await withdrawn()).to.deep.equal(['card-authorisation'])
    await ask()
    await left(20, { status: 'declined', code: 'card_declined', paymentMethodId: null, customerId: null, intent: null, method: null })
    expect(await till.charge(1000), 'the old card, though a new one was authorised').to.equal('no-authorisation')
    await till.dues(till.at(60 * 24 * 4))
    expect((await till.view())?.charges.map(({ status, code }) => [status, code])).to.deep.include(['canceled', 'authorisation-withdrawn'])
    await left(30)
    expect(await till.view()).to.include({ unauthorised: null })
    expect(await till.charge(1000)).to.equal('begun')
    expect(await withdrawn(), 'the desk reads of it no more').to.deep.equal([])
    expect((await authorisations()).map(({ withdrawnAt }) => withdrawnAt !== null)).to.deep.equal([true, false, false])
  })

  it('is taken back with all that stands, and the repeat of an earlier click takes back nothing new', async () => {
    till = await new Till(hub).open()
    await till.record({})
    await ask()
    await left(5)
    const [form] = await authorisations()
    expect(await store().withdraw(till.link, form?.id ?? '', till.at(10))).to.equal('card-authorisation')
    expect((await authorisations()).map(({ withdrawnAt }) => withdrawnAt)).to.deep.equal(Array(2).fill(till.at(10).toISOString()))
    expect(await till.charge(1000)).to.equal('no-authorisation')
    await ask()
    await left(20)
    expect(await store().withdraw(till.link, form?.id ?? '', till.at(30)), 'a late repeat').to.equal('card-authorisation')
    expect(await till.charge(1000)).to.equal('begun')
  })

  it('is one for a page that sends twice', async () => {
    till = await new Till(hub).open('authorisation')
    await ask()
    const id = randomUUID()
    expect([await till.leave(id), await till.leave(id)]).to.deep.equal(['offered', 'again'])
    expect(await authorisations()).to.have.length(1)
  })
})
