import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Envelope } from '@heliox/core/kit'
import type { LedgerEnd, LedgerStart, StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, openItems, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'
import { sealDocument } from '../identity/documents.ts'
import { withTenant } from '../tenancy.ts'
import { type Resolve, resolveOverride } from './resolve-override.ts'

type Go = Extract<LedgerStart, { is: 'go' }>
const why = { reason: 'confirmed-by-phone', note: 'Spoke to the payer of CANARY-88.' } as const
const faulted = { is: 'held', outcome: 'failed', cause: 'unavailable', owner: 'ops', staffText: 'No answer.' } as const
const opsUser = randomUUID()
const byOps = `user:${opsUser}`

describe('resolving what is held', () => {
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
      flow: 'eligibility',
      version: 1,
      step: 'ask payer',
      intakeId: submitted.link.intakeId,
      ledgerMonth: '2026-02-01',
    }
    await hub.engine.stores.flows.pin(envelope, 'eligibility', hub.now)
    await drainAll(hub, 'messaging', new Date('2027-01-01T00:00:00Z'))
  })
  after(() => hub.close())

  const start = (now = hub.now): Promise<LedgerStart> =>
    hub.engine.stores.ledger.start(ref, { partner: 'clearinghouse', operation: 'clearinghouse.checkEligibility.v1' }, '{"member":"A"}', {
      owner: 'engine-1',
      leaseMs: 20_000,
      replay: 'never',
      keyedForMs: null,
      triesMax: 4,
      now,
    })
  const hold = async (outcome: 'failed' | 'unknown' = 'failed'): Promise<{ started: Go; itemId: string }> => {
    const started = await start()
    if (started.is !== 'go') throw new Error(started.is)
    const end: LedgerEnd = { is: 'held', outcome, cause: outcome === 'failed' ? 'unavailable' : 'timeout', owner: 'ops', staffText: 'No answer.', envelope }
    await hub.engine.stores.ledger.end(ref, started.effectId, started.fencing, end, hub.now)
    return { started, itemId: await openItem() }
  }
  const openItem = async (): Promise<string> => {
    const item = (await openItems(hub)).find((one) => one.intakeId === ref.intakeId)
    if (!item) throw new Error('no open item')
    return item.id
  }
  const waitingForLocks = async (n: number): Promise<void> => {
    for (let tries = 0; tries < 500; tries += 1) {
      const found = await hub.owner.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
      if (found.rowCount === n) return
      await sleep(10)
    }
    throw new Error(`no ${n} wait for a lock`)
  }
  type How = Resolve extends infer R ? (R extends unknown ? Omit<R, 'noteDocumentId'> & { note: string } : never) : never
  const resolve = async (id: string, { note, ...how }: How, tenantId = hub.tenantId, now = hub.now) => {
    const { pool, vault } = hub.engine
    await vault.warm(tenantId)
    return withTenant(pool, tenantId, byOps, async (tx) => {
      const noteDocumentId = await sealDocument(tx, vault, { kind: 'override-note', intakeId: null, text: note }, now)
      return resolveOverride(tx, vault, id, { ...how, noteDocumentId }, { now, process: 'engine-1', traceparent: null })
    })
  }
  const redelivered = async () => (await drainAll(hub, 'messaging', hub.now)).filter((row) => row.routingKey === 'redeliver.eligibility')

  it('answer: the flow goes on with a person’s value, marked manual', async () => {
    const { itemId } = await hold()
    const result = await resolve(itemId, { resolution: 'answer', port: 'ok', value: { verdict: 'active' }, ...why })
    expect(result).to.equal('resolved')
    expect((await redelivered()).map((row) => row.envelope)).to.deep.equal([{ ...envelope, attempt: 1 }])
    expect(await start()).to.deep.equal({ is: 'done', port: 'ok', value: { verdict: 'active' }, manual: true, suspicions: [] })
  })

  it('answer: an unknown outcome is reconciled by the person who knows', async () => {
    const { itemId, started } = await hold('unknown')
    await resolve(itemId, { resolution: 'answer', port: 'rejected', value: { reasons: [] }, ...why })
    const found = await hub.owner.query('SELECT state::text, port::text, manual FROM messaging.effects WHERE id = $1', [started.effectId])
    expect(found.rows[0]).to.deep.equal({ state: 'reconciled', port: 'rejected', manual: true })
  })

  it('retry: the same key and bytes, with attempts counted from one again', async () => {
    const { itemId, started } = await hold()
    await resolve(itemId, { resolution: 'retry', ...why })
    expect(await redelivered()).to.have.length(1)
    expect(await start()).to.include({ is: 'go', effectId: started.effectId, generation: 1, attempt: 1, mode: 'again', input: '{"member":"A"}' })
  })

  it('correct: another generation with the corrected bytes, sent for the first time', async () => {
    const { itemId, started } = await hold()
    await resolve(itemId, { resolution: 'correct', input: { member: 'B' }, ...why })
    const next = await start()
    expect(next).to.include({ is: 'go', generation: 2, attempt: 1, fencing: 1, mode: 'first', input: '{"member":"B"}' })
    expect((next as Go).effectId).to.not.equal(started.effectId)
    expect(await hub.engine.stores.flows.pin(envelope, 'eligibility', hub.now)).to.deep.include({ generationOf: { 'ask payer': 2 } })
  })

  it('correct: a duplicate delivery that waited meanwhile sends the corrected bytes, never the old ones', async () => {
    const { itemId, started } = await hold()
    const third = await hub.owner.connect()
    try {
      await third.query('BEGIN')
      await third.query('SELECT 1 FROM messaging.effects WHERE id = $1 FOR UPDATE', [started.effectId])
      const resolving = resolve(itemId, { resolution: 'correct', input: { member: 'B' }, ...why })
      await waitingForLocks(1)
      const duplicate = start()
      await waitingForLocks(2)
      await third.query('COMMIT')
      await resolving
      expect(await duplicate).to.include({ is: 'go', generation: 2, mode: 'first', input: '{"member":"B"}' })
    } finally {
      third.release()
    }
  })

  it('correct: refused while nobody knows whether the first one was done', async () => {
    const { itemId } = await hold('unknown')
    expect(await resolve(itemId, { resolution: 'correct', input: { member: 'B' }, ...why })).to.equal('outcome-unknown')
    expect(await openItem()).to.equal(itemId)
    expect(await redelivered()).to.deep.equal([])
  })

  it('retry: a round of its own, however long ago the first send was', async () => {
    const { itemId } = await hold()
    const friday = new Date(hub.now.getTime() + 4 * 86_400_000)
    await resolve(itemId, { resolution: 'retry', ...why }, hub.tenantId, friday)
    expect(await start(friday)).to.include({
      is: 'go',
      firstSentAt: hub.now.toISOString(),
      retryUntil: new Date(friday.getTime() + 86_400_000).toISOString(),
      overdue: false,
    })
  })

  it('retry: a round that nobody carried out for a day is over too, until a person begins another', async () => {
    const { itemId } = await hold()
    await resolve(itemId, { resolution: 'retry', ...why })
    expect(await start(new Date(hub.now.getTime() + 86_400_001))).to.include({ is: 'go', attempt: 1, overdue: true })
  })

  it('correct: refused while an attempt is under way, which may yet do what it was asked', async () => {
    const started = await start()
    await hub.engine.stores.flows.holdBug(ref, 'overdue', 'Too slow.', envelope, hub.now)
    const itemId = await openItem()
    expect(await resolve(itemId, { resolution: 'correct', input: { member: 'B' }, ...why })).to.equal('outcome-unknown')
    if (started.is !== 'go') throw new Error(started.is)
    await hub.engine.stores.ledger.end(ref, started.effectId, started.fencing, { ...faulted, envelope }, hub.now)
    expect(await resolve(itemId, { resolution: 'correct', input: { member: 'B' }, ...why })).to.equal('resolved')
  })

  it('answer: an attempt under way is lost by it, and what it says later is kept and changes nothing', async () => {
    const started = await start()
    if (started.is !== 'go') throw new Error(started.is)
    await hub.engine.stores.flows.holdBug(ref, 'overdue', 'Too slow.', envelope, hub.now)
    await resolve(await openItem(), { resolution: 'answer', port: 'ok', value: { verdict: 'active' }, ...why })
    const attempts = 'SELECT outcome::text, late_document_id IS NOT NULL AS kept FROM messaging.effect_attempts WHERE effect_id = $1'
    expect((await hub.owner.query(attempts, [started.effectId])).rows).to.deep.equal([{ outcome: 'unknown', kept: false }])
    const late: LedgerEnd = { is: 'answered', port: 'rejected', value: { reasons: [] }, reconciled: false, suspicions: [] }
    expect(await hub.engine.stores.ledger.end(ref, started.effectId, started.fencing, late, hub.now)).to.equal('late')
    expect((await hub.owner.query(attempts, [started.effectId])).rows).to.deep.equal([{ outcome: 'unknown', kept: true }])
    expect(await start()).to.include({ is: 'done', port: 'ok', manual: true })
  })

  it('move: enters the version that is active now, with the ledger kept', async () => {
    const { itemId, started } = await hold()
    await hub.owner.query(`INSERT INTO catalog.flow_activations VALUES ($1, 'eligibility', 9, 100, $2)`, [hub.tenantId, hub.now])
    try {
      await resolve(itemId, { resolution: 'move', ...why })
      expect(await hub.engine.stores.flows.pin(envelope, 'eligibility', hub.now)).to.deep.include({ is: 'open', version: 9 })
      expect(await start()).to.include({ is: 'go', effectId: started.effectId, generation: 1 })
    } finally {
      await hub.owner.query(`DELETE FROM catalog.flow_activations WHERE version = 9`)
    }
  })

  it('drop: settles the delivery and sends nothing', async () => {
    const { itemId } = await hold()
    expect(await resolve(itemId, { resolution: 'drop', ...why })).to.equal('resolved')
    expect(await redelivered()).to.deep.equal([])
    expect(await hub.engine.stores.flows.pin(envelope, 'eligibility', hub.now)).to.deep.equal({ is: 'settled' })
  })

  it('takes one decision of two made at the same moment', async () => {
    const { itemId } = await hold()
    const results = await Promise.all([resolve(itemId, { resolution: 'retry', ...why }), resolve(itemId, { resolution: 'drop', ...why })])
    expect(results.filter((result) => result === 'already-resolved')).to.have.length(1)
    expect(results.filter((result) => result === 'resolved')).to.have.length(1)
  })

  it('does not find an item that is not there, or is another clinic’s', async () => {
    const { itemId } = await hold()
    expect(await resolve(randomUUID(), { resolution: 'drop', ...why })).to.equal('not-found')
    expect(await resolve(itemId, { resolution: 'drop', ...why }, hub.otherTenantId)).to.equal('not-found')
  })

  it('keeps who, why and when, tells the journey, and audits', async () => {
    const { itemId } = await hold()
    await resolve(itemId, { resolution: 'retry', ...why })
    const item = await hub.api.stores.queue.find(hub.tenantId, itemId, hub.now)
    expect(item).to.include({ status: 'resolved', resolution: 'retry', resolvedBy: byOps, resolvedAt: hub.now.toISOString() })
    const resolvedItems = await openItems(hub, { status: 'resolved', cause: 'unavailable' })
    expect(resolvedItems.map((one) => one.id)).to.include(itemId)
    const events = (await drainAll(hub, 'messaging')).map((row) => row.envelope.type)
    expect(events).to.include.members(['override.opened.v1', 'override.resolved.v1'])
    const audited = await hub.owner.query('SELECT actor, purpose FROM compliance.audit_logs WHERE resource = $1', [`override:${itemId} retry`])
    expect(audited.rows).to.deep.equal([{ actor: byOps, purpose: 'confirmed-by-phone' }])
  })

  it('keeps the note sealed, and tells the bus reason and person only', async () => {
    const { itemId } = await hold()
    await resolve(itemId, { resolution: 'retry', ...why })
    const told = (await drainAll(hub, 'messaging')).find((row) => row.envelope.type === 'override.resolved.v1')
    expect(told?.envelope.payload).to.include({ resolution: 'retry', reason: 'confirmed-by-phone', userId: opsUser })
    const texts = await hub.owner.query(
      `SELECT o::text AS text FROM messaging.overrides o UNION ALL SELECT a::text FROM compliance.audit_logs a UNION ALL SELECT b::text FROM messaging.outbox b`,
    )
    for (const row of texts.rows as { text: string }[]) expect(row.text).to.not.include('CANARY-88')
    const note = await hub.owner.query<{ id: string; sealed: Buffer }>(
      `SELECT d.id, d.sealed FROM messaging.overrides o JOIN identity.phi_documents d ON d.id = o.note_document_id AND d.kind = 'override-note' WHERE o.id = $1`,
      [itemId],
    )
    const [{ id, sealed }] = note.rows as [{ id: string; sealed: Buffer }]
    expect(await hub.api.vault.open(hub.tenantId, { table: 'identity.phi_documents', row: id }, sealed)).to.equal(why.note)
  })

  it('keeps the audit row of an input whose opening then fails', async () => {
    const { itemId } = await hold()
    await hub.owner.query(
      `UPDATE identity.phi_documents SET sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 1) WHERE intake_id = $1`,
      [ref.intakeId],
    )
    const opened = await hub.api.stores.queue.input(hub.tenantId, itemId, 'find-error', `user:${itemId}`, hub.now).catch(() => 'does not open')
    expect(opened).to.equal('does not open')
    const audited = await hub.owner.query('SELECT action, purpose FROM compliance.audit_logs WHERE actor = $1', [`user:${itemId}`])
    expect(audited.rows).to.deep.equal([{ action: 'phi.open-document', purpose: 'find-error' }])
  })

  it('refuses a value by hand that is larger than the limit, and changes nothing', async () => {
    const { itemId } = await hold()
    const error = await resolve(itemId, { resolution: 'answer', port: 'ok', value: { text: 'x'.repeat(40_000) }, ...why }).catch((e: Error) => e.message)
    expect(error).to.equal('a value by hand may have 32768 bytes')
    expect(await openItem()).to.equal(itemId)
  })

  describe('a bug, with no effect behind it', () => {
    const holdBug = () => hub.engine.stores.flows.holdBug(ref, 'no-connection', 'The clinic has no clearinghouse.', envelope, hub.now)

    it('opens one item however often the delivery fails there', async () => {
      await holdBug()
      await holdBug()
      const items = await openItems(hub, { cause: 'no-connection' })
      expect(items.filter((item) => item.intakeId === ref.intakeId)).to.have.length(1)
      expect(await start()).to.deep.equal({ is: 'held' })
    })

    it('can be answered by hand all the same', async () => {
      await holdBug()
      await resolve(await openItem(), { resolution: 'answer', port: 'ok', value: 1, ...why })
      expect(await start()).to.deep.equal({ is: 'done', port: 'ok', value: 1, manual: true, suspicions: [] })
    })

    it('can be corrected: the first send has the corrected bytes', async () => {
      await holdBug()
      await resolve(await openItem(), { resolution: 'correct', input: { member: 'C' }, ...why })
      expect(await start()).to.include({ is: 'go', input: '{"member":"C"}', mode: 'first', generation: 1 })
    })
  })
})
