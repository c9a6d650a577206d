import { randomUUID } from 'node:crypto'
import type { Suspicion, Verdict } from '@heliox/core/billing'
import type { Canary } from '@heliox/core/catalog'
import type { Envelope } from '@heliox/core/kit'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { answerFor, type Bench, makeBench } from './fixtures.ts'
import { lockRequest } from './requests.ts'

const canary: Canary = { known: 'inactive', memberId: 'UNKNOWN1', givenName: 'Nobody', familyName: 'Canary', birthDate: '1970-01-01', payerSex: 'F' }
const signs = { says: 'yes' as const, empty: false, testMarked: false, echo: [], hasDates: true, hasPlan: true, body: 'EB 1', subject: 'HX99871' }

describe('a doubt that comes beside an answer, or after it was judged', () => {
  let hub: TestHub
  let bench: Bench
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(() => bench.clear())

  const envelopeOf = (id: string): Envelope => ({
    ...{ id, rootId: id, type: 'x', contract: 'x', tenantId: hub.tenantId, region: 'us-east', aggregateType: 'x', aggregateId: id, aggregateVersion: 1 },
    ...{ intakeId: null, occurredAt: hub.now.toISOString(), process: 'engine-1', traceparent: null, attempt: 1, payload: {} },
  })
  const recordOf = (requestId: string, over: object = {}) => ({
    ...{ requestId, verdict: 'active', rule: 'plan-active', reasonCodes: [], copayCents: 2500, manual: false },
    ...over,
  })
  const types = async (): Promise<string[]> => (await bench.told()).map(({ type }) => type)

  describe('of a release from before there were doubts', () => {
    const record = (requestId: string, suspicions: readonly Suspicion[], over: object = {}) =>
      hub.engine.stores.applies.apply('billing.record-eligibility', recordOf(requestId, over), {
        ...{ envelope: envelopeOf(randomUUID()), flow: 'eligibility', version: 2, step: 'record answer', process: 'engine-1', now: hub.now, suspicions },
      })
    const eligibilityShare = (percent: number) =>
      hub.owner.query(`UPDATE catalog.flow_activations SET percent = $1 WHERE tenant_id = $2 AND flow = 'eligibility' AND version >= 3`, [
        percent,
        hub.tenantId,
      ])

    it('confirms nothing of what the rules do not believe, and is asked again', async () => {
      const id = await bench.request('HELIO1')
      await record(id, ['closed-calendar'])
      expect(await types()).to.deep.equal([])
      expect(await bench.current(id)).to.deep.include({ status: 'requested', verdict: null })
      expect(await bench.asking(id)).to.deep.include({ why: 'suspicious', coverage: 'draft', recheckAt: bench.at(15).toISOString() })
    })

    it('confirms what is believed, and what a person says', async () => {
      const [believed, byHand] = [await bench.request('HELIO1'), await bench.request('HELIO1')]
      await record(believed, [])
      await record(byHand, ['closed-calendar'], { manual: true })
      for (const id of [believed, byHand]) expect(await bench.asking(id)).to.deep.include({ status: 'answered', coverage: 'active' })
    })

    it('is for our team at a clinic where nothing asks again: nobody would look at it any more', async () => {
      const id = await bench.request('HELIO1')
      for (const [version, enters] of [
        [1, ['eligibility.requested.v1']],
        [2, ['eligibility.requested.v1']],
        [3, ['eligibility.requested.v1', 'eligibility.recheck.v1']],
      ] as const)
        await hub.engine.stores.flows.registerRelease('eligibility', version, 'a'.repeat(64), [{ type: 'tab', hub: { enters } }], hub.now)
      await eligibilityShare(0)
      await record(id, ['closed-calendar'])
      await eligibilityShare(100)
      const [event, ...others] = await bench.told()
      expect(others).to.deep.equal([])
      expect(event).to.deep.include({ type: 'eligibility.failed.v1' })
      expect(event?.payload).to.deep.include({ verdict: 'unknown' })
      expect(await bench.asking(id)).to.deep.include({ status: 'answered', coverage: 'draft', recheckAt: null })
    })
  })

  describe('by a canary', () => {
    beforeEach(async () => {
      const settings = { canaries: [canary], canaryEveryMinutes: 60 }
      expect(await hub.api.stores.payerAdmin.save(hub.tenantId, 'HELIO1', { settings, version: 0 }, 'user:ada', hub.now)).to.equal('saved')
      await hub.engine.stores.plausibility.judge(hub.tenantId, 'HELIO1', { signs, latencyMs: 900 }, hub.now)
      await ask(hub.now)
    })
    const ask = (now: Date) => hub.engine.stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now })
    async function canarySaid(verdict: Verdict, now: Date): Promise<void> {
      const found = await hub.owner.query<{ id: string }>('SELECT request_id AS id FROM billing.canaries WHERE request_id IS NOT NULL')
      await bench.apply('billing.record-canary', { requestId: found.rows[0]?.id, payerId: 'HELIO1', known: 'inactive', verdict }, now)
    }
    /** Answered and judged clean at one moment, recorded at another: an engine was killed in between. */
    async function judgedThen(requestId: string, judgedAt: Date, recordedAt: Date, over: object = {}): Promise<void> {
      const rootId = randomUUID()
      const { flows, ledger, applies } = hub.engine.stores
      await flows.pin({ ...envelopeOf(rootId), type: 'eligibility.requested.v1' }, 'eligibility', judgedAt)
      const ref = { tenantId: hub.tenantId, rootId, flow: 'eligibility', version: 3, step: 'ask payer', intakeId: null, ledgerMonth: '2026-02-01' }
      const target = { partner: 'clearinghouse', operation: 'clearinghouse.checkEligibility.v2' }
      const started = await ledger.start(ref, target, '{}', {
        owner: 'engine-1',
        leaseMs: 20_000,
        replay: 'safe',
        keyedForMs: null,
        triesMax: 4,
        now: judgedAt,
      })
      if (started.is !== 'go') throw new Error('the ledger would not start')
      const end = { is: 'answered', port: 'ok', value: {}, reconciled: false, suspicions: [] } as const
      await ledger.end(ref, started.effectId, started.fencing, end, judgedAt)
      await applies.apply('billing.record-answer', recordOf(requestId, { suspicions: [], ...over }), {
        ...{ envelope: envelopeOf(rootId), flow: 'eligibility', version: 3, step: 'record answer', process: 'engine-1', now: recordedAt },
      })
    }

    it('makes provisional what was judged before it and is recorded after it', async () => {
      const id = await bench.request('HELIO1')
      await canarySaid('active', bench.at(1))
      await bench.told()
      await judgedThen(id, hub.now, bench.at(2))
      expect(await types()).to.deep.equal(['eligibility.provisional.v1'])
      expect(await bench.asking(id)).to.deep.include({ status: 'requested', why: 'suspicious', coverage: 'draft' })
    })

    it('and what is recorded only when the payer answers rightly again, but was said while it did not', async () => {
      const [within, after] = [await bench.request('HELIO1'), await bench.request('HELIO1')]
      await canarySaid('active', bench.at(1))
      await ask(bench.at(11))
      await canarySaid('rejected', bench.at(12))
      await judgedThen(within, bench.at(5), bench.at(20))
      await judgedThen(after, bench.at(13), bench.at(20))
      expect(await bench.asking(within)).to.deep.include({ why: 'suspicious', coverage: 'draft' })
      expect(await bench.asking(after)).to.deep.include({ why: 'ageing', coverage: 'active' })
    })

    it('doubts no "no", and nothing that a person or another payer says', async () => {
      const [no, byHand, other] = [await bench.request('HELIO1'), await bench.request('HELIO1'), await bench.request('NORTH2')]
      await canarySaid('active', bench.at(1))
      await judgedThen(no, hub.now, bench.at(2), { verdict: 'inactive', rule: 'plan-inactive' })
      await bench.answer(byHand, { manual: true }, { now: bench.at(2) })
      await judgedThen(other, hub.now, bench.at(2))
      expect((await bench.asking(no)).coverage).to.equal('cancelled')
      for (const id of [byHand, other]) expect((await bench.asking(id)).coverage).to.equal('active')
    })

    it('doubts what a file brings without a word on how it was said', async () => {
      const id = await bench.request('HELIO1')
      await canarySaid('active', bench.at(1))
      await bench.receive(answerFor(id), { now: bench.at(2) })
      expect(await bench.asking(id)).to.deep.include({ why: 'suspicious', coverage: 'draft' })
    })

    it('never lets an answer slip through that is recorded at the same moment: it is provisional, or it is asked again', async function () {
      this.timeout(30_000)
      for (let round = 0; round < 8; round += 1) {
        const id = await bench.request('HELIO1')
        const minute = round * 10
        await Promise.all([bench.answer(id, {}, { now: bench.at(minute + 2) }), canarySaid('active', bench.at(minute + 2))])
        expect((await bench.asking(id)).why, `round ${round}`).to.be.oneOf(['suspicious', 'payer-doubted'])
        await canarySaid('rejected', bench.at(minute + 5))
      }
    })

    it('finds with its next false answer whoever was in another hand at the first', async () => {
      const id = await bench.request('HELIO1')
      await bench.answer(id, {}, { now: hub.now })
      await withTenant(hub.engine.pool, hub.tenantId, 'service:t', async (tx) => {
        await lockRequest(tx, id)
        await canarySaid('active', bench.at(1))
      })
      expect((await bench.asking(id)).why).to.equal('ageing')
      await ask(bench.at(11))
      await canarySaid('active', bench.at(12))
      expect((await bench.asking(id)).why).to.equal('payer-doubted')
    })
  })
})
