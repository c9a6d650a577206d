import { randomUUID } from 'node:crypto'
import { planTerms } from '@heliox/core/billing'
import { type Envelope, sha256Hex } from '@heliox/core/kit'
import type { LedgerEnd, LedgerStart, StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, openTestHub, submission, type TestHub } from '../fixtures.ts'
import { Till } from './money-testing.ts'

describe('a charge that was asked for and not sent yet', () => {
  let hub: TestHub
  let till: Till
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub?.close())
  beforeEach(async () => {
    till = await new Till(hub).open()
    await till.record({})
    const { intakeId, visitId } = till.link
    await till.apply('compliance.record-consents', {
      ...{ intakeId, visitId, patientId: till.patientId, payerId: 'HELIO1', payerName: 'Helio Health Plan', serviceDate: '2026-02-09', uploadIds: [] },
      consents: submission.consents.map(({ textId, textSha256 }) => ({ textId, textSha256 })),
      ...{ signatureDocumentId: randomUUID(), confirmationTokenId: null, submittedAt: hub.now.toISOString() },
    })
    await till.told()
  })

  const withdraw = async (): Promise<void> => {
    const consent = (await hub.api.stores.consents.given(till.link)).find(({ text }) => text.kind === 'card-authorisation')
    await hub.api.stores.consents.withdraw(till.link, consent?.id ?? '', till.at(1))
  }
  const cancelVisit = async (now = till.at(1)): Promise<void> => {
    const reason = 'patient-asked' as const
    const changed = await hub.api.stores.visits.change(hub.tenantId, till.link.visitId, 1, { change: 'cancelled', reason }, 'user:desk', now)
    expect(changed.is).to.equal('changed')
  }
  const pin = async (envelope: Envelope, minutes = 2, flow = 'charge') => (await hub.engine.stores.flows.pin(envelope, flow, till.at(minutes))).is
  const requested = async (type = 'charge.requested.v1', minutes = 60 * 24 * 400): Promise<Envelope> => {
    const rows = await drainAll(hub, 'billing', till.at(minutes))
    const found = rows.find(({ envelope }) => envelope.type === type && envelope.intakeId === till.intakeId)
    if (!found) throw new Error(`no ${type}`)
    return found.envelope
  }
  const copay = async (): Promise<Envelope> => {
    expect(await till.charge(2500)).to.equal('begun')
    return requested()
  }
  const due = new Date('2026-03-03T20:00:00Z')
  const minutesAfterDue = (minutes: number): Date => new Date(due.getTime() + minutes * 60_000)
  const agreed = async (now = hub.now): Promise<string> => {
    const plan = { id: randomUUID(), intakeId: till.intakeId, instalments: [{ dueOn: '2026-03-02', amountMinor: 5000 }] }
    await hub.api.stores.payments.proposePlan(hub.tenantId, plan, 'America/Chicago', 'user:desk', now)
    const { plan: shown } = await hub.api.stores.payments.ofPatient(till.link, now)
    if (!shown) throw new Error('no plan is proposed')
    const terms = { planId: plan.id, language: 'en', termsSha256: sha256Hex(planTerms(shown, 'Lakeside Clinic', 'en').join('\n')) }
    expect(await hub.api.stores.payments.agreePlan(till.link, terms, now)).to.equal('agreed')
    await till.told()
    return plan.id
  }
  /** The envelope of its charge, once its day has come. */
  const instalment = async (now?: Date): Promise<{ planId: string; envelope: Envelope }> => {
    const planId = await agreed(now)
    await till.dues(due)
    return { planId, envelope: await requested() }
  }
  const shown = async () => (await till.view())?.charges.map(({ status, code }) => [status, code])
  const notCharged = async (planId: string) =>
    (await hub.owner.query("SELECT 1 FROM messaging.incidents WHERE kind = 'instalment-not-charged' AND about_id = $1", [planId])).rowCount

  /** The step that asks the partner, as an engine runs it. */
  const step = (envelope: Envelope): StepRef => ({
    ...{ tenantId: hub.tenantId, rootId: envelope.rootId, flow: 'charge', version: 1, step: 'charge', intakeId: till.intakeId, ledgerMonth: '2026-02-01' },
  })
  async function begin(envelope: Envelope, minutes = 0): Promise<Extract<LedgerStart, { is: 'go' }>> {
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'keyed' as const, keyedForMs: 3_600_000, triesMax: 4, now: till.at(minutes) }
    const started = await hub.engine.stores.ledger.start(step(envelope), { partner: 'stripe', operation: 'stripe.charge.v1' }, '{}', options)
    if (started.is !== 'go') throw new Error(`expected go, got ${started.is}`)
    return started
  }
  async function ended(envelope: Envelope, outcome: 'failed' | 'unknown'): Promise<void> {
    const { effectId, fencing } = await begin(envelope)
    const cause = outcome === 'failed' ? 'unavailable' : 'timeout'
    const end: LedgerEnd = { is: 'retry', outcome, cause, at: till.at(1), redeliver: { ...envelope, attempt: envelope.attempt + 1 } }
    await hub.engine.stores.ledger.end(step(envelope), effectId, fencing, end, hub.now)
  }

  it('is not sent after the authorisation was taken back, says why, and says it once', async () => {
    const envelope = await copay()
    await withdraw()
    expect([await pin(envelope), await pin(envelope, 3)]).to.deep.equal(['settled', 'settled'])
    expect(await shown()).to.deep.equal([['canceled', 'authorisation-withdrawn']])
    const told = (await till.told()).filter(({ type }) => type === 'charge.changed.v1')
    expect(told.map(({ payload }) => [payload.status, payload.code])).to.deep.equal([['canceled', 'authorisation-withdrawn']])
  })

  it('is not sent after its visit was cancelled, and may be charged anew when the visit is reopened', async () => {
    const envelope = await copay()
    await cancelVisit()
    expect(await pin(envelope)).to.equal('settled')
    expect(await shown()).to.deep.equal([['canceled', 'visit-off']])
    await hub.api.stores.visits.change(hub.tenantId, till.link.visitId, 2, { change: 'reopened' }, 'user:desk', till.at(3))
    expect(await pin(await copay(), 4)).to.equal('open')
  })

  it('is sent where nothing of that happened, and where another consent was taken back', async () => {
    const envelope = await copay()
    const other = (await hub.api.stores.consents.given(till.link)).find(({ text }) => text.kind === 'telehealth')
    expect(await hub.api.stores.consents.withdraw(till.link, other?.id ?? '', till.at(1))).to.equal('telehealth')
    expect(await pin(envelope)).to.equal('open')
    expect(await shown()).to.deep.equal([['requested', null]])
  })

  it('is not sent either when the partner was away meanwhile, nor when a person sends the held one on its way', async () => {
    const envelope = await copay()
    expect(await pin(envelope, 0)).to.equal('open')
    await ended(envelope, 'failed')
    await hub.owner.query("UPDATE messaging.pins SET state = 'open' WHERE root_id = $1", [envelope.rootId])
    await withdraw()
    expect(await pin(envelope)).to.equal('settled')
    expect(await shown()).to.deep.equal([['canceled', 'authorisation-withdrawn']])
  })

  it('goes on to its answer once it may have left: nobody knows yet what became of it', async () => {
    const envelope = await copay()
    await pin(envelope, 0)
    await ended(envelope, 'unknown')
    await withdraw()
    await cancelVisit()
    expect(await pin(envelope)).to.equal('open')
    const { mode } = await begin(envelope, 3)
    expect(mode).to.not.equal('first')
    expect(await pin(envelope, 3), 'under way').to.equal('open')
    expect(await shown()).to.deep.equal([['requested', null]])
  })

  it('is not sent to the bank’s page of the patient either', async () => {
    const first = randomUUID()
    await till.charge(2500, first)
    await till.declined(first, 'patient-confirms')
    await till.told()
    await till.dues(hub.now)
    const envelope = await requested('charge.page-due.v1')
    await withdraw()
    expect(await pin(envelope, 2, 'charge-confirm')).to.equal('settled')
    expect(await shown()).to.deep.equal([
      ['canceled', 'authorisation-withdrawn'],
      ['declined', 'insufficient_funds'],
    ])
  })

  it('that is an instalment ends the same, and a person hears of it', async () => {
    const { planId, envelope } = await instalment()
    await withdraw()
    expect((await hub.engine.stores.flows.pin(envelope, 'charge', minutesAfterDue(2))).is).to.equal('settled')
    expect(await shown()).to.deep.equal([['canceled', 'authorisation-withdrawn']])
    expect(await notCharged(planId)).to.equal(1)
  })

  it('that is an instalment ends with its visit too; one whose day comes after that is not asked for, and a person hears', async () => {
    const { planId, envelope } = await instalment()
    await cancelVisit(minutesAfterDue(1))
    expect((await hub.engine.stores.flows.pin(envelope, 'charge', minutesAfterDue(2))).is).to.equal('settled')
    expect(await shown()).to.deep.equal([['canceled', 'visit-off']])
    expect(await notCharged(planId)).to.equal(1)
    till = await new Till(hub).open()
    await till.record({})
    const planId2 = await agreed()
    await cancelVisit()
    await till.dues(due)
    expect((await till.told()).map(({ type }) => type)).to.not.include('charge.requested.v1')
    expect([await notCharged(planId2), await shown()]).to.deep.equal([1, []])
  })

  it('that is an instalment of a plan agreed to after the visit went off is sent: it is for something else', async () => {
    const late = { change: 'no-show' } as const
    expect((await hub.api.stores.visits.change(hub.tenantId, till.link.visitId, 1, late, 'user:desk', new Date('2026-02-20T15:00:00Z'))).is).to.equal('changed')
    const { planId, envelope } = await instalment(new Date('2026-02-20T16:00:00Z'))
    expect((await hub.engine.stores.flows.pin(envelope, 'charge', minutesAfterDue(2))).is).to.equal('open')
    expect(await notCharged(planId)).to.equal(0)
  })
})
