import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import type { LedgerEnd, LedgerStart, StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, openItems, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

type Go = Extract<LedgerStart, { is: 'go' }>
const target = { partner: 'clearinghouse', operation: 'clearinghouse.checkEligibility.v1' }
const secondMs = 1_000

const daySeconds = 24 * 3_600

describe('effect ledger', () => {
  let hub: TestHub
  let envelope: Envelope
  let ref: StepRef
  before(async () => {
    hub = await openTestHub()
  })
  beforeEach(async () => {
    const submitted = await submittedIntake(hub)
    envelope = submitted.envelope
    ref = {
      tenantId: hub.tenantId,
      rootId: envelope.rootId,
      flow: 'intake',
      version: 1,
      step: 'ask payer',
      intakeId: submitted.link.intakeId,
      ledgerMonth: '2026-02-01',
    }
    await hub.engine.stores.flows.pin(envelope, 'intake', hub.now)
  })
  after(() => hub.close())

  const iso = (seconds: number): string => at(seconds).toISOString()
  const at = (seconds: number): Date => new Date(hub.now.getTime() + seconds * secondMs)
  const start = (
    seconds = 0,
    options: { replay?: 'safe' | 'keyed' | 'never'; keyedForMs?: number; triesMax?: number; input?: string; owner?: string } = {},
  ): Promise<LedgerStart> =>
    hub.engine.stores.ledger.start(ref, target, options.input ?? '{"member":"A"}', {
      owner: options.owner ?? 'engine-1',
      leaseMs: 20 * secondMs,
      replay: options.replay ?? 'never',
      keyedForMs: options.keyedForMs ?? null,
      triesMax: options.triesMax ?? 4,
      now: at(seconds),
    })
  const go = async (...args: Parameters<typeof start>): Promise<Go> => {
    const started = await start(...args)
    if (started.is !== 'go') throw new Error(`expected go, got ${started.is}`)
    return started
  }
  const end = (started: Go, how: LedgerEnd, seconds = 1) => hub.engine.stores.ledger.end(ref, started.effectId, started.fencing, how, at(seconds))
  const answered: LedgerEnd & { is: 'answered' } = { is: 'answered', port: 'ok', value: { verdict: 'active' }, reconciled: false, suspicions: [] }
  const retry = (outcome: 'failed' | 'unknown', seconds = 10): LedgerEnd & { is: 'retry' } => ({
    is: 'retry',
    outcome,
    cause: outcome === 'failed' ? 'unavailable' : 'timeout',
    at: at(seconds),
    redeliver: { ...envelope, attempt: envelope.attempt + 1 },
  })
  const stateOf = async (id: string): Promise<Record<string, unknown>> => {
    const found = await hub.owner.query('SELECT state::text, tries, fencing, uncertain, port::text, manual, lease_until FROM messaging.effects WHERE id = $1', [
      id,
    ])
    return found.rows[0]
  }

  it('lets one of twenty start, and hands the others back until its lease ends', async () => {
    const starts = await Promise.all(Array.from({ length: 20 }, (_, i) => start(0, { owner: `engine-${i}` })))
    expect(starts.filter((one) => one.is === 'go')).to.have.length(1)
    for (const one of starts.filter((other) => other.is !== 'go')) expect(one).to.deep.equal({ is: 'busy', retryAfterMs: 20 * secondMs })
  })

  it('answers from the ledger once it has an answer, and never asks again', async () => {
    expect(await end(await go(), answered)).to.equal('recorded')
    expect(await start(2)).to.deep.equal({ is: 'done', port: 'ok', value: { verdict: 'active' }, manual: false, suspicions: [] })
  })

  it('keeps a rejection as an answer', async () => {
    const started = await go()
    await end(started, { is: 'answered', port: 'rejected', value: { reasons: ['75'] }, reconciled: false, suspicions: [] })
    expect(await stateOf(started.effectId)).to.include({ state: 'rejected', port: 'rejected' })
    expect(await start(2)).to.include({ is: 'done', port: 'rejected' })
  })

  it('keeps the fault of every attempt beside an answer that stands in for the partner’s', async () => {
    const first = await go(0, { replay: 'safe' })
    await end(first, retry('failed'))
    const second = await go(10, { replay: 'safe' })
    await end(second, { is: 'answered', port: 'rejected', value: { next: 'batch' }, reconciled: false, suspicions: [], instead: 'timeout' }, 11)
    expect(await stateOf(first.effectId)).to.include({ state: 'rejected', port: 'rejected', uncertain: false })
    const attempts = await hub.owner.query('SELECT outcome::text, cause::text FROM messaging.effect_attempts WHERE effect_id = $1 ORDER BY fencing', [
      first.effectId,
    ])
    expect(attempts.rows).to.deep.equal([
      { outcome: 'failed', cause: 'unavailable' },
      { outcome: 'failed', cause: 'timeout' },
    ])
    expect(await start(12, { replay: 'safe' })).to.deep.equal({ is: 'done', port: 'rejected', value: { next: 'batch' }, manual: false, suspicions: [] })
  })

  it('sends the first attempt’s bytes, whatever a later attempt was given', async () => {
    await end(await go(0, { input: '{"member":"A"}' }), retry('failed'))
    expect(await go(10, { input: '{"member":"changed"}' })).to.include({ input: '{"member":"A"}', mode: 'again', attempt: 2, fencing: 2 })
  })

  it('keeps neither input nor answer readable in the database', async () => {
    await end(await go(0, { input: '{"member":"CANARY-77"}' }), { ...answered, value: { name: 'CANARY-77' } })
    const found = await hub.owner.query(`SELECT sealed FROM identity.phi_documents`)
    for (const row of found.rows as { sealed: Buffer }[]) expect(row.sealed.includes('CANARY')).to.equal(false)
    const effects = await hub.owner.query('SELECT e::text AS text FROM messaging.effects e UNION ALL SELECT o::text FROM messaging.outbox o')
    for (const row of effects.rows as { text: string }[]) expect(row.text).to.not.include('CANARY')
  })

  describe('an expired lease is UNKNOWN', () => {
    it('sends a read again', async () => {
      const first = await go()
      expect(await go(21, { replay: 'safe' })).to.include({ effectId: first.effectId, mode: 'again', fencing: 2, attempt: 1 })
      const attempts = await hub.owner.query('SELECT fencing, outcome::text FROM messaging.effect_attempts WHERE effect_id = $1 ORDER BY fencing', [
        first.effectId,
      ])
      expect(attempts.rows).to.deep.equal([
        { fencing: 1, outcome: 'unknown' },
        { fencing: 2, outcome: null },
      ])
    })
    it('leaves no riddle where sending again is harmless: a failure after it is a failure', async () => {
      await go(0, { replay: 'safe' })
      const second = await go(21, { replay: 'safe' })
      await end(second, retry('failed', 40), 22)
      expect(await stateOf(second.effectId)).to.include({ state: 'failed', uncertain: false })
    })
    it('asks first what became of a send that must not happen twice', async () => {
      await go()
      expect(await go(21, { replay: 'never' })).to.include({ mode: 'reconcile' })
    })
    it('sends a keyed one again while the partner remembers the key, and asks first after that', async () => {
      await go(0, { replay: 'keyed', keyedForMs: 60 * secondMs })
      expect(await go(39, { replay: 'keyed', keyedForMs: 60 * secondMs })).to.include({ mode: 'again' })
      // It may leave until its lease is over: a second more, and the partner may have forgotten the key by then.
      expect(await go(60, { replay: 'keyed', keyedForMs: 60 * secondMs })).to.include({ mode: 'reconcile' })
    })
    it('does not count as an attempt: a crash is not the partner’s failure', async () => {
      await go()
      await go(21)
      expect(await go(42)).to.include({ attempt: 1, fencing: 3 })
    })
  })

  it('says when the lease ends, and when the last send may have been', async () => {
    const first = await go(0)
    expect(first).to.include({ firstSentAt: iso(0), lastSentAt: null, leaseUntil: iso(20) })
    await end(first, retry('failed', 10), 5)
    const second = await go(12)
    expect(second).to.include({ firstSentAt: iso(0), lastSentAt: iso(5), leaseUntil: iso(32) })
    await end(second, { ...retry('unknown', 15), effectSent: false }, 14)
    expect(await go(15), 'a question is no send').to.include({ lastSentAt: iso(5) })
    expect(await go(40), 'whoever lost the lease may have sent until it was over').to.include({ lastSentAt: iso(35) })
  })

  describe('how often and how long it may be tried', () => {
    it('is fixed by the first send, whatever a later release says', async () => {
      await end(await go(0, { triesMax: 3 }), retry('failed', 10))
      expect(await go(10, { triesMax: 9 })).to.include({ triesMax: 3, retryUntil: iso(daySeconds), retryUntilMax: iso(11 * daySeconds), overdue: false })
    })
    it('is longer by the time for which the payer was known to be closed, and not by a breaker’s', async () => {
      await end(await go(), { ...retry('failed', 101), waits: 'hours' }, 1)
      const second = await go(101)
      expect(second).to.include({ retryUntil: iso(daySeconds + 100), retryUntilMax: iso(11 * daySeconds) })
      await end(second, { ...retry('failed', 202), waits: 'breaker' }, 102)
      expect(await go(202)).to.include({ retryUntil: iso(daySeconds + 100) })
      await end(await go(300), { ...retry('failed', 20 * daySeconds), waits: 'hours' }, 301)
      expect(await go(20 * daySeconds), 'and never longer than was fixed').to.include({ retryUntil: iso(11 * daySeconds), overdue: true })
    })
    it('is over for a delivery that comes too late: what is unknown is asked about, though the partner still knows the key', async () => {
      const keyed = { replay: 'keyed', keyedForMs: 40 * daySeconds * secondMs } as const
      await go(0, keyed)
      expect(await go(daySeconds, keyed)).to.include({ mode: 'again', overdue: false })
      expect(await go(daySeconds + 3_600, keyed)).to.include({ mode: 'reconcile', overdue: true })
    })
  })

  it('sends no retry before its time, though its message comes again early', async () => {
    await end(await go(), retry('failed', 60))
    expect(await start(20)).to.deep.equal({ is: 'busy', retryAfterMs: 40 * secondMs })
    expect(await go(60)).to.include({ mode: 'again', attempt: 2 })
  })

  it('knows the outcome again once the partner said that the earlier send is not there', async () => {
    await end(await go(), retry('unknown'))
    const second = await go(10)
    await end(second, { ...retry('failed', 30), earlierNotDone: true } as LedgerEnd, 11)
    expect(await stateOf(second.effectId)).to.include({ state: 'failed', uncertain: false })
    expect(await go(30)).to.include({ mode: 'again' })
  })

  it('takes an end of a replaced generation for late, whoever holds its lease', async () => {
    const first = await go()
    await hub.owner.query(
      `INSERT INTO messaging.effects (tenant_id, id, root_id, flow, step, generation, flow_version, state, input_document_id, ledger_month)
       SELECT tenant_id, $2, root_id, flow, step, 2, flow_version, 'started', input_document_id, ledger_month FROM messaging.effects WHERE id = $1`,
      [first.effectId, randomUUID()],
    )
    expect(await end(first, answered)).to.equal('late')
    expect(await stateOf(first.effectId)).to.include({ state: 'started', port: null })
    expect(await start(2)).to.include({ is: 'go', generation: 2 })
  })

  it('audits each call to the partner in the commit that ends it: answered, failed, lost, and late', async () => {
    const calls = async (id: string): Promise<string[]> => {
      const found = await hub.owner.query<{ told: string }>(
        `SELECT outcome || ' ' || resource AS told FROM compliance.audit_logs WHERE action = 'partner.call' AND actor = 'service:engine-1'
         AND resource LIKE '%' || $1 || '%' ORDER BY at`,
        [id],
      )
      return found.rows.map((row) => row.told)
    }
    const failed = await go()
    const told = (outcome: string): string => `${target.operation} effect:${failed.effectId} generation:1 ${outcome}`
    await end(failed, retry('failed'))
    const lost = await go(10)
    const winner = await go(31, { replay: 'safe' })
    await end(lost, answered, 32)
    await end(lost, answered, 33)
    await end(winner, answered, 34)
    await end(winner, answered, 35)
    expect(await calls(failed.effectId)).to.deep.equal([
      `error ${told('failed')}`,
      `error ${told('unknown')}`,
      `ok ${told('succeeded')}`,
      `ok ${told('succeeded')}`,
    ])
  })

  it('keeps the audit row of a document whose opening then fails', async () => {
    await end(await go(), retry('failed'))
    const document = await hub.owner.query<{ id: string }>(
      `UPDATE identity.phi_documents SET sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 1)
       WHERE intake_id = $1 AND kind = 'effect-input' RETURNING id`,
      [ref.intakeId],
    )
    expect(await start(10).catch(() => 'does not open')).to.equal('does not open')
    const audited = await hub.owner.query('SELECT purpose FROM compliance.audit_logs WHERE resource = $1', [`document:${document.rows[0]?.id}`])
    expect(audited.rows).to.deep.equal([{ purpose: 'resend' }])
  })

  it('opens no item on a delivery that is over', async () => {
    const started = await go()
    await hub.engine.stores.flows.settle(envelope, 'intake', 'done', at(1))
    await end(started, { is: 'held', outcome: 'failed', cause: 'bug', owner: 'engineer', staffText: 'x', envelope })
    await hub.engine.stores.flows.holdBug(ref, 'bug', 'x', envelope, at(2))
    const items = await hub.owner.query('SELECT 1 FROM messaging.overrides WHERE root_id = $1', [ref.rootId])
    expect(items.rowCount).to.equal(0)
  })

  it('keeps an unknown outcome unknown when a later attempt merely fails', async () => {
    await end(await go(), retry('unknown'))
    const second = await go(10)
    expect(second).to.include({ mode: 'reconcile', attempt: 2 })
    await end(second, retry('failed', 30), 11)
    expect(await stateOf(second.effectId)).to.include({ state: 'unknown', uncertain: true, tries: 2 })
    expect(await go(30)).to.include({ mode: 'reconcile', attempt: 3 })
  })

  it('ends as reconciled when the partner says what became of it', async () => {
    await end(await go(), retry('unknown'))
    const second = await go(10)
    await end(second, { ...answered, reconciled: true }, 11)
    expect(await stateOf(second.effectId)).to.include({ state: 'reconciled', uncertain: false, port: 'ok', lease_until: null })
    expect(await start(12)).to.include({ is: 'done' })
  })

  it('records the answer of an attempt that lost its lease, and applies nothing of it', async () => {
    const lost = await go()
    const winner = await go(21, { replay: 'safe' })
    expect(await end(lost, { ...answered, value: { verdict: 'inactive' } }, 22)).to.equal('late')
    expect(await stateOf(lost.effectId)).to.include({ state: 'started', fencing: winner.fencing })
    await end(winner, answered, 23)
    expect(await start(24)).to.deep.include({ is: 'done', value: { verdict: 'active' } })
    const kept = await hub.owner.query('SELECT late_document_id FROM messaging.effect_attempts WHERE effect_id = $1 AND fencing = 1 AND late_at IS NOT NULL', [
      lost.effectId,
    ])
    expect(kept.rows[0]?.late_document_id).to.be.a('string')
  })

  it('takes the same end twice without telling it twice', async () => {
    await drainAll(hub, 'messaging', at(100))
    const started = await go()
    await end(started, answered)
    expect(await end(started, answered)).to.equal('recorded')
    const finished = (await drainAll(hub, 'messaging', at(2))).filter((row) => row.envelope.type === 'step.finished.v1')
    expect(finished.map((row) => row.envelope.payload)).to.deep.equal([
      { rootId: ref.rootId, flow: 'intake', version: 1, step: 'ask payer', outcome: 'succeeded', generation: 1, durationMs: 1000 },
    ])
  })

  it('keeps the trace of the request in what a retry, an item and an answer tell', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await drainAll(hub, 'messaging', at(1_000))
    await end(await go(), { ...retry('failed', 10), redeliver: { ...envelope, traceparent, attempt: 2 } } as LedgerEnd)
    await end(await go(10), { ...answered, traceparent } as LedgerEnd, 11)
    const told = await drainAll(hub, 'messaging', at(11))
    expect(told.map((row) => [row.envelope.type, row.envelope.traceparent])).to.have.deep.members([
      ['step.finished.v1', traceparent],
      [envelope.type, traceparent],
      ['step.finished.v1', traceparent],
    ])
  })

  it('writes the redelivery of a retry in the same commit, for that flow only and not before its time', async () => {
    await drainAll(hub, 'messaging', at(100))
    await end(await go(), retry('failed', 60))
    expect((await drainAll(hub, 'messaging', at(59))).map((row) => row.envelope.type)).to.deep.equal(['step.finished.v1'])
    const [again] = await drainAll(hub, 'messaging', at(60))
    expect(again?.routingKey).to.equal('redeliver.intake')
    expect(again?.envelope).to.deep.equal({ ...envelope, attempt: 2 })
  })

  it('opens one item when it holds, and says held from then on', async () => {
    const held: LedgerEnd = { is: 'held', outcome: 'failed', cause: 'credentials', owner: 'clinic', staffText: 'The token was refused.', envelope }
    const started = await go()
    await end(started, held)
    expect(await start(5)).to.deep.equal({ is: 'held' })
    const item = (await openItems(hub)).filter((one) => one.intakeId === ref.intakeId)
    expect(item).to.have.length(1)
    expect(item[0]).to.include({
      cause: 'credentials',
      owner: 'clinic',
      step: 'ask payer',
      partner: 'clearinghouse',
      attempts: 1,
      visitAt: '2026-02-09T16:00:00.000Z',
    })
    expect(await hub.api.stores.queue.input(hub.tenantId, item[0]?.id ?? '', 'compare-with-card', 'user:ops', hub.now)).to.deep.equal({ member: 'A' })
    const pin = await hub.owner.query('SELECT state::text FROM messaging.pins WHERE root_id = $1', [ref.rootId])
    expect(pin.rows[0]).to.deep.equal({ state: 'held' })
  })

  it('refuses to end an effect that is not there', async () => {
    const nowhere = await hub.engine.stores.ledger.end(ref, randomUUID(), 1, answered, hub.now).catch((error: Error) => error.message)
    expect(nowhere).to.equal('ledger: no such effect')
  })
})
