import { randomUUID } from 'node:crypto'
import { personCheckOf, traceOf } from '@heliox/core/billing'
import { expect } from 'chai'
import type { TestHub } from '../fixtures.ts'
import { anotherBirthDate, answerFor, type Bench, freshSource, otherBytes, ourPatient } from './fixtures.ts'
import { notNowRoundsMax } from './inquiries.ts'
import { fromPartner, verdictsOf } from './received-testing.ts'

describe('what comes back from a partner and cannot be taken as it is', function () {
  const partner = fromPartner(this)
  const { nextNumber, sentBatch } = partner
  let hub: TestHub
  let bench: Bench
  before(() => {
    ;({ hub, bench } = partner)
  })

  describe('an answer that may be somebody else’s', () => {
    it('goes to a person when its references name two of our requests', async () => {
      const { requestIds } = await sentBatch(2)
      const [one = '', two = ''] = requestIds
      await bench.receive(answerFor(one, { patientAccount: traceOf(two) }))
      expect((await bench.current(one)).status).to.equal('requested')
      expect((await bench.current(two)).status).to.equal('requested')
      expect((await bench.incidents()).map((incident) => incident.kind)).to.deep.equal(['unmatched-answer'])
    })

    it('goes to a person when the payer answered about another birth date under our trace', async () => {
      const { first } = await sentBatch(1)
      await bench.receive(answerFor(first, { person: anotherBirthDate(traceOf(first)) }))
      expect((await bench.current(first)).status).to.equal('requested')
      expect((await bench.incidents()).map((incident) => incident.kind)).to.deep.equal(['unmatched-answer'])
      await bench.receive(answerFor(first, { person: personCheckOf(traceOf(first), ourPatient) }))
      expect((await bench.current(first)).verdict).to.equal('active')
    })

    it('goes to a person when it does not say whom it is about, by whatever reference it was found', async () => {
      const { requestIds } = await sentBatch(3)
      const [byTrace = '', byBht03 = '', byAccount = ''] = requestIds
      await bench.receive(answerFor(byTrace, { person: null }))
      await bench.receive(answerFor(byBht03, { traces: ['#'], bht03: traceOf(byBht03), person: null }))
      await bench.receive(answerFor(byAccount, { traces: [], patientAccount: traceOf(byAccount), person: null }))
      for (const requestId of requestIds) expect(await bench.current(requestId)).to.deep.include({ status: 'requested', verdict: null })
      expect((await bench.incidents()).map((incident) => incident.kind)).to.deep.equal(Array(3).fill('unmatched-answer'))
      const fates = await hub.owner.query('SELECT DISTINCT fate::text AS fate FROM billing.received_items')
      expect(fates.rows).to.deep.equal([{ fate: 'ambiguous' }])
    })

    it('is checked against our patient where only BHT03 or REF EJ is ours', async () => {
      for (const by of ['bht03', 'patientAccount'] as const) {
        const { first } = await sentBatch(1)
        const found = { traces: ['#'], [by]: traceOf(first) }
        await bench.receive(answerFor(first, { ...found, person: anotherBirthDate(traceOf(first)) }))
        expect((await bench.current(first)).status, by).to.equal('requested')
        await bench.receive(answerFor(first, found))
        expect((await bench.current(first)).verdict, by).to.equal('active')
      }
    })

    it('goes to a person when it names nothing of ours, counted per file, and stays kept', async () => {
      const fileId = randomUUID()
      for (let i = 0; i < 3; i += 1) await bench.receive(answerFor(randomUUID()), { fileId })
      expect(await bench.incidents()).to.deep.equal([{ kind: 'unmatched-answer', about: `file ${fileId}`, count: 3 }])
      expect((await hub.owner.query(`SELECT count(*)::int AS n FROM billing.received_items WHERE fate = 'orphan'`)).rows).to.deep.equal([{ n: 3 }])
    })

    it('is taken up when its request comes back, and its incident closes by itself', async () => {
      const requestId = await bench.request()
      const lost = randomUUID()
      await bench.receive(answerFor(lost))
      // What a restore from backup does: the row is there again.
      await hub.owner.query('UPDATE billing.eligibility_requests SET id = $2 WHERE id = $1', [requestId, lost])
      await hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(1))
      expect((await bench.current(lost)).verdict).to.equal('active')
      expect(await bench.incidents()).to.deep.equal([])
    })

    it('and a rival that waited with it are no answer, when their request comes back', async () => {
      const requestId = await bench.request()
      const lost = randomUUID()
      const item = answerFor(lost, { answeredAt: '2026-02-02T14:01:00.000Z' })
      await bench.receive(item)
      await bench.receive(answerFor(lost, { verdict: 'inactive', answeredAt: '2026-02-02T14:05:00.000Z', source: otherBytes(item.source) }))
      await hub.owner.query('UPDATE billing.eligibility_requests SET id = $2 WHERE id = $1', [requestId, lost])
      await hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(1))
      expect((await bench.current(lost)).verdict).to.equal(null)
      expect(await bench.incidents('conflicting-answer')).to.deep.include({ kind: 'conflicting-answer', about: `request ${lost}`, count: 1 })
    })

    it('of another clinic’s mailbox is no answer here: a tenant matches its own requests only', async () => {
      const { first } = await sentBatch(1)
      const item = answerFor(first)
      const at = { flow: 'f', version: 1, step: 's', process: 'engine-1', now: hub.now }
      const id = randomUUID()
      const envelope = {
        ...{
          id,
          rootId: id,
          type: 'x',
          contract: 'x',
          tenantId: hub.otherTenantId,
          region: 'eu-west',
          aggregateType: 'x',
          aggregateId: id,
          aggregateVersion: 1,
        },
        ...{ intakeId: null, occurredAt: hub.now.toISOString(), process: 'engine-1', traceparent: null, attempt: 1, payload: {} },
      }
      const received = { itemId: randomUUID(), fileId: randomUUID(), index: 0, receivedAt: hub.now.toISOString(), item }
      await hub.engine.stores.applies.apply('billing.record-received', received, { ...at, envelope })
      expect((await bench.current(first)).status).to.equal('requested')
    })
  })

  describe('damage', () => {
    it('gives no verdict but unknown, whatever is said to stand in it, and a whole answer replaces it', async () => {
      const { first } = await sentBatch(1)
      await bench.receive(answerFor(first, { state: 'damaged', verdict: 'active' }))
      expect((await bench.current(first)).verdict).to.equal('unknown')
      await bench.receive(answerFor(first, { answeredAt: '2026-01-01T00:00:00.000Z' }))
      expect((await bench.current(first)).verdict).to.equal('active')
      expect(await bench.events()).to.have.members(['eligibility.failed.v1', 'eligibility.succeeded.v1'])
    })

    it('never replaces a whole answer', async () => {
      const { first } = await sentBatch(1)
      await bench.receive(answerFor(first))
      await bench.receive(answerFor(first, { state: 'damaged', verdict: 'unknown' }), { now: bench.at(60) })
      expect((await bench.current(first)).verdict).to.equal('active')
      expect((await bench.incidents()).map((incident) => incident.kind)).to.deep.equal(['unreadable-file'])
    })

    it('of the file around an answer leaves the request waiting, until the whole file brings the same bytes', async () => {
      const { first } = await sentBatch(1)
      const item = answerFor(first, { state: 'in-damaged-file' })
      await bench.receive(item)
      expect(await bench.current(first)).to.deep.include({ status: 'requested', verdict: null })
      expect(await bench.states(first)).to.deep.equal(['sent'])
      await bench.receive({ ...item, state: 'whole' }, { now: bench.at(5) })
      expect((await bench.current(first)).verdict).to.equal('active')
      expect((await bench.incidents()).map((incident) => incident.kind)).to.deep.equal(['unreadable-file'])
    })

    it('of a transaction that its payer sends again whole, under the same numbers, is no conflict', async () => {
      const { first } = await sentBatch(1)
      const source = freshSource()
      await bench.receive(answerFor(first, { state: 'damaged', source }))
      await bench.receive(answerFor(first, { source: otherBytes(source) }), { now: bench.at(5) })
      expect((await bench.current(first)).verdict).to.equal('active')
      expect(await bench.incidents('conflicting-answer')).to.deep.equal([])
    })
  })

  describe('"not now"', () => {
    const busy = { verdict: 'rejected' as const, rule: 'aaa', reasonCodes: ['42'], notNow: true, days: [] }
    it('leaves the request waiting for a later batch, an hour of the payer’s away', async () => {
      const { first } = await sentBatch(1)
      await bench.receive(answerFor(first, busy))
      expect(await bench.states(first)).to.deep.equal(['answered', 'waiting'])
      expect((await bench.current(first)).status).to.equal('requested')
      expect(await bench.events()).to.deep.equal(['eligibility.queued.v1'])
      const close = (now: Date) => hub.engine.stores.batches.closeBatch(hub.tenantId, { everyMs: 0, inquiriesMax: 500 }, { process: 'engine-1', now })
      expect(await close(bench.at(59))).to.equal(undefined)
      expect(await close(bench.at(60))).to.be.a('string')
    })

    it('is the answer when the payer says it again and again', async () => {
      const { first } = await sentBatch(1)
      for (let i = 0; i < notNowRoundsMax; i += 1) {
        await bench.receive(answerFor(first, busy), { now: bench.at(i * 120) })
        expect((await bench.current(first)).status, `after ${i + 1}`).to.equal('requested')
        await hub.engine.stores.batches.closeBatch(hub.tenantId, { everyMs: 0, inquiriesMax: 500 }, { process: 'engine-1', now: bench.at(i * 120 + 60) })
      }
      await bench.receive(answerFor(first, busy), { now: bench.at(900) })
      expect(await bench.current(first)).to.deep.include({ status: 'answered', verdict: 'rejected' })
    })

    it('that is an old one, written again, neither ends the round under way nor uses one up', async () => {
      const { first } = await sentBatch(1)
      const old = { ...busy, answeredAt: '2026-02-02T15:01:00.000Z' }
      await bench.receive(answerFor(first, old), { now: bench.at(2) })
      await bench.receive(answerFor(first, old), { now: bench.at(3) })
      expect(await bench.states(first), 'while the next round waits').to.deep.equal(['answered', 'waiting'])
      const rules = { everyMs: 0, inquiriesMax: 500 }
      const batchId = (await hub.engine.stores.batches.closeBatch(hub.tenantId, rules, { process: 'engine-1', now: bench.at(120) })) ?? ''
      await bench.sent({ batchId, requestIds: [first] }, nextNumber(), bench.at(121))
      for (let i = 0; i < 4; i += 1) await bench.receive(answerFor(first, old), { now: bench.at(130 + i) })
      expect(await bench.states(first), 'while it is under way').to.deep.equal(['answered', 'sent'])
      expect((await bench.current(first)).status).to.equal('requested')
      await bench.receive(answerFor(first, { ...busy, answeredAt: '2026-02-02T17:05:00.000Z' }), { now: bench.at(140) })
      expect(await bench.states(first), 'a new one does').to.deep.equal(['answered', 'answered', 'waiting'])
    })

    it('changes nothing for a request that has its answer', async () => {
      const { first } = await sentBatch(1)
      await bench.receive(answerFor(first))
      await bench.receive(answerFor(first, busy), { now: bench.at(60) })
      expect((await bench.current(first)).verdict).to.equal('active')
      expect(await bench.states(first)).to.deep.equal(['answered'])
    })
  })

  it('what cannot be read is told of once per file, with a count', async () => {
    const fileId = randomUUID()
    for (const at of [0, 500]) await bench.receive({ kind: 'unreadable', problem: 'truncated', at, set: null }, { fileId })
    await bench.receive({ kind: 'claim-ack', source: freshSource(), outcome: 'accepted' }, { fileId })
    expect(await bench.incidents()).to.have.deep.members([
      { kind: 'unreadable-file', about: `file ${fileId}`, count: 2 },
      { kind: 'unmatched-answer', about: `file ${fileId}`, count: 1 },
    ])
  })

  it('changes nothing when the commit fails, and is taken by the next delivery', async () => {
    const { first } = await sentBatch(1)
    await hub.owner.query('ALTER TABLE billing.outbox ADD CONSTRAINT no_more CHECK (false) NOT VALID')
    const failed = await bench.receive(answerFor(first)).then(
      () => 'applied',
      () => 'failed',
    )
    expect(failed).to.equal('failed')
    expect(await bench.states(first)).to.deep.equal(['sent'])
    await hub.owner.query('ALTER TABLE billing.outbox DROP CONSTRAINT no_more')
    await bench.receive(answerFor(first))
    expect((await bench.current(first)).verdict).to.equal('active')
  })

  it('twenty answers to one request at once end in the newest one', async () => {
    const { first } = await sentBatch(1)
    const said = Array.from({ length: 20 }, (_, i) => ({
      answeredAt: new Date(Date.UTC(2026, 1, 2, 14, i)).toISOString(),
      verdict: i === 19 ? ('inactive' as const) : ('active' as const),
      copayCents: i * 100,
    }))
    await Promise.all(said.toSorted((a, b) => ((a.copayCents * 7) % 1900) - ((b.copayCents * 7) % 1900)).map((one) => bench.receive(answerFor(first, one))))
    expect((await bench.current(first)).verdict).to.equal('inactive')
    expect(await verdictsOf(hub, first)).to.have.length(20)
  })
})
