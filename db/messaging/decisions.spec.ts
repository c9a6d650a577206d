import { randomUUID } from 'node:crypto'
import { answerByHand } from '@heliox/core/billing'
import type { Envelope } from '@heliox/core/kit'
import { caseOf, decisionLimits, undoMs } from '@heliox/core/messaging'
import type { LedgerEnd, LedgerStart, NewDecision, QueueItem, StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, openItems, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { makeDecision } from './decisions.ts'

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms)
const never = (_twoPeople: boolean): boolean => false
const twoPeople = (wanted: boolean): boolean => wanted
const input = '{"member":"CANARY-77"}'

describe('decisions about what waits', function () {
  this.timeout(20_000)
  let hub: TestHub
  let envelope: Envelope
  let ref: StepRef
  let ana: string
  let ben: string
  before(async () => {
    hub = await openTestHub()
    const people = await hub.owner.query<{ id: string }>('SELECT id FROM identity.users WHERE tenant_id = $1 ORDER BY email LIMIT 2', [hub.tenantId])
    ana = people.rows[0]?.id ?? ''
    ben = people.rows[1]?.id ?? ''
  })
  beforeEach(async () => {
    const submitted = await submittedIntake(hub)
    envelope = submitted.envelope
    ref = {
      tenantId: hub.tenantId,
      rootId: envelope.rootId,
      flow: 'eligibility',
      version: 2,
      step: 'ask payer',
      intakeId: submitted.link.intakeId,
      ledgerMonth: '2026-02-01',
    }
    await hub.engine.stores.flows.pin(envelope, 'eligibility', hub.now)
    await events()
  })
  after(() => hub.close())

  const queue = () => hub.api.stores.queue
  const engine = () => hub.engine.stores.decisions
  const start = (now = hub.now): Promise<LedgerStart> =>
    hub.engine.stores.ledger.start(ref, { partner: 'clearinghouse', operation: 'clearinghouse.checkEligibility.v2' }, input, {
      ...{ owner: 'engine-1', leaseMs: 20_000, replay: 'safe', keyedForMs: null, triesMax: 4, now },
    })
  async function held(outcome: 'failed' | 'unknown' = 'failed'): Promise<QueueItem> {
    const started = await start()
    if (started.is !== 'go') throw new Error(started.is)
    const end: LedgerEnd = { is: 'held', outcome, cause: outcome === 'failed' ? 'unavailable' : 'timeout', owner: 'ops', staffText: 'No answer.', envelope }
    await hub.engine.stores.ledger.end(ref, started.effectId, started.fencing, end, hub.now)
    return itemOfIntake()
  }
  async function itemOfIntake(): Promise<QueueItem> {
    const item = (await openItems(hub)).find((one) => one.intakeId === ref.intakeId)
    if (!item) throw new Error('nothing waits for this intake')
    return item
  }
  const wish = (of: Partial<NewDecision> & Pick<NewDecision, 'action'>): NewDecision => ({
    ...{ decisionId: randomUUID(), reason: 'confirmed-by-phone', note: 'Spoke to the payer of CANARY-88.' },
    ...of,
  })
  const confirm = (): NewDecision => wish({ action: 'confirm', port: 'ok', content: answerByHand('active') })
  const decide = (item: QueueItem, how: NewDecision, by = ana, now = hub.now, needsSecond = never) =>
    queue().decide(hub.tenantId, item.id, how, needsSecond, `user:${by}`, now)
  const carryOut =
    (now: Date) =>
    (id: string, by = ana) =>
      engine().carryOut(hub.tenantId, { id, by: `user:${by}` }, { process: 'engine-1', now })
  const afterUndo = () => later(hub.now, undoMs)
  const events = async (schema = 'messaging') => (await drainAll(hub, schema, later(hub.now, 1e9))).map((row) => row.envelope)
  const state = async (id: string) => (await queue().decision(hub.tenantId, id))?.state

  it('carries nothing out while it can be taken back, and takes it back as if it had never been', async () => {
    const item = await held()
    const how = confirm()
    const decided = await decide(item, how)
    if (decided.is !== 'decided') throw new Error(decided.is)
    expect(decided.decision).to.include({ state: 'scheduled', carryOutAt: afterUndo().toISOString(), undoUntil: afterUndo().toISOString() })
    const justBefore = later(hub.now, undoMs - 1)
    expect(await engine().due(hub.tenantId, 10, justBefore)).to.deep.equal([])
    expect(await carryOut(justBefore)(how.decisionId)).to.equal('taken')
    expect(await queue().undo(hub.tenantId, how.decisionId, `user:${ana}`, justBefore)).to.include({ state: 'undone' })
    expect(await carryOut(afterUndo())(how.decisionId)).to.equal('taken')
    expect(await itemOfIntake()).to.include({ id: item.id, decision: null })
    expect((await start()).is).to.equal('held')
    expect((await decide(item, wish({ action: 'drop' }))).is).to.equal('decided')
  })

  it('cannot be taken back once its time is over, nor by somebody else', async () => {
    const item = await held()
    const how = confirm()
    await decide(item, how)
    expect(await queue().undo(hub.tenantId, how.decisionId, `user:${ben}`, hub.now)).to.equal('own-only')
    expect(await queue().undo(hub.tenantId, how.decisionId, `user:${ana}`, afterUndo())).to.equal('too-late')
    expect(await carryOut(afterUndo())(how.decisionId)).to.equal('carried-out')
    expect(await queue().undo(hub.tenantId, how.decisionId, `user:${ana}`, hub.now)).to.equal('too-late')
  })

  it('is the same decision when it comes twice, and refuses another one under its id', async () => {
    const item = await held()
    const how = confirm()
    const both = await Promise.all([decide(item, how), decide(item, how)])
    expect(both.map((one) => one.is === 'decided' && one.decision.id)).to.deep.equal([how.decisionId, how.decisionId])
    expect((await decide(item, { ...how, action: 'drop' })).is).to.equal('decision-conflict')
    expect((await decide(item, how, ben)).is).to.equal('decision-conflict')
    await carryOut(afterUndo())(how.decisionId)
    expect(await decide(item, how)).to.deep.include({ is: 'decided' })
    expect(await hub.owner.query('SELECT 1 FROM messaging.decisions WHERE override_id = $1', [item.id])).to.have.property('rowCount', 1)
  })

  it('takes one of two decisions that two people make at the same moment', async () => {
    const item = await held()
    const results = await Promise.all([decide(item, confirm(), ana), decide(item, wish({ action: 'drop' }), ben)])
    expect(results.map((one) => one.is).sort()).to.deep.equal(['already-decided', 'decided'])
  })

  it('gives an item to one of two who claim it, names who has it, and gives it on when the time is over', async () => {
    const item = await held()
    const claims = await Promise.all([ana, ben].map((who) => queue().claim(hub.tenantId, item.id, who, hub.now)))
    expect(claims.map((one) => one.is).sort()).to.deep.equal(['claimed', 'taken'])
    const winner = claims[0]?.is === 'claimed' ? ana : ben
    const other = winner === ana ? ben : ana
    const refused = await decide(item, confirm(), other)
    expect(refused).to.deep.include({ is: 'claimed' })
    expect(refused.is === 'claimed' && refused.by.userId).to.equal(winner)
    expect(refused.is === 'claimed' && refused.by.name)
      .to.be.a('string')
      .with.length.above(2)
    expect((await openItems(hub, { mine: true })).length).to.equal(0)
    expect(await queue().release(hub.tenantId, item.id, other, hub.now)).to.equal('released')
    expect((await itemOfIntake()).claim?.userId).to.equal(winner)
    const over = later(hub.now, decisionLimits.claimMs)
    expect((await queue().claim(hub.tenantId, item.id, other, over)).is).to.equal('claimed')
    expect((await decide(item, confirm(), other, over)).is).to.equal('decided')
  })

  it('asks again at once, and only one of two engines does it', async () => {
    const item = await held()
    const how = wish({ action: 'retry' })
    const decided = await decide(item, how)
    expect(decided.is === 'decided' && decided.decision).to.include({ carryOutAt: hub.now.toISOString(), undoUntil: null })
    expect(await engine().tenants(hub.now)).to.include(hub.tenantId)
    const results = await Promise.all([carryOut(hub.now)(how.decisionId), carryOut(hub.now)(how.decisionId)])
    expect(results.sort()).to.deep.equal(['carried-out', 'taken'])
    const again = (await drainAll(hub, 'messaging', hub.now)).filter((row) => row.routingKey === 'redeliver.eligibility')
    expect(again).to.have.length(1)
    expect((await start()).is).to.equal('go')
    expect(await queue().find(hub.tenantId, item.id, hub.now)).to.include({ status: 'resolved', resolution: 'retry', resolvedBy: `user:${ana}` })
  })

  it('confirms by hand: the flow goes on with a person’s answer', async () => {
    const how = confirm()
    await decide(await held(), how)
    await carryOut(afterUndo())(how.decisionId)
    expect(await start()).to.deep.equal({ is: 'done', port: 'ok', value: answerByHand('active'), manual: true, suspicions: [] })
  })

  it('goes by the other route as the real-time door itself would send it there', async () => {
    const how = wish({ action: 'other-route', reason: 'partner-away' })
    await decide(await held(), how)
    await carryOut(afterUndo())(how.decisionId)
    expect(await start()).to.deep.include({ is: 'done', port: 'rejected', value: { next: 'batch', reasons: [] } })
  })

  it('corrects nothing while nobody knows what became of the first send', async () => {
    const unknown = wish({ action: 'correct', reason: 'data-corrected', content: { member: 'B' } })
    await decide(await held('unknown'), unknown)
    expect(await carryOut(afterUndo())(unknown.decisionId)).to.equal('refused')
    expect(await queue().decision(hub.tenantId, unknown.decisionId)).to.include({ state: 'refused', refusedWhy: 'outcome-unknown' })
    expect((await start()).is).to.equal('held')
  })

  it('corrects with a new generation, which the partner never saw', async () => {
    await held()
    const how = wish({ action: 'correct', reason: 'data-corrected', content: { member: 'B' } })
    await decide(await itemOfIntake(), how)
    expect(await carryOut(afterUndo())(how.decisionId)).to.equal('carried-out')
    expect(await start()).to.include({ is: 'go', generation: 2, input: '{"member":"B"}', mode: 'first' })
  })

  it('corrects the patient’s answers for a held check, known or not what became of it, and ends it when the correction arrives', async () => {
    const item = await held('unknown')
    const how = wish({ action: 'correct', reason: 'data-corrected', content: { memberId: 'NEW1234' }, fields: ['memberId'] })
    await decide(item, how)
    expect(await carryOut(afterUndo())(how.decisionId)).to.equal('carried-out')
    const corrected = (await events('identity')).find((one) => one.type === 'intake.corrected.v1')
    expect(corrected?.payload).to.deep.include({ intakeId: ref.intakeId, by: 'staff', fields: ['memberId'] })
    const at = { envelope: corrected as Envelope, flow: 'correction', version: 1, step: 'close', process: 'engine-1', now: later(hub.now, 20_000) }
    await hub.engine.stores.applies.apply('messaging.close-waiting', corrected?.payload, at)
    expect(await queue().find(hub.tenantId, item.id, hub.now)).to.include({ status: 'resolved', resolution: 'drop' })
  })

  it('gives way to what resolved the item meanwhile', async () => {
    const item = await held()
    const how = confirm()
    await decide(item, how)
    await hub.owner.query(
      `UPDATE messaging.overrides SET status = 'resolved', resolution = 'drop', reason = 'data-corrected', resolved_by = 'service:engine-1', resolved_at = $2 WHERE id = $1`,
      [item.id, hub.now],
    )
    expect(await carryOut(afterUndo())(how.decisionId)).to.equal('refused')
    expect(await queue().decision(hub.tenantId, how.decisionId)).to.include({ refusedWhy: 'already-resolved' })
  })

  describe('where the clinic wants two people', () => {
    before(() => queue().saveRules(hub.tenantId, { confirmNeedsTwo: true }, `user:${ana}`, hub.now))
    after(() => queue().saveRules(hub.tenantId, { confirmNeedsTwo: false }, `user:${ana}`, hub.now))

    it('waits for another one, who is not the first, and then for the time to take it back', async () => {
      const item = await held()
      const how = confirm()
      const decided = await decide(item, how, ana, hub.now, twoPeople)
      expect(decided.is === 'decided' && decided.decision).to.include({ state: 'proposed', carryOutAt: null })
      expect(await carryOut(afterUndo())(how.decisionId)).to.equal('taken')
      expect((await openItems(hub, { proposed: true })).map((one) => one.id)).to.deep.equal([item.id])
      expect(await queue().judge(hub.tenantId, how.decisionId, 'approve', `user:${ana}`, hub.now)).to.equal('own-decision')
      const judged = await Promise.all([1, 2].map(() => queue().judge(hub.tenantId, how.decisionId, 'approve', `user:${ben}`, hub.now)))
      for (const one of judged) expect(one).to.include({ state: 'scheduled', carryOutAt: afterUndo().toISOString() })
      expect(await carryOut(afterUndo())(how.decisionId)).to.equal('carried-out')
      expect(await queue().judge(hub.tenantId, how.decisionId, 'refuse', `user:${ben}`, hub.now)).to.equal('already-decided')
      expect((await start()).is).to.equal('done')
    })

    it('is free again when the second one says no, or never comes', async () => {
      const item = await held()
      const first = confirm()
      await decide(item, first, ana, hub.now, twoPeople)
      expect(await queue().judge(hub.tenantId, first.decisionId, 'refuse', `user:${ben}`, hub.now)).to.include({
        state: 'refused',
        refusedWhy: 'second-person',
      })
      const second = confirm()
      expect((await decide(item, second, ana, hub.now, twoPeople)).is).to.equal('decided')
      const over = later(hub.now, decisionLimits.proposalMs)
      expect(await queue().judge(hub.tenantId, second.decisionId, 'approve', `user:${ben}`, over)).to.equal('already-decided')
      expect(await carryOut(over)(second.decisionId)).to.equal('refused')
      expect(await queue().decision(hub.tenantId, second.decisionId)).to.include({ refusedWhy: 'expired' })
      expect((await start()).is).to.equal('held')
    })
  })

  describe('about a case', () => {
    async function openCase(): Promise<QueueItem> {
      const at = { envelope, flow: 'f', version: 1, process: 'engine-1', now: hub.now }
      await hub.engine.stores.applies.apply('billing.open-eligibility', envelope.payload, { ...at, step: 'open' })
      const requested = (await events('billing')).find((one) => one.type === 'eligibility.requested.v1')
      if (!requested) throw new Error('nothing was asked')
      const { serviceDate: _, ...ids } = requested.payload as Record<string, string>
      const outcome = { ...ids, verdict: 'rejected', reasonCodes: ['43'], manual: false } as unknown as Parameters<typeof caseOf>[0]
      const told = { ...requested, id: randomUUID(), rootId: randomUUID(), aggregateVersion: 2 }
      await hub.engine.stores.applies.apply('messaging.record-case', caseOf(outcome), { ...at, envelope: told, step: 'case' })
      return itemOfIntake()
    }

    it('tells what was decided, once, in the commit that resolves it', async () => {
      const item = await openCase()
      expect(item).to.deep.include({ kind: 'case', codes: ['43'], visitAt: '2026-02-09T16:00:00.000Z' })
      const how = wish({ action: 'confirm' })
      await decide(item, how)
      await carryOut(afterUndo())(how.decisionId)
      const decided = (await events()).filter((one) => one.type === 'case.decided.v1')
      expect(decided.map((one) => one.payload)).to.deep.equal([
        {
          ...{ overrideId: item.id, decisionId: how.decisionId, requestId: item.requestId, intakeId: item.intakeId, decision: 'confirm' },
          ...{ decidedAt: hub.now.toISOString(), userId: ana },
        },
      ])
      expect(await queue().find(hub.tenantId, item.id, hub.now)).to.include({ status: 'resolved', resolution: 'decided' })
    })

    it('puts the patient’s details right, which asks the payer anew', async () => {
      const how = wish({ action: 'correct', reason: 'data-corrected', content: { memberId: 'NEW1234' }, fields: ['memberId'] })
      await decide(await openCase(), how)
      expect(await carryOut(afterUndo())(how.decisionId)).to.equal('carried-out')
      const corrected = (await events('identity')).find((one) => one.type === 'intake.corrected.v1')
      expect(corrected?.payload).to.deep.include({ intakeId: ref.intakeId, by: 'staff', fields: ['memberId'] })
    })

    it('asks the patient, and waits for them', async () => {
      const item = await openCase()
      const how = wish({ action: 'ask-patient', reason: 'patient-data-wrong', fields: ['memberId'] })
      await decide(item, how)
      expect(await carryOut(afterUndo())(how.decisionId)).to.equal('carried-out')
      expect((await events('identity')).map((one) => one.type)).to.include('intake.correction-asked.v1')
      expect(await itemOfIntake()).to.include({ id: item.id, owner: 'patient', status: 'open', decision: null })
      const told = (await events('messaging')).findLast((one) => one.type === 'case.opened.v1')
      expect(told?.payload, 'it is held by our side no more').to.include({ overrideId: item.id, owner: 'patient' })
      expect(told?.aggregateVersion).to.equal(2)
    })
  })

  it('leaves all as it was when carrying out throws, and gives the item back after a few times', async () => {
    const item = await held()
    const how = confirm()
    await decide(item, how)
    await hub.owner.query(
      `UPDATE identity.phi_documents SET sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 1)
       WHERE id = (SELECT content_document_id FROM messaging.decisions WHERE id = $1)`,
      [how.decisionId],
    )
    let now = afterUndo()
    for (let tries = 1; tries <= decisionLimits.triesMax; tries += 1) {
      expect(await state(how.decisionId)).to.equal('scheduled')
      expect(await carryOut(now)(how.decisionId).catch((error: Error) => error.constructor.name)).to.not.equal('carried-out')
      await engine().putOff(hub.tenantId, { id: how.decisionId, by: `user:${ana}` }, now)
      now = later(now, decisionLimits.retryMs * 2 ** tries)
    }
    expect(await queue().decision(hub.tenantId, how.decisionId)).to.include({ state: 'refused', refusedWhy: 'failed' })
    expect(await itemOfIntake()).to.include({ id: item.id, decision: null })
  })

  it('keeps note and content sealed, opens them for a purpose, and audits each step', async () => {
    const how = confirm()
    const item = await held()
    await decide(item, how)
    const texts = await hub.owner.query<{ text: string }>(
      `SELECT d::text AS text FROM messaging.decisions d UNION ALL SELECT a::text FROM compliance.audit_logs a UNION ALL SELECT b::text FROM messaging.outbox b`,
    )
    for (const row of texts.rows) expect(row.text).to.not.match(/CANARY-(77|88)/)
    const opened = await queue().openDecision(hub.tenantId, how.decisionId, 'find-error', `user:${ben}`, hub.now)
    expect(opened).to.deep.include({ note: how.note, content: how.content })
    await carryOut(afterUndo())(how.decisionId)
    const audited = await hub.owner.query<{ action: string; actor: string }>(
      'SELECT action, actor FROM compliance.audit_logs WHERE resource LIKE $1 ORDER BY action',
      [`decision:${how.decisionId}%`],
    )
    expect(audited.rows).to.deep.equal([
      { action: 'decision.carry-out', actor: `user:${ana}` },
      { action: 'decision.schedule', actor: `user:${ana}` },
    ])
  })

  it('shows every attempt, and opens what was sent and answered for a purpose only', async () => {
    const item = await held()
    const { attempts } = await queue().history(hub.tenantId, item, hub.now)
    expect(attempts).to.have.length(1)
    expect(attempts[0]).to.deep.include({ generation: 1, number: 1, outcome: 'failed', cause: 'unavailable', sentOpenable: true, answerOpenable: false })
    const opened = await queue().openAttempt(hub.tenantId, item.id, attempts[0]?.id ?? '', 'call-partner', `user:${ana}`, hub.now)
    expect(opened).to.deep.include({ sent: { member: 'CANARY-77' }, answered: undefined })
    expect(await queue().openAttempt(hub.tenantId, item.id, `${randomUUID()}.1`, 'call-partner', `user:${ana}`, hub.now)).to.equal(undefined)
    expect(await queue().openAttempt(hub.otherTenantId, item.id, attempts[0]?.id ?? '', 'call-partner', `user:${ana}`, hub.now)).to.equal(undefined)
  })

  it('finds nothing of another clinic, and lets the API carry nothing out', async () => {
    const item = await held()
    const how = confirm()
    await decide(item, how)
    const elsewhere = hub.otherTenantId
    expect((await queue().decide(elsewhere, item.id, confirm(), never, `user:${ana}`, hub.now)).is).to.equal('not-found')
    expect(await queue().undo(elsewhere, how.decisionId, `user:${ana}`, hub.now)).to.equal('not-found')
    expect((await queue().claim(elsewhere, item.id, ana, hub.now)).is).to.equal('not-found')
    expect(await queue().decision(elsewhere, how.decisionId)).to.equal(undefined)
    const tried = await hub.api.stores.decisions
      .carryOut(hub.tenantId, { id: how.decisionId, by: `user:${ana}` }, { process: 'api-1', now: afterUndo() })
      .catch((error: Error) => error.message)
    expect(tried).to.match(/permission denied/)
  })

  it('makes the decisions of a bulk release in the caller’s commit, leaving out what somebody works at or decided', async () => {
    const item = await held()
    const noteDocumentId = randomUUID()
    const make = (by: string) =>
      withTenant(hub.engine.pool, hub.tenantId, `user:${by}`, (tx) =>
        makeDecision(
          tx,
          { decisionId: randomUUID(), overrideId: item.id, action: 'drop', reason: 'duplicate', noteDocumentId, bulkReleaseId: randomUUID() },
          hub.now,
        ),
      )
    await queue().claim(hub.tenantId, item.id, ben, hub.now)
    expect(await make(ana)).to.equal('claimed')
    await queue().release(hub.tenantId, item.id, ben, hub.now)
    expect(await make(ana)).to.equal('made')
    expect(await make(ana)).to.equal('decided')
    const [due] = (await engine().due(hub.tenantId, 100, hub.now)).slice(-1)
    expect(due?.by, 'a bulk release has its stop in place of a time to take back').to.equal(`user:${ana}`)
  })
})
