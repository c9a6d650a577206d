import { randomUUID } from 'node:crypto'
import type { LedgerEnd } from '@heliox/core/ports'
import { expect } from 'chai'
import pg from 'pg'
import { ack999, answerFor, makeBench, ta1 } from './billing/fixtures.ts'
import { newLink, openTestHub, published, sha256, submission, submitMeta, submittedIntake, type TestHub } from './fixtures.ts'
import { listBreakers, waitingGroups } from './messaging/list-breakers.ts'
import { makeOutboxSource } from './outbox-source.ts'
import { makeStores, type Stores } from './stores.ts'
import { withTenant } from './tenancy.ts'
import { openVault } from './vault.ts'

/**
 * Under row-level security an index serves a condition only when its operator is leakproof, so a plan is judged as the role
 * that runs it, over filled tables. `auto_explain` reports the plan of every statement that the real store methods send, those
 * inside functions too; a sequential scan of a filled table fails.
 */
const byUser = `user:${randomUUID()}`

describe('hot queries', function () {
  this.timeout(120_000)
  let hub: TestHub
  let plans: string[] = []
  const pools: pg.Pool[] = []
  const rowsEach = 1_000
  const filled = [
    ...['identity', 'billing', 'messaging'].map((schema) => `${schema}.outbox`),
    'billing.inbox',
    'reporting.inbox',
    'reporting.journeys',
    'reporting.journey_steps',
    'reporting.journey_holds',
    'identity.intake_sessions',
    'identity.sessions',
    'messaging.pins',
    'messaging.effects',
    'messaging.effect_attempts',
    'messaging.overrides',
    'identity.phi_documents',
    'clinical.appointments',
    'media.uploads',
    'billing.eligibility_requests',
    'billing.eligibility_answers',
    'billing.batches',
    'billing.inquiries',
    'billing.received_items',
    'billing.received_keys',
    'messaging.control_numbers',
    'messaging.received_files',
    'messaging.received_file_parts',
    'messaging.incidents',
    'messaging.breakers',
    'messaging.case_marks',
    'identity.corrections',
    'identity.correction_offers',
    'messaging.bulk_releases',
    'messaging.bulk_release_items',
    'messaging.decisions',
  ]

  before(async () => {
    hub = await openTestHub()
    await fill()
  })
  after(async () => {
    await Promise.all(pools.map((pool) => pool.end()))
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
    expect(scanned()).to.deep.equal([])
    expect(plans.some((plan) => plan.includes('outbox_due'))).to.equal(true)
  })

  it('finds a link and a session by hash', async () => {
    const { stores } = storesAs('hub_api')
    const link = await newLink(hub)
    const hash = await hub.owner.query<{ h: string }>('SELECT link_sha256 AS h FROM identity.intake_sessions WHERE id = $1', [link.intakeId])
    expect((await stores.intake.findLink(hash.rows[0]?.h ?? '', hub.now))?.intakeId).to.equal(link.intakeId)
    await stores.accounts.session(sha256('nothing'), hub.now)
    await stores.intake.open(link, hub.now)
    expect(await stores.intake.submit(link, submission, submitMeta(), hub.now)).to.equal('submitted')
    expect(scanned()).to.deep.equal([])
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
    expect(scanned()).to.deep.equal([])
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
    expect(scanned()).to.deep.equal([])
  })

  it('tells the figures and the weather, lists what stands in a flow, and finds a program by its token', async () => {
    const { stores } = storesAs('hub_api')
    expect((await stores.live.figures(hub.tenantId, hub.now)).throughput).to.have.lengthOf(60)
    await stores.live.deliveries(hub.tenantId, 'eligibility', 'open', { from: 0, limit: 50 })
    await stores.serviceAccounts.find(sha256('nothing'), hub.now)
    expect(scanned()).to.deep.equal([])
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
    const options = { owner: 'engine-1', leaseMs: 1000, replay: 'safe', keyedForMs: null, now: hub.now } as const
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
    expect(scanned()).to.deep.equal([])
  })

  it('takes a control number, keeps a file, reads it and records its items', async () => {
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
    await receive.tenants('clearinghouse')
    expect(scanned()).to.deep.equal([])
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
    expect(scanned()).to.deep.equal([])
  })

  it('judges an answer, keeps one in doubt, and asks again when it is due', async () => {
    const { pool, stores } = storesAs('hub_engine')
    const bench = makeBench({ ...hub, engine: { ...hub.engine, pool, stores } })
    const id = await bench.request('NORTH2')
    const signs = { says: 'yes', empty: false, testMarked: true, echo: [], hasDates: true, hasPlan: true, body: 'b', subject: 's' } as const
    const suspicions = await stores.plausibility.judge(hub.tenantId, 'NORTH2', { signs, latencyMs: 900 }, hub.now)
    await bench.answer(id, { suspicions: [...suspicions] })
    expect(await stores.rechecks.due(bench.at(15))).to.deep.equal([hub.tenantId])
    expect(await stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now: bench.at(15) })).to.deep.equal({ rechecks: 1, canaries: 1 })
    await stores.payers.hours(hub.tenantId, 'NORTH2')
    expect(scanned()).to.deep.equal([])
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
    expect(scanned()).to.deep.equal([])
    const engine = storesAs('hub_engine').stores
    expect(await engine.bulkTurns.tenants()).to.deep.equal([hub.tenantId])
    expect(await engine.bulkTurns.takeTurns(hub.tenantId, new Date(hub.now.getTime() + 60_000))).to.equal(20)
    await engine.bulkTurns.takeTurns(hub.tenantId, new Date(hub.now.getTime() + 60_200))
    expect([plan.items > 20, scanned()]).to.deep.equal([true, []])
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
      const options = { owner: 'engine-1', leaseMs: 1000, replay: 'safe', keyedForMs: null, now: hub.now } as const
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
    expect(scanned()).to.deep.equal([])
    const api = storesAs('hub_api').pool
    expect((await withTenant(api, tenantId, 'service:api-1', listBreakers)).length).to.equal(500)
    await withTenant(api, tenantId, 'service:api-1', waitingGroups)
    expect(scanned()).to.deep.equal([])
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
    expect(scanned()).to.deep.equal([])
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
    expect(scanned()).to.deep.equal([])
  })

  /** Filled tables that some plan since the last call read from end to end. */
  function scanned(): string[] {
    const names = new Set(filled)
    const hits = plans.flatMap((plan) => [...plan.matchAll(/Seq Scan on (\w+\.\w+)/g)].map((match) => match[1] ?? '')).filter((name) => names.has(name))
    return [...new Set(hits)].sort()
  }

  /** The stores over connections of this role that report their plans; only a superuser may ask for that, so it becomes the role after. */
  function storesAs(role: string): { pool: pg.Pool; stores: Stores } {
    const settings = {
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_nested_statements': 'on',
      'auto_explain.log_verbose': 'on',
      'auto_explain.log_level': 'notice',
      client_min_messages: 'notice',
    }
    const options = Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' ')
    const pool = new pg.Pool({
      connectionString: hub.db.ownerUrl,
      max: 1,
      options,
      onConnect: async (client) => {
        await client.query(`SET SESSION AUTHORIZATION ${role}`)
      },
    })
    pools.push(pool)
    plans = []
    pool.on('connect', (client) => {
      client.on('notice', (notice) => plans.push(notice.message ?? ''))
    })
    const vault = openVault({ pool: hub.engine.pool, kmsFile: hub.db.kmsFile })
    return { pool, stores: makeStores({ pool, vault, process: 'test-1', clock: { now: () => hub.now } }) }
  }

  /** Many rows of twenty tenants (two where a key points at tenants), most of them in the state nobody asks for. */
  async function fill(): Promise<void> {
    const ours = [hub.tenantId, hub.otherTenantId]
    const rowOf = (ids: readonly string[], each: number): string =>
      `FROM generate_series(1, ${each}) AS i CROSS JOIN (VALUES ${ids.map((id) => `('${id}'::uuid)`).join(', ')}) AS t(id)`
    const row = rowOf([...ours, ...Array.from({ length: 18 }, () => randomUUID())], rowsEach)
    const keyedRow = rowOf(ours, rowsEach * 4)
    const at = `'2026-01-01T00:00:00Z'::timestamptz + i * interval '1 second'`
    const outbox = (
      schema: string,
    ) => `INSERT INTO ${schema}.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type,
        contract, payload, region, occurred_at, process, available_at, created_at, status, processed_at)
      SELECT t.id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', gen_random_uuid(), 1, 'step.finished.v1', 'x', '{}', 'us-east', ${at}, 'p', ${at}, ${at},
        (CASE WHEN i % 20 = 0 THEN 'pending' ELSE 'processed' END)::${schema}.outbox_status, CASE WHEN i % 20 <> 0 THEN ${at} END ${row}`
    const hex = `encode(sha256((t.id || i::text)::bytea), 'hex')`
    const statements = [
      outbox('identity'),
      outbox('billing'),
      outbox('messaging'),
      `INSERT INTO billing.inbox SELECT t.id, gen_random_uuid(), 'f', 's', ${at}, ${at} ${row}`,
      `INSERT INTO reporting.inbox SELECT t.id, gen_random_uuid(), 'f', 's', ${at}, ${at} ${row}`,
      `INSERT INTO reporting.journeys (tenant_id, intake_id, first_at, updated_at) SELECT t.id, gen_random_uuid(), ${at}, ${at} ${row}`,
      `INSERT INTO reporting.journey_steps (tenant_id, event_id, intake_id, at, step, process) SELECT t.id, gen_random_uuid(), gen_random_uuid(), ${at}, 's', 'p' ${row}`,
      `INSERT INTO reporting.journey_holds SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'f', 'open' ${row}`,
      `INSERT INTO identity.intake_sessions (tenant_id, id, visit_id, link_sha256, expires_at, created_at)
        SELECT t.id, gen_random_uuid(), gen_random_uuid(), ${hex}, '2027-01-01', ${at} ${keyedRow}`,
      `INSERT INTO identity.sessions (tenant_id, id, user_id, token_sha256, started_at, expires_at)
        SELECT t.id, gen_random_uuid(), (SELECT u.id FROM identity.users u WHERE u.tenant_id = t.id LIMIT 1), ${hex}, ${at}, '2027-01-01' ${keyedRow}`,
      `INSERT INTO messaging.pins SELECT t.id, gen_random_uuid(), 'f', 1, gen_random_uuid(), NULL, 'settled', ${at}, ${at} ${row}`,
      `INSERT INTO messaging.effects (tenant_id, id, root_id, flow, step, flow_version, state, fencing) SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'f', 's', 1, 'failed', 1 ${row}`,
      `INSERT INTO messaging.effect_attempts (tenant_id, effect_id, fencing, owner, started_at) SELECT e.tenant_id, e.id, 1, 'o', '2026-01-01' FROM messaging.effects e`,
      `INSERT INTO messaging.overrides (tenant_id, id, root_id, flow, flow_version, step, cause, owner, staff_text, attempts, envelope, status, opened_at, resolution, reason,
          note_document_id, resolved_by, resolved_at)
        SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'f', 1, 's', 'bug', 'ops', 'x', 1, '{}', s.state, ${at}, CASE WHEN s.state = 'resolved' THEN 'drop'::messaging.resolution END,
          CASE WHEN s.state = 'resolved' THEN 'other'::messaging.resolve_reason END, CASE WHEN s.state = 'resolved' THEN t.id END, CASE WHEN s.state = 'resolved' THEN 'u' END,
          CASE WHEN s.state = 'resolved' THEN ${at} END
        ${row} CROSS JOIN LATERAL (SELECT (CASE WHEN i % 20 = 0 THEN 'open' ELSE 'resolved' END)::messaging.override_status AS state) s`,
      `INSERT INTO identity.phi_documents (tenant_id, id, kind, key_version, sealed, stored_at) SELECT t.id, gen_random_uuid(), 'signature', 1, decode(repeat('00', 40), 'hex'), ${at} ${keyedRow}`,
      `INSERT INTO clinical.appointments (tenant_id, id, intake_id, starts_at, ends_at, practitioner, created_at, updated_at)
        SELECT t.id, gen_random_uuid(), gen_random_uuid(), ${at}, ${at} + interval '1 hour', 'd', ${at}, ${at} ${row}`,
      `INSERT INTO media.uploads (tenant_id, id, intake_id, kind, declared_type, quarantine_key, requested_at, updated_at)
        SELECT t.id, gen_random_uuid(), gen_random_uuid(), 'card-front', 'image/png', 'q', ${at}, ${at} ${row}`,
      `INSERT INTO billing.coverages (tenant_id, id, intake_id, patient_id, payer_id, created_at, updated_at)
        SELECT t.id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'SLOWB4', ${at}, ${at} ${row}`,
      `INSERT INTO billing.eligibility_requests (tenant_id, id, coverage_id, intake_id, patient_id, visit_id, payer_id, payer_name, service_date, created_at)
        SELECT c.tenant_id, gen_random_uuid(), c.id, c.intake_id, c.patient_id, gen_random_uuid(), 'SLOWB4', 'Slow', '2026-02-09', c.created_at FROM billing.coverages c`,
      // Doubts are few, and their time is still to come.
      `UPDATE billing.eligibility_requests SET recheck_at = '2026-03-09', recheck_why = 'ageing' WHERE id::text < '1'`,
      `INSERT INTO billing.eligibility_answers (tenant_id, id, request_id, verdict, rule, reason_codes, manual, answered_at)
        SELECT r.tenant_id, gen_random_uuid(), r.id, 'active', 'x', '{}', false, r.created_at FROM billing.eligibility_requests r`,
      `INSERT INTO billing.batches (tenant_id, id, status, inquiries, closed_at, sent_at, isa13, gs06, sha256, ack_due_at, acknowledged_at)
        SELECT t.id, md5(t.id || 'b' || i)::uuid, 'sent', 1, ${at}, ${at}, i, i, ${hex}, ${at}, ${at} ${row}`,
      `INSERT INTO billing.inquiries (tenant_id, request_id, round, payer_id, why, state, queued_at, not_before, batch_id, position, sent_at, answered_at)
        SELECT r.tenant_id, r.id, 1, 'SLOWB4', 'payer-setting', 'answered', r.created_at, r.created_at,
          md5(r.tenant_id || 'b' || row_number() OVER (PARTITION BY r.tenant_id))::uuid, 1, r.created_at, r.created_at FROM billing.eligibility_requests r`,
      `INSERT INTO billing.received_items (tenant_id, id, file_id, position, kind, fate, numbers, sha256, state, item, received_at)
        SELECT t.id, md5(t.id || 'i' || i)::uuid, gen_random_uuid(), 0, 'answer', (CASE WHEN i % 100 = 0 THEN 'orphan' ELSE 'applied' END)::billing.item_fate, 'n' || i, ${hex}, 'whole', '{}', ${at} ${row}`,
      `INSERT INTO billing.received_keys SELECT t.id, 'request:' || md5(t.id || 'r' || i)::uuid, md5(t.id || 'i' || i)::uuid ${row}`,
      `INSERT INTO messaging.control_numbers SELECT t.id, 'x12:hot', 'k' || i, i, ${at} ${row}`,
      `SELECT messaging.raise_control_counter('x12:hot', ${rowsEach})`,
      `INSERT INTO messaging.received_files (tenant_id, id, receiver, sha256, bytes, name_document_id, status, not_before, received_at, read_at)
        SELECT t.id, md5(t.id || 'f' || i)::uuid, 'clearinghouse.hot', ${hex}, 1, gen_random_uuid(), 'read', ${at}, ${at}, ${at} ${row}`,
      `INSERT INTO messaging.received_file_parts SELECT t.id, md5(t.id || 'f' || i)::uuid, 1, gen_random_uuid() ${row}`,
      `INSERT INTO messaging.incidents (tenant_id, id, kind, partner, about, about_id, count, status, opened_at, last_at, reason, closed_by, closed_at)
        SELECT t.id, gen_random_uuid(), 'batch-refused', 'clearinghouse', 'batch', md5(t.id || 'b' || i)::uuid, 1, s.state, ${at}, ${at},
          CASE WHEN s.state = 'resolved' THEN 'other'::messaging.incident_reason END, CASE WHEN s.state = 'resolved' THEN 'u' END, CASE WHEN s.state = 'resolved' THEN ${at} END
        ${row} CROSS JOIN LATERAL (SELECT (CASE WHEN i % 10 = 0 THEN 'open' ELSE 'resolved' END)::messaging.incident_status AS state) s`,
      `INSERT INTO messaging.breakers (tenant_id, partner, payer_id, operation, state, since, trips, reset_ms, plausible_to_close, cause, probe_at, changed_by, changed_at)
        SELECT t.id, 'clearinghouse', 'P' || i, 'hot', (CASE WHEN i % 100 = 0 THEN 'open' ELSE 'closed' END)::messaging.breaker_state, ${at}, 1, 1000, 3, 'timeout', ${at}, 'p', ${at} ${row}`,
      `INSERT INTO messaging.bulk_releases (tenant_id, id, action, selection, rate_per_minute, reason, note_document_id, status, total, decided, carried_out, next_at, run_by,
          started_by, started_at, finished_at)
        SELECT t.id, md5(t.id || 'k' || i)::uuid, 'drop', '{}', 60, 'other', t.id, 'finished', 1, 1, 1, ${at}, 'user:x', 'user:x', ${at}, ${at} ${row}`,
      `INSERT INTO messaging.bulk_release_items (tenant_id, release_id, position, override_id, state, decision_id, turn_at)
        SELECT r.tenant_id, r.id, 1, (SELECT o.id FROM messaging.overrides o WHERE o.tenant_id = r.tenant_id LIMIT 1), 'carried-out', r.id, r.started_at FROM messaging.bulk_releases r`,
      `INSERT INTO messaging.decisions (tenant_id, id, override_id, action, state, reason, note_document_id, undoable, decided_by, decided_at, due_at, ended_at)
        SELECT o.tenant_id, o.id, o.id, 'drop', 'carried-out', 'other', o.id, true, o.id, o.opened_at, o.opened_at, o.opened_at FROM messaging.overrides o WHERE o.status = 'resolved'`,
      `INSERT INTO messaging.case_marks SELECT t.id, gen_random_uuid(), gen_random_uuid(), 1, 0 ${row}`,
      `INSERT INTO identity.patients SELECT s.tenant_id, s.id, s.created_at FROM identity.intake_sessions s WHERE s.patient_id IS NULL`,
      `INSERT INTO identity.correction_offers (tenant_id, intake_id, fields) SELECT s.tenant_id, s.id, '{}' FROM identity.intake_sessions s`,
      `INSERT INTO identity.corrections (tenant_id, id, intake_id, patient_id, corrected_by, actor, fields, idempotency_key, body_mac, former_key_version, former_sealed, corrected_at)
        SELECT s.tenant_id, gen_random_uuid(), s.id, s.id, 'patient', 'x', '{memberId}', 'k', decode(repeat('00', 32), 'hex'), 1, decode(repeat('00', 40), 'hex'), s.created_at
        FROM identity.intake_sessions s WHERE s.patient_id IS NULL`,
      'ANALYZE',
    ]
    for (const statement of statements) await hub.owner.query(statement)
  }
})
