import { randomUUID } from 'node:crypto'
import { undoMs } from '@heliox/core/messaging'
import type { LedgerEnd } from '@heliox/core/ports'
import { expect } from 'chai'
import { ack999, answerFor, makeBench, ta1 } from './billing/fixtures.ts'
import { newLink, openTestHub, photoWish, published, sha256, submission, submitMeta, submittedIntake, type TestHub } from './fixtures.ts'
import { type Watched, watchPlans } from './hot-plans.ts'
import { fillTables, ledgerMonths } from './hot-rows.ts'
import { answeredAtOf } from './messaging/effects.ts'
import { listBreakers, waitingGroups } from './messaging/list-breakers.ts'
import { makeOutboxSource } from './outbox-source.ts'
import { withTenant } from './tenancy.ts'

const byUser = `user:${randomUUID()}`

const startOptions = { owner: 'engine-1', leaseMs: 1_000, replay: 'safe', keyedForMs: null, triesMax: 4 } as const
const answered = { is: 'answered', port: 'ok', value: 1, reconciled: false, suspicions: [] } as const
const held = { is: 'held', outcome: 'failed', cause: 'contract', owner: 'engineer', staffText: 'It broke.' } as const
describe('hot queries', function () {
  this.timeout(300_000)
  let hub: TestHub
  let watched: Watched
  const scanned = (): string[] => watched.scanned()
  const storesAs = (role: string) => watched.storesAs(role)
  const expectServed = (): void => {
    expect(scanned()).to.deep.equal([])
    expect(watched.passedOver()).to.deep.equal([])
  }

  before(async () => {
    hub = await openTestHub()
    await fillTables(hub)
    watched = watchPlans(hub)
  })
  after(async () => {
    await watched?.end()
    await hub.close()
  })

  it('reports plans at all, so that silence is not success', async () => {
    const { pool } = storesAs('hub_api')
    await pool.query(`SELECT set_config('app.tenant_id', $1, false)`, [hub.tenantId])
    await pool.query('SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off')
    await pool.query('SELECT * FROM reporting.journeys')
    expect(scanned()).to.deep.equal(['reporting.journeys'])
  })

  it('claims and marks due outbox rows', async () => {
    for (const schema of ['identity', 'billing', 'messaging']) {
      const source = makeOutboxSource(storesAs('hub_relay').pool)
      await source.drain(schema, 100, hub.now, async (rows) => published(rows.slice(0, 50), rows.slice(50, 60)))
    }
    expectServed()
    expect(watched.plans().some((plan) => plan.includes('outbox_due'))).to.equal(true)
  })

  it('finds a link and a session by hash', async () => {
    const { stores } = storesAs('hub_api')
    const link = await newLink(hub)
    const hash = await hub.owner.query<{ h: string }>('SELECT link_sha256 AS h FROM identity.intake_sessions WHERE id = $1', [link.intakeId])
    expect((await stores.intake.findLink(hash.rows[0]?.h ?? '', hub.now))?.intakeId).to.equal(link.intakeId)
    await stores.accounts.session(sha256('nothing'), hub.now)
    await stores.intake.open(link, hub.now)
    expect(await stores.intake.submit(link, submission, submitMeta(), hub.now)).to.equal('submitted')
    expectServed()
  })

  it('finds the decisions that are due, and what was decided about an item', async () => {
    const { stores: engine } = storesAs('hub_engine')
    await engine.decisions.tenants(hub.now)
    await engine.decisions.due(hub.tenantId, 50, hub.now)
    const { stores } = storesAs('hub_api')
    const wish = { decisionId: randomUUID(), action: 'drop', reason: 'other', note: 'n' } as const
    const { items } = await stores.queue.list(hub.tenantId, { status: 'open', sort: 'visit', grouped: false, limit: 1 }, randomUUID(), hub.now)
    const by = `user:${randomUUID()}`
    expect((await stores.queue.decide(hub.tenantId, items[0]?.id ?? '', wish, () => false, by, hub.now)).is).to.equal('decided')
    await stores.queue.undo(hub.tenantId, wish.decisionId, by, hub.now)
    expectServed()
  })

  it('reads the pages of ops: open items, resolved items, journeys, one journey', async () => {
    const { stores } = storesAs('hub_api')
    const queue = (filter: Partial<Parameters<typeof stores.queue.list>[1]>) =>
      stores.queue.list(hub.tenantId, { status: 'open', sort: 'visit', grouped: false, limit: 50, ...filter }, randomUUID(), hub.now)
    const open = await queue({})
    await queue({ cursor: open.nextCursor ?? undefined })
    await queue({ sort: 'age', grouped: true, payer: 'HELIO1' })
    const resolved = await queue({ status: 'resolved' })
    const item = open.items[0]
    if (item) await stores.queue.history(hub.tenantId, item, hub.now)
    await stores.queue.waiting(hub.tenantId, { limit: 50 })
    const journeys = await stores.ops.journeys(hub.tenantId, { limit: 50 })
    await stores.ops.journeys(hub.tenantId, { limit: 50, cursor: journeys.nextCursor ?? undefined })
    await stores.ops.journey(hub.tenantId, journeys.items[0]?.intakeId ?? '')
    expect([open.items.length, resolved.items.length, journeys.items.length]).to.deep.equal([50, 50, 50])
    expectServed()
  })
  it('reads a later page of journeys without the pages before it', async () => {
    const { stores } = storesAs('hub_api')
    let cursor: string | undefined
    for (let pages = 0; pages < 8; pages += 1) cursor = (await stores.ops.journeys(hub.tenantId, { limit: 100, cursor })).nextCursor ?? undefined
    expect(cursor, 'eight pages were there').to.not.equal(undefined)
    expectServed()
  })

  it('tells the figures and the weather, lists what stands in a flow, and finds a program by its token', async () => {
    const { stores } = storesAs('hub_api')
    expect((await stores.live.figures(hub.tenantId, hub.now)).throughput).to.have.lengthOf(60)
    await stores.live.deliveries(hub.tenantId, 'eligibility', 'open', { from: 0, limit: 50 })
    await stores.serviceAccounts.find(sha256('nothing'), hub.now)
    expectServed()
  })

  it('pins, starts and ends an effect, applies through the inbox, projects', async () => {
    const { stores } = storesAs('hub_engine')
    const link = await newLink(hub)
    const id = randomUUID()
    const payload = { notificationId: id, intakeId: link.intakeId, template: 'visit-ready' }
    const envelope = {
      ...{ id, rootId: id, type: 'notification.written.v1', contract: 'NotificationWritten.v1', tenantId: hub.tenantId, region: 'us-east', payload },
      ...{ aggregateType: 'notification', aggregateId: id, aggregateVersion: 1, intakeId: link.intakeId, occurredAt: hub.now.toISOString() },
      ...{ process: 'engine-1', traceparent: null, attempt: 1 },
    }
    await stores.flows.pin(envelope, 'notify', hub.now)
    await stores.flows.pin(envelope, 'notify', hub.now)
    const ref = { tenantId: hub.tenantId, rootId: id, flow: 'notify', version: 1, step: 's', intakeId: link.intakeId, ledgerMonth: '2026-02-01' }
    const options = { owner: 'engine-1', leaseMs: 1000, replay: 'safe', keyedForMs: null, triesMax: 4, now: hub.now } as const
    const started = await stores.ledger.start(ref, { partner: 'p', operation: 'o' }, '{}', options)
    if (started.is !== 'go') throw new Error(started.is)
    await stores.ledger.start(ref, { partner: 'p', operation: 'o' }, '{}', options)
    await stores.ledger.end(ref, started.effectId, started.fencing, { is: 'answered', port: 'ok', value: 1, reconciled: false, suspicions: [] }, hub.now)
    await stores.ledger.start(ref, { partner: 'p', operation: 'o' }, '{}', options)
    await stores.applies.apply(
      'messaging.notify',
      { intakeId: link.intakeId, template: 'visit-ready', aboutId: id },
      {
        ...{ envelope, flow: 'notify', version: 1, step: 'write', process: 'engine-1', now: hub.now },
      },
    )
    await stores.projector.project(envelope, hub.now)
    await stores.flows.settle(envelope, 'notify', 'done', hub.now)
    expectServed()
  })

  it('finds one month of the ledger in each statement of a delivery, whatever its age', async () => {
    const { stores, pool } = storesAs('hub_engine')
    const { link, envelope } = await submittedIntake(hub)
    const { rootId } = envelope
    const pin = await stores.flows.pin(envelope, 'intake', hub.now)
    if (pin.is !== 'open') throw new Error(pin.is)
    const later = (minutes: number): Date => new Date(hub.now.getTime() + minutes * 60_000)
    const ref = { tenantId: hub.tenantId, rootId, flow: 'intake', version: 1, step: 's', intakeId: link.intakeId, ledgerMonth: pin.ledgerMonth }
    const go = async (now: Date) => {
      const started = await stores.ledger.start(ref, { partner: 'p', operation: 'o' }, '{}', { ...startOptions, now })
      if (started.is !== 'go') throw new Error(started.is)
      return started
    }
    const first = await go(hub.now)
    const second = await go(later(1))
    await stores.ledger.end(ref, first.effectId, first.fencing, answered, later(1))
    const again: LedgerEnd = { is: 'retry', outcome: 'failed', cause: 'contract', at: later(2), redeliver: { ...envelope, attempt: 2 } }
    await stores.ledger.end(ref, second.effectId, second.fencing, again, later(1))
    const third = await go(later(2))
    await stores.ledger.end(ref, third.effectId, third.fencing, { ...held, envelope }, later(2))
    await stores.flows.pin(envelope, 'intake', later(3))
    await stores.flows.holdBug(ref, 'bug', 'It broke.', envelope, later(3))
    await withTenant(pool, hub.tenantId, 'service:t', (tx) => answeredAtOf(tx, ref))
    expectServed()
    expect(monthsRead().length).to.be.greaterThan(15)
    expect(monthsRead().filter((read) => read.join() !== '2026_02')).to.deep.equal([])
    await withTenant(pool, hub.tenantId, 'service:t', (tx) =>
      tx.query('SELECT 1 FROM messaging.effects WHERE tenant_id = $1 AND id = $2', [tx.tenantId, rootId]),
    )
    expect(monthsRead().at(-1), 'a statement that does not say its month is seen').to.have.length(ledgerMonths + 1)
  })

  it('keeps what a partner found, and carries out which of it was meant', async () => {
    const { link, envelope } = await submittedIntake(hub)
    const { stores: engine } = storesAs('hub_engine')
    await engine.flows.pin(envelope, 'ehr-writeback', hub.now)
    const { intakeId } = link
    const ref = { tenantId: hub.tenantId, rootId: envelope.rootId, flow: 'ehr-writeback', version: 2, step: 'find chart', intakeId, ledgerMonth: '2026-02-01' }
    const started = await engine.ledger.start(ref, { partner: 'fhir', operation: 'findChart' }, '{}', { ...startOptions, now: hub.now })
    if (started.is !== 'go') throw new Error(started.is)
    const found = { is: 'choice', options: { candidates: ['a', 'b'] }, owner: 'ops', staffText: 'Whose chart is it?', envelope } as const
    await engine.ledger.end(ref, started.effectId, started.fencing, found, hub.now)
    expectServed()
    const item = await hub.owner.query<{ id: string }>(`SELECT id FROM messaging.overrides WHERE cause = 'choice' AND root_id = $1`, [envelope.rootId])
    const person = await hub.owner.query<{ id: string }>('SELECT id FROM identity.users WHERE tenant_id = $1 LIMIT 1', [hub.tenantId])
    const by = `user:${person.rows[0]?.id}`
    const { stores: api } = storesAs('hub_api')
    const chosen = { action: 'choose', reason: 'compared-with-chart', note: 'n', option: 1, port: 'ok', content: { ref: 'Patient/1' } } as const
    const decisionId = randomUUID()
    expect((await api.queue.decide(hub.tenantId, item.rows[0]?.id ?? '', { decisionId, ...chosen }, () => false, by, hub.now)).is).to.equal('decided')
    expectServed()
    const { stores: later } = storesAs('hub_engine')
    const at = { process: 'engine-1', now: new Date(hub.now.getTime() + undoMs) }
    expect(await later.decisions.carryOut(hub.tenantId, { id: decisionId, by }, at)).to.equal('carried-out')
    expectServed()
  })

  it('takes a control number, keeps a file, reads it, records its items, and sees how far its door has come', async () => {
    const { numbers, receive } = storesAs('hub_engine').stores
    await numbers.take(hub.tenantId, 'x12:hot', 'key-1', hub.now)
    await numbers.take(hub.tenantId, 'x12:hot', 'key-1', hub.now)
    const bytes = Buffer.from('hot')
    const file = { name: 'f', bytes, sha256: sha256('hot') }
    for (let i = 0; i < 2; i += 1) await receive.keepFile(hub.tenantId, 'clearinghouse.hot', file, hub.now)
    const [unread] = await receive.unread(hub.tenantId, 'clearinghouse.hot', 10)
    if (!unread) throw new Error('the file is not unread')
    for await (const part of await receive.openFile(hub.tenantId, unread.fileId, 'service:t', hub.now)) expect(Buffer.from(part).equals(bytes)).to.equal(true)
    const items = [{ kind: 'unreadable', problem: 'x', at: 0, set: null }]
    const batch = { first: 0, eventType: 'clearinghouse.item-received.v1', items, last: true }
    await receive.recordItems(hub.tenantId, unread.fileId, batch, { process: 'engine-1', now: hub.now })
    await receive.readFailed(hub.tenantId, 'clearinghouse.hot', unread.fileId, hub.now)
    expect(await receive.lastKept(hub.tenantId, 'clearinghouse.hot')).to.deep.equal({ keptAt: hub.now, cursor: null })
    const turn = await receive.takeTurn(hub.tenantId, 'clearinghouse.hot', 'engine-1', { everyMs: 1_000, leaseMs: 60_000 }, hub.now)
    await turn?.giveBack(hub.now)
    await receive.tenants('clearinghouse')
    expectServed()
  })

  it('queues, closes a batch, records it as sent, its acknowledgements and answers, and watches for silence', async () => {
    const { pool, stores } = storesAs('hub_engine')
    const bench = makeBench({ ...hub, engine: { ...hub.engine, pool, stores } })
    const first = await bench.batchOf(2)
    await bench.sent(first, 900_000_001)
    const waiting = await bench.batchOf(1)
    await bench.receive(ta1(900_000_001, 'accepted'))
    await bench.receive(ack999(900_000_001))
    await bench.receive(ta1(900_000_002, 'accepted'))
    await bench.receive(answerFor(first.requestIds[0] ?? ''))
    await bench.receive(answerFor(randomUUID()))
    await bench.sent(waiting, 900_000_002)
    await stores.batches.waiting()
    await stores.batches.watchSilence(hub.tenantId, bench.at(30 * 60))
    expectServed()
  })

  it('judges an answer, keeps one in doubt, and asks again when it is due', async () => {
    const { pool, stores } = storesAs('hub_engine')
    const bench = makeBench({ ...hub, engine: { ...hub.engine, pool, stores } })
    const id = await bench.request('NORTH2')
    const signs = { says: 'yes', empty: false, testMarked: true, echo: [], hasDates: true, hasPlan: true, body: 'b', subject: 's' } as const
    const { suspicions } = await stores.plausibility.judge(hub.tenantId, 'NORTH2', { signs, latencyMs: 900 }, hub.now)
    await bench.answer(id, { suspicions: [...suspicions] })
    expect(await stores.rechecks.due(bench.at(15))).to.deep.equal([hub.tenantId])
    expect(await stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now: bench.at(15) })).to.deep.equal({ rechecks: 1, canaries: 1 })
    await stores.payers.hours(hub.tenantId, 'NORTH2')
    expectServed()
  })

  it('plans, starts, runs and lists a bulk release', async () => {
    const { stores } = storesAs('hub_api')
    const selection = { flow: 'f' }
    const { plan } = await stores.bulkReleases.plan(hub.tenantId, { action: 'drop', selection }, () => true, byUser, hub.now)
    const wish = { bulkReleaseId: randomUUID(), action: 'drop', selection, ratePerMinute: 600, reason: 'other', note: 'x' } as const
    const started = await stores.bulkReleases.start(hub.tenantId, wish, () => true, byUser, hub.now)
    expect(started).to.deep.include({ status: 'running' })
    const first = await stores.bulkReleases.list(hub.tenantId, { limit: 50 })
    await stores.bulkReleases.list(hub.tenantId, { limit: 50, cursor: first.nextCursor ?? '' })
    expectServed()
    const engine = storesAs('hub_engine').stores
    expect(await engine.bulkTurns.tenants()).to.deep.equal([hub.tenantId])
    expect(await engine.bulkTurns.takeTurns(hub.tenantId, new Date(hub.now.getTime() + 60_000))).to.equal(20)
    await engine.bulkTurns.takeTurns(hub.tenantId, new Date(hub.now.getTime() + 60_200))
    expect(plan.items).to.be.above(20)
    expectServed()
    await stores.bulkReleases.stop(hub.tenantId, wish.bulkReleaseId, byUser, hub.now)
  })

  it('opens a breaker, tries it, counts whom it keeps waiting, ends both, and shows them', async () => {
    const { stores } = storesAs('hub_engine')
    const { tenantId } = hub
    const breaker = { tenantId, partner: 'clearinghouse', payerId: 'P7', operation: 'hot' }
    await stores.breakers.notClosed()
    await stores.breakers.trip(breaker, 'timeout', { resetMs: 1, plausibleToClose: 1 }, hub.now)
    const ask = async (end: 'retry' | 'answered'): Promise<void> => {
      const { link, envelope } = await submittedIntake(hub)
      const ref = { tenantId, rootId: envelope.rootId, flow: 'intake', version: 1, step: 's', intakeId: link.intakeId, ledgerMonth: '2026-02-01' }
      await stores.flows.pin(envelope, 'intake', hub.now)
      const options = { owner: 'engine-1', leaseMs: 1000, replay: 'safe', keyedForMs: null, triesMax: 4, now: hub.now } as const
      const started = await stores.ledger.start(ref, { partner: 'clearinghouse', operation: 'hot' }, '{}', options)
      if (started.is !== 'go') throw new Error(started.is)
      const asked = { payerId: 'P7', scope: 'payer' } as const
      const how: LedgerEnd =
        end === 'retry'
          ? { is: 'retry', outcome: 'failed', cause: 'timeout', at: hub.now, redeliver: { ...envelope, attempt: 2 }, ...asked }
          : { is: 'answered', port: 'ok', value: 1, reconciled: false, suspicions: [], ...asked }
      await stores.ledger.end(ref, started.effectId, started.fencing, how, hub.now)
    }
    await ask('retry')
    const later = new Date(hub.now.getTime() + 1_000)
    const claim = await stores.breakers.claimProbe(breaker, 1_000, later)
    if (claim.is !== 'probe') throw new Error(claim.is)
    expect(await stores.breakers.endProbe(breaker, claim.lease, { is: 'plausible' }, later)).to.deep.equal({ is: 'closed' })
    await ask('answered')
    expectServed()
    const api = storesAs('hub_api').pool
    expect((await withTenant(api, tenantId, 'service:api-1', listBreakers)).length).to.equal(500)
    await withTenant(api, tenantId, 'service:api-1', waitingGroups)
    expectServed()
  })

  it('opens a case, asks for a correction, takes it, gives up what waits, asks again and carries a decision out', async () => {
    const { stores } = storesAs('hub_engine')
    const api = storesAs('hub_api').stores
    const { link, envelope } = await submittedIntake(hub)
    const apply = (name: string, input: unknown) =>
      stores.applies.apply(name, input, { envelope, flow: 'hot', version: 1, step: name, process: 'engine-1', now: hub.now })
    await apply('billing.open-eligibility', envelope.payload)
    const found = await hub.owner.query<{ id: string }>('SELECT id FROM billing.eligibility_requests WHERE intake_id = $1', [link.intakeId])
    const [requestId, { intakeId }] = [found.rows[0]?.id ?? '', link]
    const finding = { intakeId, requestId, payerId: 'HELIO1', payerName: 'Helio', verdict: 'rejected', cause: 'turned-down', owner: 'patient' }
    await apply('messaging.record-case', { ...finding, reasonCodes: ['72'], fields: ['memberId'] })
    await apply('identity.offer-correction', { ...finding, reasonCodes: ['72'], fields: ['memberId'] })
    await api.corrections.asked(hub.tenantId, intakeId)
    await api.corrections.offer(link, hub.now)
    const meta = { idempotencyKey: randomUUID(), payerName: null, traceparent: null, correlationId: 'c' }
    expect(await api.corrections.submit(link, { memberId: 'HX-HOT' }, meta, hub.now)).to.equal('corrected')
    const { patientId, visitId } = envelope.payload as { patientId: string; visitId: string }
    const of = {
      intakeId,
      patientId,
      visitId,
      correctionId: randomUUID(),
      by: 'patient',
      fields: ['memberId'],
      payer: null,
      correctedAt: hub.now.toISOString(),
    }
    await apply('messaging.close-waiting', of)
    await apply('billing.ask-again', of)
    await apply('billing.carry-out-decision', {
      ...{ overrideId: randomUUID(), decisionId: randomUUID(), requestId, intakeId, decision: 'confirm', userId: randomUUID() },
    })
    expectServed()
  })

  it('goes on with a photo, and takes out of quarantine what has served', async () => {
    const { stores } = storesAs('hub_api')
    const link = await newLink(hub)
    for (const now of [hub.now, new Date(hub.now.getTime() + 1_000)])
      await stores.intake.requestUpload(link, photoWish('0b8f7c1e-3d0a-4c55-9a53-6f1f0f3a7b01'), now)
    await stores.intake.completeUpload(link, '0b8f7c1e-3d0a-4c55-9a53-6f1f0f3a7b01', hub.now)
    const { quarantine } = storesAs('hub_engine').stores
    const later = new Date(hub.now.getTime() + 3_600_000)
    await quarantine.expire(hub.tenantId, later)
    await quarantine.removed(
      hub.tenantId,
      (await quarantine.left(hub.tenantId, later)).map(({ uploadId }) => uploadId),
      later,
    )
    expectServed()
  })

  it('reads the pages of incidents, and sends again', async () => {
    const { stores } = storesAs('hub_api')
    const open = await stores.incidents.list(hub.tenantId, { status: 'open', limit: 50 })
    await stores.incidents.list(hub.tenantId, { status: 'open', limit: 50, cursor: open.nextCursor ?? undefined })
    const resolved = await stores.incidents.list(hub.tenantId, { status: 'resolved', limit: 50 })
    await stores.incidents.find(hub.tenantId, open.items[0]?.id ?? '')
    await stores.incidents.sendAgain(hub.tenantId, open.items[0]?.id ?? '', 'user:ops', hub.now)
    await stores.incidents.close(hub.tenantId, open.items[1]?.id ?? '', 'other', 'user:ops', hub.now)
    expect([open.items.length, resolved.items.length]).to.deep.equal([50, 50])
    expectServed()
  })

  /** Each plan that reads or writes the ledger, as the months that it was carried out on. */
  function monthsRead(): string[][] {
    return watched
      .plans()
      .map((plan) => plan.split('\n').filter((line) => / on messaging\.effect/.test(line) && !line.includes('never executed')))
      .map((lines) => [...new Set(lines.flatMap((line) => / on messaging\.effect\w*?_(rest|\d{4}_\d\d) /.exec(line)?.[1] ?? []))].sort())
      .filter((read) => read.length > 0)
  }
})
