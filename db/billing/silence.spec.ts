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
  const sendAgain = async (minutes: number) => {
    const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 10 })
    const [incident] = items
    if (!incident?.canSendAgain || items.length > 1) throw new Error('not one incident that offers it')
    return hub.api.stores.incidents.sendAgain(hub.tenantId, incident.id, 'user:ops', bench.at(minutes))
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
    expect(await bench.states(requestIds[0] ?? '')).to.deep.equal(['not-sent', 'waiting'])
  })

  it('of our own, once sent again, is given up: neither sent nor read for sending any more, and told of no more', async () => {
    const { batchId, requestIds } = await bench.batchOf(1)
    await watch(60)
    await sendAgain(61)
    expect(await bench.states(requestIds[0] ?? '')).to.deep.equal(['not-sent', 'waiting'])
    const read = hub.engine.stores.phi.readBatch(hub.tenantId, batchId, ['familyName'], 'eligibility', 'service:engine-1', bench.at(62))
    expect(await read.catch((e: Error) => e.message)).to.equal('the batch was refused')
    expect(await watch(200)).to.equal(0)
    expect(await bench.incidents()).to.deep.equal([])
  })

  it('of a payer can be ended by a person, who sends again under new numbers; only what is overdue, and once', async () => {
    const { requestIds } = await acknowledged(2)
    const [quiet = '', answered = ''] = requestIds
    await bench.receive(answerFor(answered))
    await watch(due - 1)
    const later = await bench.batchOf(1, { now: bench.at(due - 1) })
    await bench.sent(later, 8, bench.at(due - 1))
    await watch(due)
    expect(await sendAgain(due + 1)).to.deep.equal({ is: 'queued', inquiries: 1 })
    expect(await bench.states(quiet)).to.deep.equal(['accepted', 'waiting'])
    expect(await bench.states(answered)).to.deep.equal(['answered'])
    expect(await bench.states(later.requestIds[0] ?? '')).to.deep.equal(['sent'])
    expect(await watch(due + 2)).to.equal(0)
    expect(await bench.incidents(), 'and nobody is called again for the old one').to.deep.equal([])
    await bench.receive(answerFor(quiet), { now: bench.at(due + 3) })
    expect(await bench.states(quiet), 'whichever round it answers').to.deep.equal(['answered', 'answered'])
  })

  it('of the clearinghouse can be ended so too', async () => {
    const { requestIds } = await sent(1)
    await watch(60)
    expect(await sendAgain(61)).to.deep.equal({ is: 'queued', inquiries: 1 })
    expect(await bench.states(requestIds[0] ?? '')).to.deep.equal(['sent', 'waiting'])
    expect(await watch(62)).to.equal(0)
    expect(await bench.incidents()).to.deep.equal([])
  })

  it('behind five thousand that were told of is told of, and closes nobody’s incident out of a list that was cut', async () => {
    await acknowledged(1)
    await watch(due)
    const { batchId } = await acknowledged(1, 8)
    await hub.owner.query(`ALTER TABLE billing.inquiries DISABLE TRIGGER ALL`)
    await hub.owner.query(
      `INSERT INTO billing.inquiries (tenant_id, request_id, round, payer_id, why, state, queued_at, not_before, batch_id, position, sent_at, answer_due_at, overdue_at)
       SELECT $1, gen_random_uuid(), 1, 'HELIO1', 'payer-setting', 'accepted', $2, $2, $3, 1, $2, $2, $2 FROM generate_series(1, 5000)`,
      [hub.tenantId, bench.at(0), batchId],
    )
    await hub.owner.query(`ALTER TABLE billing.inquiries ENABLE TRIGGER ALL`)
    await watch(due + 1)
    const told = await hub.owner.query(`SELECT DISTINCT overdue_at IS NOT NULL AS told FROM billing.inquiries WHERE payer_id = 'SLOWB4'`)
    expect(told.rows).to.deep.equal([{ told: true }])
    expect((await bench.incidents()).map((one) => one.about)).to.include('payer SLOWB4')
    await watch(due + 2)
    expect((await bench.incidents()).map((one) => one.about)).to.include('payer SLOWB4')
  })

  it('is told once by ten engines that watch at once', async () => {
    await acknowledged(1)
    const opened = await Promise.all(Array.from({ length: 10 }, () => watch(due)))
    expect(opened.reduce((a, b) => a + b)).to.equal(1)
    expect(await bench.incidents()).to.deep.equal([payerSilent(1)])
  })
})
