import { randomUUID } from 'node:crypto'
import { personCheckOf, traceOf } from '@heliox/core/billing'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { ack999, answerFor, type Bench, freshSource, type Item, makeBench, otherBytes, ourPatient, ta1 } from './fixtures.ts'
import { notNowRoundsMax } from './inquiries.ts'

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap((one, i) => permutations(list.toSpliced(i, 1)).map((rest) => [one, ...rest]))
}
const verdictsOf = async (hub: TestHub, requestId: string): Promise<string[]> =>
  (
    await hub.owner.query<{ v: string }>('SELECT verdict::text AS v FROM billing.eligibility_answers WHERE request_id = $1 ORDER BY answered_at', [requestId])
  ).rows.map((row) => row.v)

describe('what comes back from a partner', function () {
  this.timeout(120_000)
  let hub: TestHub
  let bench: Bench
  let number = 100
  const nextNumber = (): number => {
    number += 1
    return number
  }
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(() => bench.clear())
  const sentBatch = async (count: number) => {
    const batch = await bench.batchOf(count)
    const isa13 = nextNumber()
    await bench.sent(batch, isa13)
    await bench.events()
    return { ...batch, isa13, first: batch.requestIds[0] ?? '' }
  }

  describe('an answer', () => {
    it('is recorded for the request that its trace names, and for no other', async () => {
      const { requestIds } = await sentBatch(3)
      await bench.receive(answerFor(requestIds[1] ?? '', { verdict: 'inactive' }))
      expect(await Promise.all(requestIds.map(async (id) => (await bench.current(id)).verdict))).to.deep.equal([null, 'inactive', null])
      expect(await bench.states(requestIds[1] ?? '')).to.deep.equal(['answered'])
      expect(await bench.events()).to.deep.equal(['eligibility.succeeded.v1'])
    })

    it('is the one of the day of the visit, where the payer says that cover ends before it', async () => {
      const { first } = await sentBatch(1)
      const days = [
        { from: null, to: '2026-02-08', verdict: 'active' as const, rule: 'plan-active' },
        { from: '2026-02-09', to: null, verdict: 'inactive' as const, rule: 'plan-inactive' },
      ]
      await bench.receive(answerFor(first, { verdict: 'active', days }))
      expect((await bench.current(first)).verdict).to.equal('inactive')
    })

    it('says nothing when it speaks of no day at all', async () => {
      const { first } = await sentBatch(1)
      await bench.receive(answerFor(first, { verdict: 'active', days: [] }))
      expect((await bench.current(first)).verdict).to.equal('unknown')
    })

    it('ends in the same, with TA1 and 999 and our own record of the sending, in each of 24 orders', async () => {
      const ends = new Set<string>()
      for (const order of permutations(['sent', 'ta1', '999', '271'] as const)) {
        const batch = await bench.batchOf(1, { now: bench.at(number) })
        const [requestId = ''] = batch.requestIds
        const isa13 = nextNumber()
        const steps: Record<(typeof order)[number], () => Promise<void>> = {
          sent: () => bench.sent(batch, isa13),
          ta1: () => bench.receive(ta1(isa13, 'accepted')),
          '999': () => bench.receive(ack999(isa13)),
          '271': () => bench.receive(answerFor(requestId)),
        }
        for (const step of order) await steps[step]()
        const row = await hub.owner.query(
          `SELECT i.state::text AS state, i.interchange_ack::text AS ta1, i.set_ack::text AS "set", i.sent_at IS NOT NULL AS sent, b.acknowledged_at IS NOT NULL AS heard
           FROM billing.inquiries i JOIN billing.batches b ON b.id = i.batch_id WHERE i.request_id = $1`,
          [requestId],
        )
        ends.add(JSON.stringify([row.rows, (await bench.current(requestId)).verdict]))
      }
      expect([...ends]).to.deep.equal([JSON.stringify([[{ state: 'answered', ta1: 'accepted', set: 'accepted', sent: true, heard: true }], 'active'])])
      expect(await bench.incidents(), 'and nobody is called').to.deep.equal([])
    })

    it('ends in the same when all of them come at the same moment, and nobody waits for each other in a ring', async () => {
      for (let round = 0; round < 8; round += 1) {
        const batch = await bench.batchOf(4, { now: bench.at(round) })
        const isa13 = nextNumber()
        await Promise.all([
          ...batch.requestIds.map((requestId) => bench.receive(answerFor(requestId, { state: round % 2 ? 'whole' : 'damaged' }))),
          bench.receive(ack999(isa13)),
          bench.sent(batch, isa13, bench.at(-3_000)),
          bench.receive(ta1(isa13, 'accepted')),
          ...[1, 2].map((i) => hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(i))),
        ])
        const rows = await hub.owner.query(
          `SELECT DISTINCT state::text AS state, interchange_ack::text AS ta1, set_ack::text AS "set", sent_at IS NOT NULL AS sent FROM billing.inquiries WHERE batch_id = $1`,
          [batch.batchId],
        )
        expect(rows.rows, `round ${round}`).to.deep.equal([{ state: 'answered', ta1: 'accepted', set: 'accepted', sent: true }])
      }
    })

    it('is not moved back by a 999 or TA1 that rejects after it', async () => {
      const { first, isa13 } = await sentBatch(1)
      await bench.receive(answerFor(first))
      await bench.receive(ack999(isa13, { outcome: 'rejected', unnamed: 'rejected' }))
      await bench.receive(ta1(isa13, 'rejected', '018'))
      expect(await bench.states(first)).to.deep.equal(['answered'])
      expect((await bench.current(first)).verdict).to.equal('active')
      expect(await bench.incidents()).to.deep.equal([])
    })

    it('that comes twice is counted and changes nothing, ten at once too', async () => {
      const { first } = await sentBatch(1)
      const item = answerFor(first)
      await Promise.all(Array.from({ length: 10 }, () => bench.receive(item)))
      expect(await verdictsOf(hub, first)).to.deep.equal(['active'])
      expect(await bench.events()).to.deep.equal(['eligibility.succeeded.v1'])
      expect((await hub.owner.query('SELECT copies FROM billing.received_items')).rows).to.deep.equal([{ copies: 10 }])
      expect(await bench.incidents()).to.deep.equal([])
    })

    it('under numbers that were used for another answer to the same request: both kept, neither counts, in either order', async () => {
      for (const order of [['active', 'inactive'] as const, ['inactive', 'active'] as const]) {
        await bench.clear()
        const { first } = await sentBatch(1)
        const item = answerFor(first, { verdict: order[0], answeredAt: '2026-02-02T14:01:00.000Z' })
        await bench.receive(item)
        const other = { verdict: order[1], source: otherBytes(item.source), answeredAt: '2026-02-02T14:05:00.000Z' }
        await bench.receive(answerFor(first, other), { now: bench.at(5) })
        expect(await bench.current(first), order.join()).to.deep.include({ status: 'answered', verdict: null })
        expect(await verdictsOf(hub, first)).to.deep.equal(order)
        expect(await bench.incidents()).to.deep.equal([{ kind: 'conflicting-answer', about: `request ${first}`, count: 1 }])
        expect((await bench.events()).slice(-2), 'our team has it').to.have.members(['eligibility.failed.v1', 'eligibility.changed.v1'])
        await bench.receive(answerFor(first, { verdict: 'inactive', answeredAt: '2026-02-02T15:30:00.000Z' }), { now: bench.at(60) })
        expect((await bench.current(first)).verdict, 'until the payer says something newer').to.equal('inactive')
      }
    })

    it('finds its rival for this request among hundreds for others under the same numbers', async () => {
      const { requestIds } = await sentBatch(2)
      const [one = '', two = ''] = requestIds
      const item = answerFor(one)
      for (let i = 0; i < 110; i += 1) await bench.receive(answerFor(two, { source: otherBytes(item.source) }))
      await bench.receive(item)
      await bench.receive(answerFor(one, { verdict: 'inactive', source: otherBytes(item.source) }), { now: bench.at(5) })
      expect((await bench.current(one)).verdict).to.equal(null)
    })

    it('that contradicts another of the same moment, or of the same file: neither counts, in either order', async () => {
      const said = { moment: ['2026-02-02T14:01:00.000Z', '2026-02-02T14:01:00.000Z'], file: ['2026-02-02T14:01:00.000Z', '2026-02-02T14:02:00.000Z'] }
      for (const same of ['moment', 'file'] as const) {
        for (const order of [['active', 'inactive'] as const, ['inactive', 'active'] as const]) {
          await bench.clear()
          const { first } = await sentBatch(1)
          const fileId = randomUUID()
          for (const [i, verdict] of order.entries()) {
            const into = same === 'file' ? { fileId } : { now: bench.at(i) }
            await bench.receive(answerFor(first, { verdict, answeredAt: said[same][i] ?? null }), into)
          }
          expect((await bench.current(first)).verdict, `${same} ${order.join()}`).to.equal(null)
          expect(await bench.incidents()).to.deep.equal([{ kind: 'conflicting-answer', about: `request ${first}`, count: 1 }])
          expect(await bench.events()).to.have.members(['eligibility.succeeded.v1', 'eligibility.failed.v1', 'eligibility.changed.v1'])
          const rows = await hub.owner.query('SELECT contested FROM billing.eligibility_answers')
          expect(rows.rows).to.deep.equal([{ contested: true }, { contested: true }])
        }
      }
    })

    it('under numbers that were used for another patient: recorded, since a payer’s counter may begin anew, and a person is told', async () => {
      const { requestIds } = await sentBatch(2)
      const [one = '', two = ''] = requestIds
      const item = answerFor(one)
      await bench.receive(item)
      await bench.receive(answerFor(two, { verdict: 'inactive', source: otherBytes(item.source) }))
      expect((await bench.current(two)).verdict).to.equal('inactive')
      expect((await bench.incidents()).map((one_) => one_.kind)).to.deep.equal(['conflicting-answer'])
    })

    it('never replaces a newer one, whichever comes first', async () => {
      for (const order of [
        [0, 1],
        [1, 0],
      ]) {
        const { first } = await sentBatch(1)
        const said = [
          { verdict: 'inactive' as const, answeredAt: '2026-02-02T15:01:00.000Z' },
          { verdict: 'active' as const, answeredAt: '2026-02-02T15:05:00.000Z' },
        ]
        for (const [i, which] of order.entries()) await bench.receive(answerFor(first, said[which]), { now: bench.at(60 + i) })
        expect((await bench.current(first)).verdict, order.join()).to.equal('active')
        expect(await verdictsOf(hub, first)).to.have.length(2)
        expect(await bench.events()).to.have.length(order[0] === 0 ? 3 : 1)
      }
    })

    it('does not replace what a person said after the payer did, and does where the payer spoke later', async () => {
      const { requestIds } = await sentBatch(2)
      const said = { '0': '2026-02-02T15:10:00.000Z', '1': '2026-02-02T15:50:00.000Z' }
      for (const [i, requestId] of requestIds.entries()) {
        const manual = { requestId, verdict: 'inactive', rule: 'by-phone', reasonCodes: [], copayCents: null, manual: true }
        await bench.apply('billing.record-eligibility', manual, bench.at(30))
        await bench.receive(answerFor(requestId, { answeredAt: i === 0 ? said[0] : said[1] }), { now: bench.at(60) })
      }
      expect(await Promise.all(requestIds.map(async (id) => (await bench.current(id)).verdict))).to.deep.equal(['inactive', 'active'])
    })

    it('by file that contradicts a later "active" of another door, and came after it: no active, and a person is called', async () => {
      const { first } = await sentBatch(1)
      const record = { requestId: first, verdict: 'active', rule: 'plan-active', reasonCodes: [], copayCents: null, manual: false }
      await bench.apply('billing.record-eligibility', record, bench.at(30))
      // 10:10 without a zone: twenty minutes before by one clock, hours after by another.
      await bench.receive(answerFor(first, { verdict: 'inactive', answeredAt: '2026-02-02T15:10:00.000Z' }), { now: bench.at(60) })
      expect((await bench.current(first)).verdict).to.equal(null)
      expect(await bench.incidents()).to.deep.equal([{ kind: 'conflicting-answer', about: `request ${first}`, count: 1 }])
    })

    it('that says the same again makes no second event', async () => {
      const { first } = await sentBatch(1)
      await bench.receive(answerFor(first))
      await bench.receive(answerFor(first), { now: bench.at(5) })
      expect(await bench.events()).to.have.length(1)
    })
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
      await bench.receive(answerFor(first, { person: personCheckOf(traceOf(first), { ...ourPatient, birthDate: '1979-01-31' }) }))
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
        const other = personCheckOf(traceOf(first), { ...ourPatient, birthDate: '1979-01-31' })
        await bench.receive(answerFor(first, { ...found, person: other }))
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

  describe('an acknowledgement', () => {
    it('TA1 that rejects: the inquiries are unsent, a person is called, and sending again takes a new batch', async () => {
      const { batchId, isa13, requestIds } = await sentBatch(2)
      await bench.receive(ta1(isa13, 'rejected', '018'))
      for (const requestId of requestIds) expect(await bench.states(requestId)).to.deep.equal(['not-sent'])
      expect(await bench.incidents()).to.deep.equal([{ kind: 'batch-refused', about: `batch ${batchId}`, count: 2 }])
    })

    it('TA1 that calls it a copy says that it had arrived: nothing is unsent, and only a person may send again', async () => {
      const { first, isa13 } = await sentBatch(1)
      await bench.receive(ta1(isa13, 'rejected', '025'))
      expect(await bench.states(first)).to.deep.equal(['sent'])
      const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 10 })
      expect(items.map(({ kind, canSendAgain }) => ({ kind, canSendAgain }))).to.deep.equal([{ kind: 'batch-refused', canSendAgain: true }])
      await bench.receive(answerFor(first))
      expect((await bench.current(first)).verdict).to.equal('active')
    })

    it('TA1 that nobody understands accepts nothing and rejects nothing; a person is called', async () => {
      const { first, isa13 } = await sentBatch(1)
      await bench.receive(ta1(isa13, 'unreadable'))
      expect(await bench.states(first)).to.deep.equal(['sent'])
      expect((await bench.incidents()).map((incident) => incident.kind)).to.deep.equal(['unreadable-file'])
    })

    it('tells two TA1s of one interchange apart', async () => {
      const one = await sentBatch(1)
      const two = await sentBatch(1)
      const source = freshSource()
      const both: Item[] = [one.isa13, two.isa13].map((isa13) => ({ kind: 'interchange-ack', source, isa13, outcome: 'accepted', note: '000' }))
      for (const item of both) await bench.receive(item)
      expect([await bench.states(one.first), await bench.states(two.first)]).to.deep.equal([['received'], ['received']])
    })

    it('999 that rejects one set: its inquiry alone, by ST02 with or without zeros', async () => {
      const { batchId, isa13, requestIds } = await sentBatch(3)
      await bench.receive(ack999(isa13, { outcome: 'partial', unnamed: 'accepted', sets: [{ st02: '2', outcome: 'rejected', reasons: ['IK5-5'] }] }))
      expect(await Promise.all(requestIds.map((id) => bench.states(id)))).to.deep.equal([['accepted'], ['set-rejected'], ['accepted']])
      expect(await bench.incidents()).to.deep.equal([{ kind: 'set-rejected', about: `batch ${batchId}`, count: 1 }])
    })

    it('999 with unproved counts says nothing of the sets it does not name', async () => {
      const { isa13, requestIds } = await sentBatch(2)
      await bench.receive(ack999(isa13, { outcome: 'partial', unnamed: 'unknown', sets: [{ st02: '0001', outcome: 'accepted-with-errors', reasons: [] }] }))
      expect(await Promise.all(requestIds.map((id) => bench.states(id)))).to.deep.equal([['accepted'], ['sent']])
    })

    it('999 of something that we do not send goes to a person', async () => {
      const { first, isa13 } = await sentBatch(1)
      await bench.receive(ack999(isa13, { functionalId: 'HC' }))
      expect(await bench.states(first)).to.deep.equal(['sent'])
      expect((await bench.incidents()).map((incident) => incident.kind)).to.deep.equal(['unmatched-answer'])
    })

    it('before our own record of the sending is held quietly, and told of when that lasts an hour', async () => {
      await bench.receive(ta1(777_777, 'accepted'))
      expect(await hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(59))).to.equal(0)
      expect(await hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(60))).to.equal(1)
      expect(await hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(61)), 'once').to.equal(0)
      const batch = await bench.batchOf(1)
      await bench.sent(batch, 777_777)
      expect(await bench.states(batch.requestIds[0] ?? '')).to.deep.equal(['received'])
      expect(await bench.incidents()).to.deep.equal([])
    })

    it('under a number that two of our batches have goes to a person', async () => {
      const one = await bench.batchOf(1)
      const two = await bench.batchOf(1, { now: bench.at(1) })
      await bench.sent(one, 5)
      await bench.sent(two, 5)
      await bench.receive(ta1(5, 'rejected', '018'))
      expect([await bench.states(one.requestIds[0] ?? ''), await bench.states(two.requestIds[0] ?? '')]).to.deep.equal([['sent'], ['sent']])
      expect((await bench.incidents()).map((incident) => incident.kind)).to.deep.equal(['unmatched-answer'])
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
