import { randomUUID } from 'node:crypto'
import { type EligibilityOutcome, EligibilityRequested } from '@heliox/core/billing'
import { correctionLimits, type IntakeCorrected } from '@heliox/core/identity'
import type { Envelope, ValueOf } from '@heliox/core/kit'
import { type CaseDecision, caseOf } from '@heliox/core/messaging'
import { expect } from 'chai'
import { drainAll, openTestHub, submittedIntake, type TestHub } from '../fixtures.ts'

type Outcome = ValueOf<typeof EligibilityOutcome>
const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms)

describe('answers that need a person', () => {
  let hub: TestHub
  let submitted: Envelope
  let requested: Envelope
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  beforeEach(async () => {
    submitted = (await submittedIntake(hub)).envelope
    await drainAll(hub, 'messaging', later(hub.now, 1e9))
    await drainAll(hub, 'billing')
    await apply('billing.open-eligibility', submitted.payload, submitted)
    const row = (await drainAll(hub, 'billing')).find((one) => one.envelope.type === 'eligibility.requested.v1')
    if (!row) throw new Error('no request')
    requested = row.envelope
  })

  const apply = (name: string, input: unknown, envelope: Envelope, now = hub.now) =>
    hub.engine.stores.applies.apply(name, input, { envelope, flow: 'f', version: 1, step: name, process: 'engine-1', now })
  const request = () => EligibilityRequested.schema.parse(requested.payload)
  /** An outcome as billing tells it, at this version of the request. */
  const outcome = (of: Partial<Outcome>): Outcome => {
    const { serviceDate: _, ...ids } = request()
    return { ...ids, verdict: 'active', reasonCodes: [], manual: false, ...of }
  }
  const told = (version: number): Envelope => ({ ...requested, id: randomUUID(), rootId: randomUUID(), aggregateVersion: version })
  const tell = (version: number, of: Partial<Outcome>, now = hub.now) => apply('messaging.record-case', caseOf(outcome(of)), told(version), now)
  const cases = async () =>
    (
      await hub.owner.query(
        `SELECT id, status::text, cause::text, owner::text, resolution::text, reason::text, resolved_by, payer_id, reason_codes, staff_text, visit_at, kind::text
         FROM messaging.overrides WHERE tenant_id = $1 AND request_id = $2 ORDER BY opened_at, id`,
        [hub.tenantId, request().requestId],
      )
    ).rows
  const events = async (schema = 'messaging') => (await drainAll(hub, schema, later(hub.now, 1e9))).map(({ envelope }) => envelope.type).sort()

  it('opens a case for a "no" of the payer, with who must act, the codes and the time of the visit', async () => {
    await tell(2, { verdict: 'rejected', reasonCodes: ['72'] })
    const [item] = await cases()
    expect(item).to.include({ status: 'open', kind: 'case', cause: 'turned-down', owner: 'patient', payer_id: 'HELIO1' })
    expect(item.reason_codes).to.deep.equal(['72'])
    expect(item.staff_text).to.contain('AAA 72').and.to.contain('member ID')
    expect(item.visit_at.toISOString()).to.equal('2026-02-09T16:00:00.000Z')
    expect(await events()).to.deep.equal(['case.opened.v1'])
  })

  it('keeps one open case per request: a later "no" changes what it says, a clean answer closes it, each event once', async () => {
    await tell(2, { verdict: 'rejected', reasonCodes: ['72'] })
    await tell(3, { verdict: 'rejected', reasonCodes: ['43'] })
    expect((await cases()).map(({ status, owner }) => [status, owner])).to.deep.equal([['open', 'clinic']])
    await tell(4, { verdict: 'active' })
    expect((await cases())[0]).to.include({ status: 'resolved', resolution: 'went-away', reason: 'went-away', resolved_by: 'service:engine-1' })
    await tell(5, { verdict: 'active' })
    const told = (await drainAll(hub, 'messaging', later(hub.now, 1e9))).map(({ envelope }) => envelope).sort((a, b) => a.aggregateVersion - b.aggregateVersion)
    expect(told.map(({ type, aggregateVersion }) => [type, aggregateVersion])).to.deep.equal([
      ['case.opened.v1', 1],
      ['case.opened.v1', 2],
      ['case.closed.v1', 3],
    ])
    expect(
      told.map(({ payload }) => (payload as { owner?: string }).owner),
      'who must act now is told again where it is somebody else',
    ).to.deep.equal(['patient', 'clinic', undefined])
  })

  it('gives the same in any order: what a newer answer said is not undone by an older one', async () => {
    await tell(4, { verdict: 'active' })
    await tell(2, { verdict: 'rejected', reasonCodes: ['72'] })
    await tell(3, { verdict: 'unknown' })
    expect(await cases()).to.deep.equal([])
    await tell(6, { verdict: 'unknown' })
    await tell(5, { verdict: 'active' })
    expect((await cases()).map(({ status, cause }) => [status, cause])).to.deep.equal([['open', 'no-verdict']])
  })

  it('opens no second case when ten engines are told at one moment', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, i) => tell(2 + i, { verdict: 'rejected', reasonCodes: ['72'] })))
    expect((await cases()).filter(({ status }) => status === 'open')).to.have.length(1)
  })

  it('closes nothing of another request, and nothing of another clinic', async () => {
    await tell(2, { verdict: 'rejected', reasonCodes: ['72'] })
    const mine = request().requestId
    const clean = caseOf({ ...outcome({}), requestId: randomUUID() })
    await apply('messaging.record-case', clean, told(3))
    await apply('messaging.record-case', caseOf(outcome({})), { ...told(3), tenantId: hub.otherTenantId })
    const found = await hub.owner.query('SELECT status::text FROM messaging.overrides WHERE request_id = $1', [mine])
    expect(found.rows).to.deep.equal([{ status: 'open' }])
  })

  describe('after a correction', () => {
    const corrected = (): ValueOf<typeof IntakeCorrected> => {
      const { intakeId, patientId, visitId } = request()
      const at = later(hub.now, 60_000).toISOString()
      return { intakeId, patientId, visitId, correctionId: randomUUID(), by: 'patient', fields: ['memberId'], payer: null, correctedAt: at }
    }
    const correctedEnvelope = (): Envelope => ({ ...submitted, id: randomUUID(), rootId: randomUUID(), type: 'intake.corrected.v1' })
    const closeWaiting = () => apply('messaging.close-waiting', corrected(), correctedEnvelope(), later(hub.now, 60_000))
    const pin = (envelope: Envelope, now = hub.now) => hub.engine.stores.flows.pin(envelope, 'eligibility', now)
    const ref = (envelope: Envelope) => ({
      ...{ tenantId: hub.tenantId, rootId: envelope.rootId, flow: 'eligibility', version: 1, step: 'ask payer', intakeId: request().intakeId },
      ledgerMonth: '2026-02-01',
    })

    it('closes the case, drops what is held, gives up what waits for another try, and leaves what began later alone', async () => {
      await tell(2, { verdict: 'rejected', reasonCodes: ['72'] })
      const held = told(2)
      await pin(held)
      await hub.engine.stores.flows.holdBug(ref(held), 'bug', 'It broke.', held, hub.now)
      const retrying = told(2)
      await pin(retrying)
      await hub.engine.stores.flows.settle(retrying, 'eligibility', 'retrying', hub.now)
      const fresh = told(3)
      await pin(fresh, later(hub.now, 120_000))
      await events()
      await closeWaiting()
      expect(await events()).to.deep.equal(['case.closed.v1', 'override.resolved.v1'])
      const open = await hub.owner.query(`SELECT count(*)::int AS n FROM messaging.overrides WHERE intake_id = $1 AND status = 'open'`, [request().intakeId])
      expect(open.rows[0].n).to.equal(0)
      expect([await pin(held), await pin(retrying)]).to.deep.equal([{ is: 'settled' }, { is: 'settled' }])
      expect(await pin(fresh)).to.include({ is: 'open' })
    })

    it('does it once, and leaves other flows and other intakes as they are', async () => {
      const other = (await submittedIntake(hub)).envelope
      await hub.engine.stores.flows.pin(other, 'eligibility', hub.now)
      await hub.engine.stores.flows.pin(submitted, 'intake', hub.now)
      const envelope = correctedEnvelope()
      const once = () => apply('messaging.close-waiting', corrected(), envelope, later(hub.now, 60_000))
      expect([await once(), await once()]).to.deep.equal(['applied', 'again'])
      expect(await hub.engine.stores.flows.pin(other, 'eligibility', hub.now)).to.include({ is: 'open' })
      expect(await hub.engine.stores.flows.pin(submitted, 'intake', hub.now)).to.include({ is: 'open' })
    })

    it('gives the case to the clinic when the patient may put no more right', async () => {
      for (let round = 0; round < correctionLimits.byPatientMax; round += 1) {
        await tell(2 + round, { verdict: 'rejected', reasonCodes: ['72'] })
        expect((await cases()).filter(({ status }) => status === 'open').map(({ owner }) => owner)).to.deep.equal(['patient'])
        await closeWaiting()
      }
      await tell(20, { verdict: 'rejected', reasonCodes: ['72'] })
      const open = (await cases()).filter(({ status }) => status === 'open')
      expect(open.map(({ owner }) => owner)).to.deep.equal(['clinic'])
      expect(open[0].staff_text).to.contain('The clinic puts it right')
    })

    it('waits for itself in one order: answers told and corrections made at one moment end without a deadlock', async () => {
      const work = Array.from({ length: 8 }, (_, i) => [tell(2 + i, { verdict: i % 3 === 2 ? 'active' : 'rejected', reasonCodes: ['72'] }), closeWaiting()])
      const ended = await Promise.allSettled(work.flat())
      expect(ended.flatMap((one) => (one.status === 'rejected' ? String(one.reason) : []))).to.deep.equal([])
    })

    it('asks the payer again under a new root event, once, and of another insurer under its name', async () => {
      const envelope = correctedEnvelope()
      const payer = { id: 'NORTH2', name: 'Northwind Mutual' }
      await apply('billing.ask-again', { ...corrected(), payer }, envelope, later(hub.now, 60_000))
      await apply('billing.ask-again', { ...corrected(), payer }, envelope, later(hub.now, 60_000))
      const rows = await drainAll(hub, 'billing', later(hub.now, 1e9))
      expect(rows.map((row) => row.envelope.type)).to.deep.equal(['eligibility.recheck.v1'])
      expect(rows[0]?.envelope.rootId).to.not.equal(requested.rootId)
      expect(rows[0]?.envelope.payload).to.include({ requestId: request().requestId, payerId: 'NORTH2', payerName: 'Northwind Mutual' })
    })
  })

  describe('a person’s decision', () => {
    const decide = (decision: CaseDecision, decisionId = randomUUID()) => {
      const { requestId, intakeId } = request()
      const envelope = { ...told(1), rootId: decisionId, type: 'case.decided.v1' }
      const decided = { overrideId: randomUUID(), decisionId, requestId, intakeId, decision, userId: randomUUID() }
      return apply('billing.carry-out-decision', decided, envelope, later(hub.now, 60_000))
    }
    const reject = () =>
      apply(
        'billing.record-answer',
        { requestId: request().requestId, verdict: 'rejected', rule: 'rejected-patient', reasonCodes: ['72'], copayCents: null, manual: false, suspicions: [] },
        requested,
      )
    const saidAfter = async () => (await drainAll(hub, 'billing', later(hub.now, 1e9))).map(({ envelope }) => [envelope.type, envelope.payload] as const)

    it('is recorded beside the payer’s answer as the person’s own word, and told', async () => {
      await reject()
      await saidAfter()
      await decide('confirm')
      const [[type, payload] = ['', {}]] = await saidAfter()
      expect(type).to.equal('eligibility.succeeded.v1')
      expect(payload).to.include({ verdict: 'active', manual: true })
      const answers = await hub.owner.query('SELECT verdict::text, manual, rule FROM billing.eligibility_answers WHERE request_id = $1 ORDER BY answered_at', [
        request().requestId,
      ])
      expect(answers.rows).to.deep.equal([
        { verdict: 'rejected', manual: false, rule: 'rejected-patient' },
        { verdict: 'active', manual: true, rule: 'by-hand' },
      ])
    })

    it('marks inactive, asks again, asks by batch, or leaves it, each once', async () => {
      await reject()
      await saidAfter()
      const id = randomUUID()
      await decide('mark-inactive', id)
      await decide('mark-inactive', id)
      const [inactive, ...others] = await saidAfter()
      expect(inactive?.[1]).to.include({ verdict: 'inactive', manual: true })
      expect(others.filter(([type]) => type === 'eligibility.succeeded.v1')).to.deep.equal([])
      await decide('leave')
      expect(await saidAfter()).to.deep.equal([])
      await decide('ask-by-batch')
      expect((await saidAfter()).map(([type]) => type)).to.deep.equal(['eligibility.queued.v1'])
      await decide('ask-again')
      expect((await saidAfter()).map(([type]) => type)).to.deep.equal(['eligibility.recheck.v1'])
    })
  })
})
