import { randomUUID } from 'node:crypto'
import { IntakeSubmitted } from '@heliox/core/identity'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { takeVisit } from '../clinical/visit-changes.ts'
import { lockVisit } from '../clinical/visits.ts'
import { drainAll, openItems, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { type Bench, makeBench } from './fixtures.ts'
import { openRequest } from './requests.ts'

type Wish = Parameters<TestHub['api']['stores']['visits']['change']>[3]

/** The clinic is in Chicago; its visits begin on 9 February at ten in the morning there. */
describe('cover follows the visit', () => {
  let hub: TestHub
  let bench: Bench
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(async () => {
    await bench.clear()
    await drainAll(hub, 'clinical')
  })

  const visitOf = async (requestId: string): Promise<{ visitId: string; intakeId: string; serviceDate: string }> => {
    const found = await hub.owner.query(
      `SELECT visit_id AS "visitId", intake_id AS "intakeId", to_char(service_date, 'YYYY-MM-DD') AS "serviceDate" FROM billing.eligibility_requests WHERE id = $1`,
      [requestId],
    )
    return found.rows[0]
  }
  const dayOf = async (requestId: string): Promise<string> => (await visitOf(requestId)).serviceDate
  /** At the desk; the event that says so, for the flow. */
  async function change(visitId: string, revision: number, wish: Wish, now = hub.now): Promise<Envelope> {
    expect((await hub.api.stores.visits.change(hub.tenantId, visitId, revision, wish, 'user:desk', now)).is).to.equal('changed')
    const told = (await drainAll(hub, 'clinical', now)).find(({ envelope }) => envelope.type === 'visit.changed.v1')
    if (!told) throw new Error('nothing was told of the visit')
    return told.envelope
  }
  const move = (visitId: string, revision: number, startsAt: string): Promise<Envelope> =>
    change(visitId, revision, { change: 'moved', startsAt: new Date(startsAt), endsAt: new Date(new Date(startsAt).getTime() + 20 * 60_000) })
  const deliver = (envelope: Envelope, name = 'billing.take-visit-change', now = bench.at(1)) =>
    hub.engine.stores.applies.apply(name, envelope.payload, { envelope, flow: 'visit-cover', version: 1, step: name, process: 'engine-1', now })
  const asked = async () => (await bench.told()).filter(({ type }) => type === 'eligibility.recheck.v1').map(({ payload }) => payload.serviceDate)
  async function answeredRequest(): Promise<{ id: string; visitId: string }> {
    const id = await bench.request('HELIO1')
    await bench.answer(id)
    await bench.told()
    return { id, visitId: (await visitOf(id)).visitId }
  }

  it('asks anew for the day to which a visit was moved, and what was said of the old day counts no more', async () => {
    const { id, visitId } = await answeredRequest()
    const moved = await move(visitId, 1, '2026-02-12T16:00:00Z')
    expect(await deliver(moved)).to.equal('applied')
    expect(await asked()).to.deep.equal(['2026-02-12'])
    expect(await dayOf(id)).to.equal('2026-02-12')
    expect(await bench.current(id)).to.deep.include({ status: 'requested', verdict: null })
    await bench.answer(id, { verdict: 'inactive' }, { now: bench.at(2), askedAt: bench.at(0) })
    expect((await bench.current(id)).verdict, 'asked about the old day').to.equal(null)
    await bench.answer(id, {}, { now: bench.at(3), askedAt: bench.at(1) })
    expect((await bench.current(id)).verdict).to.equal('active')
    expect((await bench.told()).map(({ type }) => type)).to.deep.equal(['eligibility.succeeded.v1'])
  })

  it('asks once, however often it is told', async () => {
    const { id, visitId } = await answeredRequest()
    const moved = await move(visitId, 1, '2026-02-12T16:00:00Z')
    expect([await deliver(moved), await deliver(moved)]).to.deep.equal(['applied', 'again'])
    expect(await deliver({ ...moved, id: randomUUID(), rootId: randomUUID() }), 'the same from somebody else').to.equal('applied')
    expect(await asked()).to.deep.equal(['2026-02-12'])
    expect((await bench.current(id)).status).to.equal('requested')
  })

  it('goes by the day at the clinic: the same evening there is no other day, half past midnight is', async () => {
    const { id, visitId } = await answeredRequest()
    await deliver(await move(visitId, 1, '2026-02-10T05:30:00Z'))
    expect([await asked(), await dayOf(id)]).to.deep.equal([[], '2026-02-09'])
    expect((await bench.current(id)).verdict).to.equal('active')
    await deliver(await move(visitId, 2, '2026-02-10T06:30:00Z'))
    expect([await asked(), await dayOf(id)]).to.deep.equal([['2026-02-10'], '2026-02-10'])
  })

  it('ends at the newest day when the later of two moves is delivered first', async () => {
    const { id, visitId } = await answeredRequest()
    const [first, second] = [await move(visitId, 1, '2026-02-12T16:00:00Z'), await move(visitId, 2, '2026-02-16T16:00:00Z')]
    await deliver(second)
    await deliver(first, 'billing.take-visit-change', bench.at(2))
    expect([await asked(), await dayOf(id)]).to.deep.equal([['2026-02-16'], '2026-02-16'])
  })

  for (const wish of [{ change: 'cancelled', reason: 'patient-asked' }, { change: 'no-show' }] as const) {
    it(`asks no more about a visit that is ${wish.change}, also when an answer comes after that`, async () => {
      const { id, visitId } = await answeredRequest()
      const later = new Date('2026-02-09T17:00:00Z')
      await bench.answer(id, { suspicions: ['test-marks'] }, { now: later, askedAt: later })
      expect((await bench.asking(id)).recheckAt).to.not.equal(null)
      await deliver(await change(visitId, 1, wish, later), 'billing.take-visit-change', later)
      expect(await bench.asking(id)).to.include({ recheckAt: null, why: null })
      await bench.answer(id, { suspicions: ['test-marks'] }, { now: later, askedAt: later })
      const due = (await bench.asking(id)).recheckAt
      expect(due).to.not.equal(null)
      await bench.told()
      const round = await hub.engine.stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now: new Date(due ?? 0) })
      expect([round.rechecks, await asked(), (await bench.asking(id)).recheckAt]).to.deep.equal([0, [], null])
    })
  }

  it('asks others of the same payer who are due in the same round', async () => {
    const [off, on] = [await answeredRequest(), await answeredRequest()]
    await change(off.visitId, 1, { change: 'cancelled', reason: 'patient-asked' })
    await hub.owner.query(`UPDATE billing.eligibility_requests SET recheck_at = $2, recheck_why = 'ageing' WHERE id = ANY ($1)`, [[off.id, on.id], bench.at(1)])
    const { rechecks } = await hub.engine.stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now: bench.at(2) })
    expect(rechecks).to.equal(1)
    expect((await bench.told()).map(({ payload }) => payload.requestId)).to.deep.equal([on.id])
  })

  it('asks about a visit that stands again, and moves no day while it is off', async () => {
    const { id, visitId } = await answeredRequest()
    await deliver(await change(visitId, 1, { change: 'cancelled', reason: 'patient-asked' }))
    expect(await asked()).to.deep.equal([])
    const reopened = await change(visitId, 2, { change: 'reopened' })
    await deliver(reopened)
    expect(await asked()).to.deep.equal(['2026-02-09'])
    expect((await bench.current(id)).verdict, 'the same day: what was said stands until there is something newer').to.equal('active')
  })

  it('has nothing to do before the form is sent, and asks first for the day that holds when it is', async () => {
    const { link, envelope } = await submittedIntake(hub)
    await drainAll(hub, 'clinical')
    await drainAll(hub, 'billing')
    const moved = await move(link.visitId, 1, '2026-02-13T16:00:00Z')
    await deliver(moved)
    expect(await bench.told()).to.deep.equal([])
    await bench.apply('billing.open-eligibility', envelope.payload)
    expect((await bench.told()).map(({ type, payload }) => [type, payload.serviceDate])).to.deep.equal([['eligibility.requested.v1', '2026-02-13']])
  })

  describe('of a visit that goes off before its question was sent', () => {
    const cancel = (visitId: string, revision = 1, now = bench.at(1)) => change(visitId, revision, { change: 'cancelled', reason: 'patient-asked' }, now)
    const close = (now: Date) => hub.engine.stores.batches.closeBatch(hub.tenantId, { everyMs: 0, inquiriesMax: 500 }, { process: 'engine-1', now })
    /** As the payer would be asked: the event of the question. */
    async function question(requestId: string, occurredAt: Date, type = 'eligibility.requested.v1'): Promise<Envelope> {
      const found = await hub.owner.query(
        `SELECT r.intake_id AS "intakeId", r.patient_id AS "patientId", r.visit_id AS "visitId", r.id AS "requestId", r.coverage_id AS "coverageId", r.payer_id AS "payerId",
           r.payer_name AS "payerName", to_char(r.service_date, 'YYYY-MM-DD') AS "serviceDate" FROM billing.eligibility_requests r WHERE r.id = $1`,
        [requestId],
      )
      const id = randomUUID()
      return {
        ...{ id, rootId: id, type, contract: 'EligibilityRequested.v1', tenantId: hub.tenantId, region: 'us-east', aggregateType: 'eligibility-request' },
        ...{ aggregateId: requestId, aggregateVersion: 1, intakeId: found.rows[0].intakeId, occurredAt: occurredAt.toISOString(), process: 'engine-1' },
        ...{ traceparent: null, attempt: 1, payload: found.rows[0] },
      }
    }
    const pin = async (envelope: Envelope, now: Date) => (await hub.engine.stores.flows.pin(envelope, 'eligibility', now)).is

    it('asks nothing when the form comes in after that, and asks when the visit is reopened', async () => {
      const { link, envelope } = await submittedIntake(hub)
      await drainAll(hub, 'clinical')
      await drainAll(hub, 'billing')
      await deliver(await cancel(link.visitId))
      await bench.apply('billing.open-eligibility', envelope.payload)
      expect(await bench.told()).to.deep.equal([])
      await deliver(await change(link.visitId, 2, { change: 'reopened' }, bench.at(2)))
      expect(await asked()).to.deep.equal(['2026-02-09'])
    })

    it('sends no inquiry that waits for the batch, says so, and lets the next round go when the visit is reopened', async () => {
      const [off, on] = [await bench.request(), await bench.request()]
      for (const id of [off, on]) await bench.apply('billing.queue-inquiry', { requestId: id, why: 'payer-setting' })
      await bench.told()
      const { visitId } = await visitOf(off)
      await deliver(await cancel(visitId))
      expect(await close(bench.at(2))).to.not.equal(undefined)
      expect([await bench.states(off), await bench.states(on)]).to.deep.equal([['not-sent'], ['batched']])
      const said = (await bench.told()).filter(({ type }) => type === 'eligibility.withdrawn.v1')
      expect(said.map(({ payload }) => [payload.requestId, payload.why])).to.deep.equal([[off, 'visit-off']])
      expect(await close(bench.at(3)), 'and only once').to.equal(undefined)
      await deliver(await change(visitId, 2, { change: 'reopened' }, bench.at(4)))
      expect(await asked()).to.have.length(1)
      await bench.apply('billing.queue-inquiry', { requestId: off, why: 'payer-setting' }, bench.at(5), bench.at(4))
      await close(bench.at(6))
      expect(await bench.states(off)).to.deep.equal(['not-sent', 'batched'])
    })

    it('queues nothing for a batch that was asked for before that; what a person asks for after it leaves', async () => {
      const id = await bench.request()
      const { visitId } = await visitOf(id)
      await deliver(await cancel(visitId))
      await bench.apply('billing.queue-inquiry', { requestId: id, why: 'payer-setting' }, bench.at(2), bench.at(0))
      expect(await bench.states(id)).to.deep.equal([])
      await bench.apply('billing.queue-inquiry', { requestId: id, why: 'payer-setting' }, bench.at(3), bench.at(2))
      await close(bench.at(4))
      expect(await bench.states(id)).to.deep.equal(['batched'])
    })

    it('takes no later word about a visit that is off already for another end of it', async () => {
      const id = await bench.request()
      const { visitId } = await visitOf(id)
      await deliver(await cancel(visitId))
      await bench.apply('billing.queue-inquiry', { requestId: id, why: 'payer-setting' }, bench.at(3), bench.at(2))
      const repeated = await withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', async (tx) => {
        const visit = await lockVisit(tx, visitId)
        if (!visit) throw new Error('the visit is not there')
        const word = { status: visit.status, startsAt: bench.at(60), endsAt: bench.at(80), practitioner: visit.practitioner }
        return takeVisit(tx, visit, word, 'ehr', { now: bench.at(4), process: 'engine-1', traceparent: null })
      })
      expect(repeated).to.equal('changed')
      await close(bench.at(5))
      expect(await bench.states(id)).to.deep.equal(['batched'])
    })

    it('settles a question that was not delivered yet, and one that waits for another try', async () => {
      const id = await bench.request('HELIO1')
      const [waiting, late] = [await question(id, hub.now), await question(id, hub.now)]
      expect(await pin(waiting, hub.now)).to.equal('open')
      await hub.owner.query(`UPDATE messaging.pins SET state = 'retrying' WHERE root_id = $1`, [waiting.rootId])
      await bench.told()
      await cancel((await visitOf(id)).visitId)
      expect([await pin(waiting, bench.at(2)), await pin(late, bench.at(2)), await pin(late, bench.at(3))]).to.deep.equal(['settled', 'settled', 'settled'])
      expect((await bench.told()).map(({ type, payload }) => [type, payload.why])).to.deep.equal([
        ['eligibility.withdrawn.v1', 'visit-off'],
        ['eligibility.withdrawn.v1', 'visit-off'],
      ])
    })

    it('serves a person who asks after that, or who sent a held question on its way, and leaves other flows alone', async () => {
      const id = await bench.request('HELIO1')
      const [held, other] = [await question(id, hub.now), await question(id, hub.now)]
      await pin(held, hub.now)
      await cancel((await visitOf(id)).visitId)
      expect(await pin(held, bench.at(2)), 'its pin is open').to.equal('open')
      expect(await pin(await question(id, bench.at(2), 'eligibility.recheck.v1'), bench.at(2))).to.equal('open')
      const elsewhere = await hub.engine.stores.flows.pin(other, 'eligibility-case', bench.at(2)).then(({ is }) => is)
      expect(elsewhere).to.equal('open')
      expect((await bench.told()).filter(({ type }) => type === 'eligibility.withdrawn.v1')).to.deep.equal([])
    })
  })

  it('lets nobody move the visit between the look at its day and the commit of the question', async () => {
    const { link, envelope } = await submittedIntake(hub)
    await drainAll(hub, 'clinical')
    const { moving } = await withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', async (tx) => {
      await openRequest(tx, IntakeSubmitted.schema.parse(envelope.payload), { now: hub.now, process: 'engine-1', traceparent: null })
      const pending = move(link.visitId, 1, '2026-02-17T16:00:00Z')
      expect(await Promise.race([pending.then(() => 'moved'), new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])).to.equal('waits')
      return { moving: pending }
    })
    await deliver(await moving)
    expect(await asked()).to.deep.equal(['2026-02-17'])
  })

  it('leaves other clinics’ visits alone', async () => {
    const { id, visitId } = await answeredRequest()
    const moved = await move(visitId, 1, '2026-02-12T16:00:00Z')
    await deliver({ ...moved, tenantId: hub.otherTenantId })
    expect([await asked(), await dayOf(id)]).to.deep.equal([[], '2026-02-09'])
  })

  it('moves what waits for a person in the queue with its visit', async () => {
    const { id, visitId } = await answeredRequest()
    const { intakeId } = await visitOf(id)
    const finding = { ...{ requestId: id, intakeId, payerId: 'HELIO1', payerName: 'HELIO1', verdict: 'unknown' }, ...{ cause: 'no-verdict', owner: 'ops' } }
    await bench.apply('messaging.record-case', { ...finding, reasonCodes: [], fields: [] })
    const mine = async () => (await openItems(hub)).filter((item) => item.intakeId === intakeId).map((item) => item.visitAt)
    expect(await mine()).to.deep.equal(['2026-02-09T16:00:00.000Z'])
    const [first, second] = [await move(visitId, 1, '2026-02-12T16:00:00Z'), await move(visitId, 2, '2026-02-16T16:00:00Z')]
    await deliver(second, 'messaging.follow-visit')
    await deliver(first, 'messaging.follow-visit', bench.at(2))
    expect(await mine()).to.deep.equal(['2026-02-16T16:00:00.000Z'])
  })
})
