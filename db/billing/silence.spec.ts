import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { ack999, answerFor, type Bench, makeBench } from './fixtures.ts'

/** The hub's clock stands at Monday 2 February 2026, 10:00 Eastern: answers are due on Tuesday at 07:00, which is 21 hours later. */
const due = 21 * 60

describe('silence', function () {
  this.timeout(60_000)
  let hub: TestHub
  let bench: Bench
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(() => bench.clear())
  const watch = (minutes: number) => hub.engine.stores.batches.watchSilence(hub.tenantId, bench.at(minutes))
  const sent = async (count: number, number = 7) => {
    const batch = await bench.batchOf(count)
    await bench.sent(batch, number)
    return { ...batch, number }
  }
  const acknowledged = async (count: number, number = 7) => {
    const batch = await sent(count, number)
    await bench.receive(ack999(number))
    return batch
  }
  const payerSilent = (count: number) => ({ kind: 'silence', about: 'payer SLOWB4', count })

  it('of a payer is nothing to tell before its answers are due', async () => {
    await acknowledged(2)
    expect(await watch(due - 1)).to.equal(0)
    expect(await bench.incidents()).to.deep.equal([])
  })

  it('of a payer opens one incident, with how many wait, and sends nothing', async () => {
    await acknowledged(3)
    expect(await watch(due)).to.equal(1)
    expect(await watch(due + 1), 'the same silence').to.equal(0)
    expect(await bench.incidents()).to.deep.equal([payerSilent(3)])
    expect(await hub.engine.stores.batches.waiting()).to.deep.equal([])
  })

  it('closes by itself when the answers are in', async () => {
    const { requestIds } = await acknowledged(1)
    await watch(due)
    await bench.receive(answerFor(requestIds[0] ?? ''))
    await watch(due + 1)
    expect(await bench.incidents()).to.deep.equal([])
    const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'resolved', limit: 10 })
    expect(items.map(({ reason, payerName }) => ({ reason, payerName }))).to.deep.equal([{ reason: 'went-away', payerName: 'Slow River Benefits' }])
  })

  it('counts down while answers come in', async () => {
    const { requestIds } = await acknowledged(3)
    await watch(due)
    await bench.receive(answerFor(requestIds[0] ?? ''))
    await watch(due + 1)
    expect(await bench.incidents()).to.deep.equal([payerSilent(2)])
  })

  it('that a person closed is not told again, until more falls silent', async () => {
    await acknowledged(1)
    await watch(due)
    const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 10 })
    await hub.api.stores.incidents.close(hub.tenantId, items[0]?.id ?? '', 'confirmed-by-phone', 'user:ops', bench.at(due + 5))
    expect(await watch(due + 10)).to.equal(0)
    await acknowledged(2, 8)
    expect(await watch(due + 11)).to.equal(1)
    expect(await bench.incidents()).to.deep.equal([payerSilent(3)])
  })

  it('inside a window that the payer announced after the sending is none, and is told of at its end', async () => {
    await acknowledged(1)
    const setCalendar = (calendar: unknown) => hub.owner.query(`UPDATE catalog.payers SET calendar = $1 WHERE id = 'SLOWB4'`, [calendar])
    const before = await hub.owner.query<{ calendar: unknown }>(`SELECT calendar FROM catalog.payers WHERE id = 'SLOWB4'`)
    await setCalendar({ downtimes: [{ from: '2026-02-03T10:00:00Z', to: '2026-02-03T18:00:00Z' }] })
    expect(await watch(due)).to.equal(0)
    expect(await watch(due + 6 * 60 - 1)).to.equal(0)
    expect(await watch(due + 6 * 60)).to.equal(1)
    await setCalendar(before.rows[0]?.calendar)
  })

  it('of the clearinghouse is told of an hour after the sending, and over with its 999', async () => {
    const { batchId, number } = await sent(2)
    expect(await watch(59)).to.equal(0)
    expect(await watch(60)).to.equal(1)
    expect(await bench.incidents()).to.deep.equal([{ kind: 'silence', about: `batch ${batchId}`, count: 2 }])
    await bench.receive(ack999(number))
    expect(await bench.incidents()).to.deep.equal([])
  })

  it('of the clearinghouse is over with an answer too: who answers has accepted', async () => {
    const { requestIds } = await sent(1)
    await bench.receive(answerFor(requestIds[0] ?? ''))
    expect(await watch(60)).to.equal(0)
  })

  it('of our own: a batch that nobody sent is told of, and may be sent again', async () => {
    const { requestIds } = await bench.batchOf(1)
    expect(await watch(59)).to.equal(0)
    expect(await watch(60)).to.equal(1)
    const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 10 })
    expect(items.map((one) => one.canSendAgain)).to.deep.equal([true])
    await hub.api.stores.incidents.sendAgain(hub.tenantId, items[0]?.id ?? '', 'user:ops', bench.at(61))
    expect(await bench.states(requestIds[0] ?? '')).to.deep.equal(['batched', 'waiting'])
  })

  it('is told once by ten engines that watch at once', async () => {
    await acknowledged(1)
    const opened = await Promise.all(Array.from({ length: 10 }, () => watch(due)))
    expect(opened.reduce((a, b) => a + b)).to.equal(1)
    expect(await bench.incidents()).to.deep.equal([payerSilent(1)])
  })
})
