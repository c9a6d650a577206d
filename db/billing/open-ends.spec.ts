import { randomUUID } from 'node:crypto'
import { doubtsMax, type EligibilityOutcome } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { type CaseDecision, caseOf } from '@heliox/core/messaging'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { answerFor, type Bench, makeBench } from './fixtures.ts'
import { notNowRoundsMax } from './inquiries.ts'

const doubted = { suspicions: ['closed-calendar' as const] }
type Ids = { intakeId: string; patientId: string; visitId: string; payerId: string }

describe('asking again', () => {
  let hub: TestHub
  let bench: Bench
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(() => bench.clear())

  const idsOf = async (id: string): Promise<Ids> =>
    (
      await hub.owner.query<Ids>(
        'SELECT intake_id AS "intakeId", patient_id AS "patientId", visit_id AS "visitId", payer_id AS "payerId" FROM billing.eligibility_requests WHERE id = $1',
        [id],
      )
    ).rows[0] as Ids
  const decide = async (requestId: string, decision: CaseDecision, now: Date, decidedAt = now): Promise<void> => {
    const { intakeId } = await idsOf(requestId)
    const ids = { overrideId: randomUUID(), decisionId: randomUUID(), requestId, intakeId, userId: randomUUID() }
    await bench.apply('billing.carry-out-decision', { ...ids, decision, decidedAt: decidedAt.toISOString() }, now, now)
  }
  const correct = async (id: string, now: Date, { payer = null, version = 2 }: { payer?: { id: string; name: string } | null; version?: number } = {}) => {
    const { intakeId, patientId, visitId } = await idsOf(id)
    const about = { intakeId, patientId, visitId, correctionId: randomUUID(), by: 'staff', fields: payer ? ['payerId'] : ['memberId'] }
    await bench.apply('billing.ask-again', { ...about, payer, correctedAt: now.toISOString() }, now, now, version)
  }
  /** Asks again each time it is due and doubts the answer, until nobody asks any more. */
  const doubtToTheEnd = async (id: string): Promise<number> => {
    let doubts = 0
    for (let at = (await bench.asking(id)).recheckAt; at !== null && doubts <= doubtsMax + 1; at = (await bench.asking(id)).recheckAt) {
      const now = new Date(at)
      await hub.engine.stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now })
      await bench.answer(id, doubted, { now, askedAt: now })
      doubts += 1
    }
    return doubts
  }
  const newest = async (): Promise<{ types: string[]; outcome: ValueOf<typeof EligibilityOutcome> | undefined }> => {
    const told = await bench.told()
    const last = told.findLast(({ type }) => type === 'eligibility.succeeded.v1' || type === 'eligibility.failed.v1')
    return { types: told.map(({ type }) => type), outcome: last?.payload as ValueOf<typeof EligibilityOutcome> | undefined }
  }

  it('and only doubted answers to what was confirmed: after the last one it is confirmed no more, and a person has a case', async () => {
    const id = await bench.request('HELIO1')
    await bench.answer(id)
    await bench.answer(id, doubted, { now: bench.at(5) })
    expect((await bench.asking(id)).coverage, 'one doubt takes nothing back').to.equal('active')
    await bench.told()
    await doubtToTheEnd(id)
    expect(await bench.asking(id)).to.deep.include({ status: 'answered', recheckAt: null, told: 'unknown', coverage: 'draft' })
    const { types, outcome } = await newest()
    expect(types.slice(-2)).to.deep.equal(['eligibility.failed.v1', 'eligibility.changed.v1'])
    expect(types).not.to.include('eligibility.provisional.v1')
    expect(outcome && caseOf(outcome).cause).to.equal('no-verdict')
    await bench.answer(id, doubted, { now: bench.at(50_000) })
    expect((await newest()).types, 'a copy of a doubted answer says nothing more').to.deep.equal([])
    await bench.answer(id, {}, { now: bench.at(50_001) })
    expect((await newest()).types, 'a clean answer confirms it, though it says what once was told').to.deep.equal(['eligibility.succeeded.v1'])
    expect((await bench.asking(id)).coverage).to.equal('active')
  })

  for (const verdict of ['unknown', 'rejected'] as const) {
    it(`by a person after "${verdict}": a doubt is told as provisional, and after the last one a person has a case again`, async () => {
      const id = await bench.request('HELIO1')
      await bench.answer(id, { verdict, rule: 'x', reasonCodes: verdict === 'rejected' ? ['79'] : [] })
      await bench.told()
      await decide(id, 'ask-again', bench.at(5))
      await bench.answer(id, doubted, { now: bench.at(6), askedAt: bench.at(5) })
      expect((await newest()).types).to.deep.equal(['eligibility.recheck.v1', 'eligibility.provisional.v1'])
      await doubtToTheEnd(id)
      const { outcome } = await newest()
      expect(outcome && caseOf(outcome).cause).to.equal('no-verdict')
    })
  }

  it('that was doubted and then answered as before is told as it is, and not left provisional', async () => {
    const id = await bench.request('HELIO1')
    await bench.answer(id, { verdict: 'unknown', rule: 'x' })
    await decide(id, 'ask-again', bench.at(5))
    await bench.answer(id, doubted, { now: bench.at(6), askedAt: bench.at(5) })
    await bench.told()
    await bench.answer(id, { verdict: 'unknown', rule: 'x' }, { now: bench.at(30), askedAt: bench.at(25) })
    expect((await newest()).types).to.deep.equal(['eligibility.failed.v1'])
  })

  it('after the visit, a late doubted copy takes back nothing that was confirmed', async () => {
    const id = await bench.request('HELIO1')
    await bench.answer(id)
    await bench.told()
    await bench.answer(id, doubted, { now: bench.at(30 * 1440) })
    expect((await newest()).types).to.deep.equal([])
    expect((await bench.asking(id)).coverage).to.equal('active')
  })

  describe('by file', () => {
    const busy = { verdict: 'rejected' as const, rule: 'aaa', reasonCodes: ['42'], notNow: true, days: [] }
    const nextRound = async (id: string, number: number, minutes: number): Promise<void> => {
      const rules = { everyMs: 0, inquiriesMax: 500 }
      const batchId = await hub.engine.stores.batches.closeBatch(hub.tenantId, rules, { process: 'engine-1', now: bench.at(minutes) })
      await bench.sent({ batchId: batchId ?? '', requestIds: [id] }, number, bench.at(minutes + 1))
    }
    const askedByFile = async (verdict: 'active' | 'unknown'): Promise<string> => {
      const id = await bench.request('SLOWB4')
      await bench.answer(id, { verdict })
      await decide(id, 'ask-by-batch', bench.at(10))
      await nextRound(id, 801, 15)
      await bench.told()
      return id
    }

    it('that ends in "not now" again and again leaves what counted, and is asked again by itself', async () => {
      const id = await askedByFile('active')
      for (let i = 0; i <= notNowRoundsMax; i += 1) {
        await bench.receive(answerFor(id, busy), { now: bench.at(100 + i * 200) })
        if (i < notNowRoundsMax) await nextRound(id, 810 + i, 200 + i * 200)
      }
      expect(await bench.asking(id)).to.deep.include({ status: 'answered', why: 'ageing', coverage: 'active' })
      expect((await bench.asking(id)).recheckAt).to.be.a('string')
    })

    it('that ends in "not now" where nothing was known gives it to a person again', async () => {
      const id = await askedByFile('unknown')
      for (let i = 0; i <= notNowRoundsMax; i += 1) {
        await bench.receive(answerFor(id, busy), { now: bench.at(100 + i * 200) })
        if (i < notNowRoundsMax) await nextRound(id, 820 + i, 200 + i * 200)
      }
      expect((await bench.current(id)).status).to.equal('answered')
      const { outcome } = await newest()
      expect(outcome && caseOf(outcome).cause).to.be.a('string')
    })

    it('that is answered by something older than what counts ends, and is asked again by itself', async () => {
      const id = await askedByFile('active')
      await bench.receive(answerFor(id, { answeredAt: '2026-02-02T00:00:00.000Z' }), { now: bench.at(100) })
      expect(await bench.asking(id)).to.deep.include({ status: 'answered', why: 'ageing' })
    })
  })

  describe('after a correction', () => {
    const dual = { id: 'DUALS5', name: 'Dual Shield' }
    const north = { id: 'NORTH2', name: 'Northwind Mutual' }
    /** Asked at SLOWB4 by file, corrected to another insurer, and asked there by file too. */
    const movedToDual = async (): Promise<string> => {
      const batch = await bench.batchOf(1)
      const [id = ''] = batch.requestIds
      await bench.sent(batch, 901, bench.at(5))
      await correct(id, bench.at(30), { payer: dual })
      await bench.apply('billing.queue-inquiry', { requestId: id, why: 'payer-setting' }, bench.at(31))
      const rules = { everyMs: 0, inquiriesMax: 500 }
      const batchId = await hub.engine.stores.batches.closeBatch(hub.tenantId, rules, { process: 'engine-1', now: bench.at(32) })
      await bench.sent({ batchId: batchId ?? '', requestIds: [id] }, 902, bench.at(33))
      return id
    }

    it('a late file of the former insurer confirms nothing, and the new one is still waited for', async () => {
      const id = await movedToDual()
      await bench.receive(answerFor(id, { answeredAt: bench.at(20).toISOString() }), { now: bench.at(40) })
      await bench.receive(answerFor(id, { answeredAt: bench.at(39).toISOString(), payerId: 'SLOWB4' }), { now: bench.at(41) })
      await bench.receive(answerFor(id), { now: bench.at(42) })
      expect(await bench.current(id)).to.deep.include({ status: 'requested', verdict: null })
      expect((await bench.asking(id)).coverage).to.equal('draft')
      expect(await bench.states(id)).to.deep.equal(['answered', 'sent'])
    })

    it('the new insurer is believed, by its name or by when it said it', async () => {
      const named = await movedToDual()
      await bench.receive(answerFor(named, { payerId: 'DUALS5' }), { now: bench.at(40) })
      expect(await bench.current(named)).to.deep.include({ status: 'answered', verdict: 'active' })
      await bench.clear()
      const later = await movedToDual()
      await bench.receive(answerFor(later, { answeredAt: bench.at(35).toISOString(), payerId: 'GATEWAY' }), { now: bench.at(40) })
      expect(await bench.current(later)).to.deep.include({ status: 'answered', verdict: 'active' })
    })

    for (const decision of ['confirm', 'mark-inactive', 'ask-by-batch', 'ask-again'] as const) {
      it(`what a person decided before it (${decision}) is about other details, and changes nothing`, async () => {
        const id = await bench.request('HELIO1')
        await bench.answer(id, { verdict: 'unknown', rule: 'x' })
        await correct(id, bench.at(30), { payer: north })
        await bench.told()
        await decide(id, decision, bench.at(31), bench.at(29))
        expect(await bench.current(id)).to.deep.include({ status: 'requested', verdict: null })
        expect(await bench.states(id)).to.deep.equal([])
        expect((await newest()).types).to.deep.equal([])
      })
    }

    it('what a person decides after it counts', async () => {
      const id = await bench.request('HELIO1')
      await correct(id, bench.at(30), { payer: north })
      await decide(id, 'confirm', bench.at(31))
      expect(await bench.current(id)).to.deep.include({ status: 'answered', verdict: 'active' })
    })

    it('the insurer is that of the newest correction, in whatever order they arrive', async () => {
      const id = await bench.request('HELIO1')
      await correct(id, bench.at(20), { payer: north, version: 4 })
      await correct(id, bench.at(21), { payer: dual, version: 3 })
      expect((await idsOf(id)).payerId).to.equal('NORTH2')
      await correct(id, bench.at(22), { payer: dual, version: 5 })
      expect((await idsOf(id)).payerId).to.equal('DUALS5')
    })
  })
})
