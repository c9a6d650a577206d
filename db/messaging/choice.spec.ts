import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { undoMs } from '@heliox/core/messaging'
import type { LedgerStart, NewDecision, QueueItem, StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, openItems, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms)
const input = '{"familyName":"CANARY-77"}'
const options = { candidates: ['CANARY-77 of Pier Road', 'CANARY-77 of Elm Street'] }

describe('what a person chooses', function () {
  this.timeout(20_000)
  let hub: TestHub
  let envelope: Envelope
  let ref: StepRef
  let ana: string
  before(async () => {
    hub = await openTestHub()
    const people = await hub.owner.query<{ id: string }>('SELECT id FROM identity.users WHERE tenant_id = $1 ORDER BY email LIMIT 1', [hub.tenantId])
    ana = people.rows[0]?.id ?? ''
  })
  beforeEach(async () => {
    const submitted = await submittedIntake(hub)
    envelope = submitted.envelope
    ref = {
      ...{ tenantId: hub.tenantId, rootId: envelope.rootId, flow: 'ehr-writeback', version: 2, step: 'find chart' },
      ...{ intakeId: submitted.link.intakeId, ledgerMonth: '2026-02-01' },
    }
    await hub.engine.stores.flows.pin(envelope, ref.flow, hub.now)
    await events()
  })
  after(() => hub.close())

  const queue = () => hub.api.stores.queue
  const events = async () => (await drainAll(hub, 'messaging', later(hub.now, 1e9))).map((row) => row.envelope)
  const start = (now = hub.now): Promise<LedgerStart> =>
    hub.engine.stores.ledger.start(ref, { partner: 'fhir', operation: 'findChart' }, input, {
      ...{ owner: 'engine-1', leaseMs: 20_000, replay: 'safe', keyedForMs: null, triesMax: 4, now },
    })
  async function found(of: unknown = options): Promise<QueueItem> {
    const started = await start()
    if (started.is !== 'go') throw new Error(started.is)
    const end = { is: 'choice', options: of, owner: 'ops', staffText: 'Whose chart is it?', envelope } as const
    expect(await hub.engine.stores.ledger.end(ref, started.effectId, started.fencing, end, hub.now)).to.equal('recorded')
    const item = (await openItems(hub)).find((one) => one.intakeId === ref.intakeId)
    if (!item) throw new Error('nothing waits for this intake')
    return item
  }
  const chosen = (option: number | null, of: Partial<NewDecision> = {}): NewDecision => ({
    ...{ decisionId: randomUUID(), action: 'choose', reason: 'compared-with-chart', note: 'Same street as CANARY-77.', option, port: 'ok' },
    ...{ content: { ref: option === null ? null : `Patient/${option}` } },
    ...of,
  })
  const decide = (item: QueueItem, how: NewDecision, second = false) => queue().decide(hub.tenantId, item.id, how, () => second, `user:${ana}`, hub.now)
  const carryOut = (id: string) =>
    hub.engine.stores.decisions.carryOut(hub.tenantId, { id, by: `user:${ana}` }, { process: 'engine-1', now: later(hub.now, undoMs) })
  const audited = async (): Promise<string[]> =>
    (
      await hub.owner.query<{ told: string }>(
        `SELECT action || ' ' || coalesce(purpose, '') || ' ' || outcome AS told FROM compliance.audit_logs WHERE tenant_id = $1 ORDER BY at`,
        [hub.tenantId],
      )
    ).rows.map((row) => row.told)

  it('waits as an item of its own cause, beside an attempt that failed in nothing', async () => {
    const item = await found()
    expect(item).to.include({ cause: 'choice', owner: 'ops', kind: 'delivery', staffText: 'Whose chart is it?', attempts: 1, incidentId: null })
    const { attempts } = await queue().history(hub.tenantId, item, hub.now)
    expect(attempts).to.have.length(1)
    expect(attempts[0]).to.include({ outcome: 'choice', cause: null, nothingSent: false, answerOpenable: true, manual: false })
    const told = (await events()).map(({ type, payload }) => ({ type, ...(payload as object) }) as Record<string, unknown>)
    expect(told.find((one) => one.type === 'step.finished.v1')).to.include({ outcome: 'choice' })
    expect(told.find((one) => one.type === 'override.opened.v1')).to.include({ cause: 'choice' })
    expect(JSON.stringify(told)).to.not.contain('CANARY')
    expect((await start()).is).to.equal('held')
  })

  it('is opened with a purpose only, and each look is audited; nothing of it lies open in the rows', async () => {
    const item = await found()
    const before = (await audited()).length
    const seen = await queue().options(hub.tenantId, item.id, 'compare-with-chart', `user:${ana}`, hub.now)
    expect(seen).to.deep.equal({ asked: JSON.parse(input) as unknown, options })
    expect((await audited()).slice(before).filter((line) => line.includes('compare-with-chart'))).to.have.length(2)
    const { attempts } = await queue().history(hub.tenantId, item, hub.now)
    const opened = await queue().openAttempt(hub.tenantId, item.id, attempts[0]?.id ?? '', 'find-error', `user:${ana}`, hub.now)
    expect(opened?.answered).to.deep.equal({ port: 'choice', value: options })
    for (const table of ['overrides', 'effects', 'effect_attempts', 'decisions', 'outbox']) {
      const rows = await hub.owner.query(`SELECT 1 FROM messaging.${table} t WHERE t::text LIKE '%CANARY%'`)
      expect(rows.rowCount, table).to.equal(0)
    }
  })

  it('goes on with what was chosen, by hand, and asks the partner no more', async () => {
    const item = await found()
    const how = chosen(1)
    const decided = await decide(item, how)
    expect(decided.is === 'decided' && decided.decision).to.include({ action: 'choose', option: 1, state: 'scheduled' })
    expect(await carryOut(how.decisionId)).to.equal('carried-out')
    expect(await start()).to.deep.equal({ is: 'done', port: 'ok', value: { ref: 'Patient/1' }, manual: true, suspicions: [] })
    expect(await queue().find(hub.tenantId, item.id, hub.now)).to.include({ status: 'resolved', resolution: 'answer' })
  })

  it('is one decision under one id: the same option again is it, and another option is refused', async () => {
    const item = await found()
    const how = chosen(0)
    expect((await decide(item, how)).is).to.equal('decided')
    expect((await decide(item, how)).is).to.equal('decided')
    expect((await decide(item, { ...chosen(1), decisionId: how.decisionId })).is).to.equal('decision-conflict')
    expect((await decide(item, { ...chosen(null), decisionId: how.decisionId })).is).to.equal('decision-conflict')
    expect((await decide(item, chosen(1))).is).to.equal('already-decided')
  })

  it('may be none of them', async () => {
    const how = chosen(null)
    await decide(await found(), how)
    await carryOut(how.decisionId)
    expect(await start()).to.deep.include({ is: 'done', value: { ref: null }, manual: true })
  })

  it('needs the second person where the clinic wants one, and until then nothing follows', async () => {
    const item = await found()
    const how = chosen(0)
    const decided = await decide(item, how, true)
    expect(decided.is === 'decided' && decided.decision.state).to.equal('proposed')
    expect(await carryOut(how.decisionId)).to.equal('taken')
    expect((await start()).is).to.equal('held')
  })

  it('is searched for again on a person’s “retry”: what is found then is another item, with options of its own', async () => {
    const item = await found()
    const again: NewDecision = { decisionId: randomUUID(), action: 'retry', reason: 'other', note: 'They merged two charts.' }
    await decide(item, again)
    expect(await carryOut(again.decisionId)).to.equal('carried-out')
    const next = await found({ candidates: ['one only'] })
    expect(next.id).to.not.equal(item.id)
    const seen = async (id: string) => (await queue().options(hub.tenantId, id, 'compare-with-chart', `user:${ana}`, hub.now))?.options
    expect(await seen(next.id)).to.deep.equal({ candidates: ['one only'] })
    expect(await seen(item.id), 'what was seen then').to.deep.equal(options)
  })

  it('is another clinic’s to see in no way', async () => {
    const item = await found()
    expect(await queue().options(hub.otherTenantId, item.id, 'compare-with-chart', `user:${ana}`, hub.now)).to.equal(undefined)
  })
})
