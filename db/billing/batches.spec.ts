import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { ack999, type Bench, makeBench } from './fixtures.ts'

describe('inquiries by batch', function () {
  this.timeout(60_000)
  let hub: TestHub
  let bench: Bench
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(() => bench.clear())
  const close = (everyMs: number, inquiriesMax = 500, now = hub.now) =>
    hub.engine.stores.batches.closeBatch(hub.tenantId, { everyMs, inquiriesMax }, { process: 'engine-1', now })
  const queue = async (requestId: string, why = 'payer-setting') => bench.apply('billing.queue-inquiry', { requestId, why })
  const ops = () => hub.api.stores.incidents
  const onlyOpen = async () => {
    const { items } = await ops().list(hub.tenantId, { status: 'open', limit: 10 })
    if (!items[0] || items.length > 1) throw new Error(`${items.length} incidents`)
    return items[0]
  }

  it('wait once per request, however often they are queued, and say so on the journey', async () => {
    const requestId = await bench.request()
    await queue(requestId)
    await queue(requestId, 'no-real-time-answer')
    expect(await bench.states(requestId)).to.deep.equal(['waiting'])
    expect(await bench.events()).to.deep.equal(['eligibility.queued.v1'])
    expect(await hub.engine.stores.batches.waiting()).to.deep.equal([hub.tenantId])
  })

  it('are not queued for a request that has its answer', async () => {
    const requestId = await bench.request()
    const record = { requestId, verdict: 'active', rule: 'plan-active', reasonCodes: [], copayCents: null, manual: true }
    await bench.apply('billing.record-eligibility', record)
    await queue(requestId)
    expect(await bench.states(requestId)).to.deep.equal([])
  })

  it('close into a batch at once the first time, then every so many minutes, or when there are enough', async () => {
    const minutes15 = 15 * 60_000
    await queue(await bench.request())
    expect(await close(minutes15)).to.be.a('string')
    await queue(await bench.request())
    expect(await close(minutes15, 500, bench.at(14)), 'too soon').to.equal(undefined)
    await queue(await bench.request())
    expect(await close(minutes15, 2, bench.at(14)), 'full').to.be.a('string')
    expect(await close(0, 500, bench.at(60)), 'nothing waits').to.equal(undefined)
    expect((await bench.events()).at(-1)).to.equal('eligibility.batch-closed.v1')
  })

  it('close into one batch when ten engines ask at once, each inquiry in one place', async () => {
    const requestIds: string[] = []
    for (let i = 0; i < 7; i += 1) requestIds.push(await bench.request())
    for (const requestId of requestIds) await queue(requestId)
    const closed = (await Promise.all(Array.from({ length: 10 }, () => close(60_000)))).filter((one) => one !== undefined)
    expect(closed).to.have.length(1)
    const rows = await hub.owner.query('SELECT count(DISTINCT request_id)::int AS requests, count(DISTINCT position)::int AS positions FROM billing.inquiries')
    expect(rows.rows).to.deep.equal([{ requests: 7, positions: 7 }])
  })

  it('never take more than asked for, and leave the rest for the next batch', async () => {
    for (let i = 0; i < 3; i += 1) await queue(await bench.request())
    await close(0, 2)
    const states = await hub.owner.query(`SELECT state::text AS state FROM billing.inquiries ORDER BY state::text`)
    expect(states.rows.map((row) => row.state)).to.deep.equal(['batched', 'batched', 'waiting'])
  })

  it('are read for sending with exactly the named fields, in the order of the batch, each read audited', async () => {
    const { batchId, requestIds } = await bench.batchOf(3)
    const audits = async () =>
      (await hub.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM compliance.audit_logs WHERE action = 'phi.read'`)).rows[0]?.n ?? 0
    const before = await audits()
    const members = await hub.engine.stores.phi.readBatch(hub.tenantId, batchId, ['familyName', 'memberId'], 'eligibility', 'service:engine-1', hub.now)
    expect(members.map((member) => member.requestId)).to.deep.equal(requestIds)
    expect(members[0]).to.deep.include({ payerId: 'SLOWB4', serviceDate: '2026-02-09', patient: { familyName: 'Okafor', memberId: 'HX99871' } })
    expect((await audits()) - before).to.equal(3)
    const nowhere = await hub.engine.stores.phi
      .readBatch(hub.otherTenantId, batchId, ['familyName'], 'eligibility', 'service:engine-1', hub.now)
      .catch((e: Error) => e.message)
    expect(nowhere).to.equal('the batch is not there')
  })

  it('know their numbers and when the answer is due, once the batch is sent', async () => {
    const batch = await bench.batchOf(2)
    await bench.sent(batch, 17)
    const rows = await hub.owner.query(
      `SELECT i.st02, i.state::text AS state, i.answer_due_at AS due, b.isa13, b.ack_due_at AS ack FROM billing.inquiries i JOIN billing.batches b ON b.id = i.batch_id ORDER BY i.position`,
    )
    // Monday 10:00 Eastern: the 999 within the hour, the answers by Tuesday 07:00.
    const row = { state: 'sent', due: new Date('2026-02-03T12:00:00Z'), isa13: 17, ack: new Date('2026-02-02T16:00:00Z') }
    expect(rows.rows).to.deep.equal([
      { st02: '0001', ...row },
      { st02: '0002', ...row },
    ])
  })

  it('that were left out of the file are unsent, told of, and can be sent again', async () => {
    const batch = await bench.batchOf(2)
    const [written = '', leftOut = ''] = batch.requestIds
    await bench.sent({ ...batch, requestIds: [written] }, 17)
    expect([await bench.states(written), await bench.states(leftOut)]).to.deep.equal([['sent'], ['not-sent']])
    const incident = await onlyOpen()
    expect(incident).to.deep.include({ kind: 'set-rejected', about: { is: 'batch', id: batch.batchId }, count: 1, canSendAgain: true })
    await bench.receive(ack999(17))
    expect(await bench.states(leftOut), 'whatever is said of the file').to.deep.equal(['not-sent'])
    expect(await ops().sendAgain(hub.tenantId, incident.id, 'user:ops', hub.now)).to.deep.equal({ is: 'queued', inquiries: 1 })
    expect([await bench.states(written), await bench.states(leftOut)]).to.deep.equal([['accepted'], ['not-sent', 'waiting']])
  })

  describe('of a batch that was refused', () => {
    it('wait for a person, who sends them again in a new batch', async () => {
      const { batchId, requestIds } = await bench.batchOf(2)
      await bench.apply('billing.record-batch-refused', { batchId, code: 'name-taken' })
      expect(await hub.engine.stores.batches.waiting(), 'nothing is sent by itself').to.deep.equal([])
      const incident = await onlyOpen()
      expect(incident).to.deep.include({ kind: 'batch-refused', about: { is: 'batch', id: batchId }, count: 2, canSendAgain: true })
      expect(await ops().sendAgain(hub.tenantId, incident.id, 'user:ops', hub.now)).to.deep.equal({ is: 'queued', inquiries: 2 })
      for (const requestId of requestIds) expect(await bench.states(requestId)).to.deep.equal(['not-sent', 'waiting'])
      const second = await close(0)
      expect(second).to.not.equal(batchId)
      expect(await ops().find(hub.tenantId, incident.id)).to.deep.include({
        status: 'resolved',
        reason: 'sent-again',
        closedBy: 'user:ops',
        canSendAgain: false,
      })
      const audit = await hub.owner.query(`SELECT actor, action FROM compliance.audit_logs WHERE resource LIKE 'incident:' || $1 || '%'`, [incident.id])
      expect(audit.rows).to.deep.equal([{ actor: 'user:ops', action: 'incident.send-again' }])
    })

    it('are sent again once by ten people at once', async () => {
      const { batchId, requestIds } = await bench.batchOf(1)
      await bench.apply('billing.record-batch-refused', { batchId, code: 'not-accepted' })
      const { id } = await onlyOpen()
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => ops().sendAgain(hub.tenantId, id, 'user:ops', hub.now)))
      expect(outcomes.filter((one) => one.is === 'queued')).to.have.length(1)
      expect(await bench.states(requestIds[0] ?? '')).to.deep.equal(['not-sent', 'waiting'])
    })

    it('are not sent again when they were answered meanwhile; the incident stays for a person to close', async () => {
      const { batchId, requestIds } = await bench.batchOf(1)
      await bench.apply('billing.record-batch-refused', { batchId, code: 'name-taken' })
      const record = { requestId: requestIds[0], verdict: 'active', rule: 'by-phone', reasonCodes: [], copayCents: null, manual: true }
      await bench.apply('billing.record-eligibility', record)
      const { id, canSendAgain } = await onlyOpen()
      expect(canSendAgain).to.equal(false)
      expect(await ops().sendAgain(hub.tenantId, id, 'user:ops', hub.now)).to.deep.equal({ is: 'nothing-to-send' })
      expect(await ops().close(hub.tenantId, id, 'confirmed-by-phone', 'user:ops', hub.now)).to.equal('closed')
      expect(await ops().close(hub.tenantId, id, 'other', 'user:ops', hub.now)).to.equal('already-closed')
    })

    it('belong to their tenant: another finds no incident, and frees nothing', async () => {
      const { batchId, requestIds } = await bench.batchOf(1)
      await bench.apply('billing.record-batch-refused', { batchId, code: 'name-taken' })
      const { id } = await onlyOpen()
      expect(await ops().sendAgain(hub.otherTenantId, id, 'user:ops', hub.now)).to.deep.equal({ is: 'not-found' })
      expect(await ops().close(hub.otherTenantId, id, 'other', 'user:ops', hub.now)).to.equal('not-found')
      expect(await ops().list(hub.otherTenantId, { status: 'open', limit: 10 })).to.deep.include({ items: [], total: 0 })
      expect(await bench.states(requestIds[0] ?? '')).to.deep.equal(['not-sent'])
      expect(await ops().find(hub.tenantId, randomUUID())).to.equal(undefined)
    })

    it('count as sent when it turns out that it left after all', async () => {
      const batch = await bench.batchOf(1)
      await bench.apply('billing.record-batch-refused', { batchId: batch.batchId, code: 'name-taken' })
      await bench.sent(batch, 4)
      expect(await bench.states(batch.requestIds[0] ?? '')).to.deep.equal(['sent'])
    })
  })
})
