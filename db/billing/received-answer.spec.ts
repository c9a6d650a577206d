import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { TestHub } from '../fixtures.ts'
import { ack999, answerFor, type Bench, otherBytes, ta1 } from './fixtures.ts'
import { fromPartner, verdictsOf } from './received-testing.ts'

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap((one, i) => permutations(list.toSpliced(i, 1)).map((rest) => [one, ...rest]))
}
describe('an answer that comes back from a partner', function () {
  const partner = fromPartner(this)
  const { nextNumber, sentBatch } = partner
  let hub: TestHub
  let bench: Bench
  before(() => {
    ;({ hub, bench } = partner)
  })

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
      const batch = await bench.batchOf(1, { now: bench.at(nextNumber()) })
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
