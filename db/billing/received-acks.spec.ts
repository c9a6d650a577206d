import { expect } from 'chai'
import type { TestHub } from '../fixtures.ts'
import { ack999, answerFor, type Bench, freshSource, type Item, ta1 } from './fixtures.ts'
import { fromPartner } from './received-testing.ts'

describe('an acknowledgement that comes back from a partner', function () {
  const partner = fromPartner(this)
  const { sentBatch } = partner
  let hub: TestHub
  let bench: Bench
  before(() => {
    ;({ hub, bench } = partner)
  })

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
    await hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(1))
    expect(await bench.incidents(), 'it is not known yet whether the first one had arrived').to.have.length(1)
    await bench.receive(answerFor(first))
    expect((await bench.current(first)).verdict).to.equal('active')
    await hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(2))
    expect(await bench.incidents(), 'it had').to.deep.equal([])
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
