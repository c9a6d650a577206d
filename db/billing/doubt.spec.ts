import { doubtsMax } from '@heliox/core/billing'
import { expect } from 'chai'
import fc from 'fast-check'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { askAgain } from './ask-again.ts'
import { answerFor, type Bench, makeBench } from './fixtures.ts'
import { lockRequest } from './requests.ts'

const doubted = { suspicions: ['closed-calendar' as const] }

describe('an answer that is not believed', () => {
  let hub: TestHub
  let bench: Bench
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(() => bench.clear())
  const types = async (): Promise<string[]> => (await bench.told()).map(({ type }) => type)

  it('confirms nothing: provisional with its reasons, coverage as it was, and asked again', async () => {
    const id = await bench.request('HELIO1')
    await bench.answer(id, doubted)
    expect(await bench.current(id)).to.deep.include({ status: 'requested', verdict: null })
    const [event, ...others] = await bench.told()
    expect(others).to.deep.equal([])
    expect(event).to.deep.include({ type: 'eligibility.provisional.v1', version: 2 })
    expect(event?.payload).to.deep.include({ verdict: 'active', suspicions: ['closed-calendar'], recheckAt: bench.at(15).toISOString() })
    expect(await bench.asking(id)).to.deep.equal({
      ...{ status: 'requested', recheckAt: bench.at(15).toISOString(), why: 'suspicious', doubts: 1, told: 'active', coverage: 'draft' },
    })
  })

  it('leaves what was confirmed before as it was told, and is asked for again all the same', async () => {
    const id = await bench.request('HELIO1')
    await bench.answer(id)
    await bench.told()
    await bench.answer(id, { ...doubted, verdict: 'inactive' }, { now: bench.at(5) })
    expect(await bench.current(id)).to.deep.include({ status: 'answered', verdict: 'active' })
    expect(await types()).to.deep.equal([])
    expect(await bench.asking(id)).to.deep.include({ why: 'suspicious', coverage: 'active', told: 'active' })
  })

  it('makes way for a clean one: confirmed, and no change where it says the same', async () => {
    const id = await bench.request('HELIO1')
    await bench.answer(id, doubted)
    await bench.answer(id, {}, { now: bench.at(20) })
    expect(await bench.current(id)).to.deep.include({ status: 'answered', verdict: 'active' })
    expect(await types()).to.deep.equal(['eligibility.provisional.v1', 'eligibility.succeeded.v1'])
    expect(await bench.asking(id)).to.deep.include({ doubts: 0, coverage: 'active', why: 'ageing' })
  })

  it('and a clean one that says otherwise is told as a change of what was told in doubt', async () => {
    const id = await bench.request('HELIO1')
    await bench.answer(id, doubted)
    await bench.answer(id, { verdict: 'inactive', rule: 'plan-inactive' }, { now: bench.at(20) })
    const told = await bench.told()
    expect(told.map(({ type, version }) => [type, version])).to.deep.equal([
      ['eligibility.provisional.v1', 2],
      ['eligibility.succeeded.v1', 3],
      ['eligibility.changed.v1', 4],
    ])
    expect(told[2]?.payload).to.deep.include({ from: 'active', to: 'inactive', requestId: id })
    expect(told[2]?.payload.changeId).to.match(/^[0-9a-f-]{36}$/)
  })

  it('is doubted alike when it is a "no", or a rejection', async () => {
    for (const over of [{ verdict: 'inactive' as const }, { verdict: 'rejected' as const, reasonCodes: ['75'] }]) {
      const id = await bench.request('HELIO1')
      await bench.answer(id, { ...over, suspicions: ['canary-inactive'] })
      expect(await bench.current(id), over.verdict).to.deep.include({ status: 'requested', verdict: null })
      expect((await bench.asking(id)).coverage).to.equal('draft')
    }
  })

  it('waits longer after each doubt in a row, and after the last one our team has it', async () => {
    const id = await bench.request('HELIO1')
    let minutes = 0
    const waits: number[] = []
    for (let i = 0; i < doubtsMax; i += 1) {
      await bench.answer(id, doubted, { now: bench.at(minutes) })
      const { recheckAt } = await bench.asking(id)
      const next = (Date.parse(recheckAt ?? '') - hub.now.getTime()) / 60_000
      waits.push(next - minutes)
      minutes = next
    }
    expect(waits).to.deep.equal([15, 30, 60, 120, 240, 480, ...Array(6).fill(720)])
    await bench.told()
    await bench.answer(id, doubted, { now: bench.at(minutes) })
    expect(await bench.asking(id)).to.deep.include({ status: 'answered', recheckAt: null, told: 'unknown', coverage: 'draft' })
    const told = await bench.told()
    expect(told.map(({ type }) => type)).to.deep.equal(['eligibility.failed.v1'])
    expect(told[0]?.payload).to.deep.include({ verdict: 'unknown' })
    await bench.answer(id, {}, { now: bench.at(minutes + 5) })
    expect((await bench.current(id)).verdict, 'and what can be believed later still counts').to.equal('active')
  })

  it('is asked for at the next opening by the clinic’s own hours, which go before the catalogue’s', async () => {
    const settings = { calendar: { timeZone: 'America/New_York', closed: [], usFederalHolidays: false, holidays: ['2026-02-02'], downtimes: [] } }
    expect(await hub.api.stores.payerAdmin.save(hub.tenantId, 'HELIO1', { settings, version: 0 }, 'user:ada', hub.now)).to.equal('saved')
    const id = await bench.request('HELIO1')
    await bench.answer(id, doubted)
    const opens = Date.parse('2026-02-03T05:00:00Z')
    expect(Date.parse((await bench.asking(id)).recheckAt ?? '')).to.be.within(opens, opens + 30 * 60_000)
  })

  it('by hand is believed: a person knows better than the rules', async () => {
    const id = await bench.request('HELIO1')
    await bench.answer(id, doubted)
    await bench.answer(id, { manual: true, rule: 'by-hand' }, { now: bench.at(9) })
    expect(await bench.current(id)).to.deep.include({ status: 'answered', verdict: 'active' })
  })

  it('never is the current one, whatever comes before and after it, by whatever door', async () => {
    const one = fc.record({ verdict: fc.constantFrom('active' as const, 'inactive' as const), doubt: fc.boolean(), file: fc.boolean(), minutes: fc.nat(600) })
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 5 }), async (list) => {
        const id = await bench.request('HELIO1')
        for (const { verdict, doubt, file, minutes } of list) {
          const now = bench.at(minutes)
          const signs = { says: 'yes' as const, empty: false, testMarked: doubt, echo: [], hasDates: true, hasPlan: true }
          if (file) await bench.receive(answerFor(id, { verdict, signs }), { now })
          else await bench.answer(id, { verdict, suspicions: doubt ? ['test-marks'] : [] }, { now })
        }
        const found = await hub.owner.query(
          `SELECT a.suspicions FROM billing.eligibility_requests r JOIN billing.eligibility_answers a ON a.id = r.current_answer_id WHERE r.id = $1`,
          [id],
        )
        expect(found.rows.flatMap((row) => row.suspicions)).to.deep.equal([])
        const { coverage } = await bench.asking(id)
        if (list.every(({ doubt }) => doubt)) expect(coverage).to.equal('draft')
      }),
      { numRuns: 12 },
    )
  })

  it('out of a file is doubted in the commit that matches it', async () => {
    const { requestIds } = await bench.batchOf(1)
    const [id = ''] = requestIds
    await bench.sent({ batchId: (await hub.owner.query('SELECT id FROM billing.batches')).rows[0].id, requestIds }, 7)
    await bench.told()
    const signs = { says: 'yes' as const, empty: false, testMarked: true, echo: [], hasDates: true, hasPlan: true }
    await bench.receive(answerFor(id, { signs }))
    const [event] = await bench.told()
    expect(event?.type).to.equal('eligibility.provisional.v1')
    expect(event?.payload.suspicions).to.include('test-marks')
    expect(await bench.states(id), 'nobody waits for that round any more').to.deep.equal(['answered'])
  })

  it('out of files is one incident of its payer with a count, closed by a believed one after a quiet time', async () => {
    const signs = { says: 'yes' as const, empty: false, testMarked: true, echo: [], hasDates: true, hasPlan: true }
    const receive = async (testMarked: boolean, minutes: number): Promise<void> => {
      await bench.receive(answerFor(await bench.request('SLOWB4'), { signs: { ...signs, testMarked } }), { now: bench.at(minutes) })
    }
    for (const minutes of [0, 1]) await receive(true, minutes)
    await receive(false, 2)
    const doubts = () => bench.incidents('implausible-answers')
    expect(await doubts()).to.deep.equal([{ kind: 'implausible-answers', about: 'payer SLOWB4', count: 2 }])
    await receive(false, 17)
    expect(await doubts()).to.deep.equal([])
  })

  it('out of a file that was written before the payer’s holiday and fetched on it is believed', async () => {
    const closed = new Date('2026-02-16T15:30:00Z')
    const signs = { says: 'yes' as const, empty: false, testMarked: false, echo: [], hasDates: true, hasPlan: true }
    const verdictOf = async (answeredAt: string | null): Promise<string | null> => {
      const { requestIds } = await bench.batchOf(1)
      const [id = ''] = requestIds
      await bench.receive(answerFor(id, { signs, answeredAt }), { now: closed })
      return (await bench.current(id)).verdict
    }
    expect(await verdictOf('2026-02-14T20:10:00.000Z')).to.equal('active')
    expect(await verdictOf('2026-02-16T15:10:00.000Z'), 'said on the holiday').to.equal(null)
    expect(await verdictOf(null), 'nobody knows when').to.equal(null)
  })

  it('of a release that declares no doubt is not told, and confirms nothing either', async () => {
    const id = await bench.request('HELIO1')
    const signs = { says: 'yes' as const, empty: false, testMarked: true, echo: [], hasDates: true, hasPlan: true }
    const item = { itemId: '018f3c00-0000-7000-8000-0000000000c1', fileId: '018f3c00-0000-7000-8000-0000000000c2', index: 0 }
    await bench.apply('billing.record-received', { ...item, receivedAt: hub.now.toISOString(), item: answerFor(id, { signs }) })
    expect(await types()).to.deep.equal([])
    expect(await bench.current(id)).to.deep.include({ status: 'requested', verdict: null })
    expect((await bench.asking(id)).why).to.equal('suspicious')
  })

  describe('that grew old', () => {
    it('says when it is stale and expired, by the rules of clinic and payer', async () => {
      const ages = { freshDays: 3, expireDays: 10, askAgainDaysBefore: 1 }
      await hub.api.stores.payerAdmin.save(hub.tenantId, 'HELIO1', { settings: { ages }, version: 0 }, 'user:ada', hub.now)
      const id = await bench.request('HELIO1')
      await bench.answer(id)
      const [event] = await bench.told()
      expect(event?.payload).to.deep.include({
        ...{ answeredAt: '2026-02-02T15:00:00.000Z', staleAt: '2026-02-05T15:00:00.000Z', expiresAt: '2026-02-12T15:00:00.000Z' },
      })
      // The visit is on 9 February; a day before, from six in the payer's morning.
      expect((await bench.asking(id)).recheckAt?.slice(0, 13)).to.equal('2026-02-08T11')
    })

    it('is asked for two days before the visit; the same again is fresh, and no news to anybody', async () => {
      const id = await bench.request('HELIO1')
      await bench.answer(id)
      const { recheckAt } = await bench.asking(id)
      expect(recheckAt?.slice(0, 10)).to.equal('2026-02-07')
      const due = new Date(recheckAt ?? 0)
      expect(await hub.engine.stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now: due })).to.deep.equal({ rechecks: 1, canaries: 0 })
      await bench.answer(id, {}, { now: due, askedAt: due })
      const told = await bench.told()
      expect(told.map(({ type }) => type)).to.deep.equal(['eligibility.succeeded.v1', 'eligibility.recheck.v1', 'eligibility.renewed.v1'])
      expect(told[2]?.payload.answeredAt).to.equal(due.toISOString())
      expect(await bench.asking(id)).to.deep.include({ status: 'answered', recheckAt: null, coverage: 'active' })
    })

    it('is asked for at the turn of the month; what changed is told to everybody', async () => {
      const id = await bench.request('HELIO1')
      await hub.owner.query(`UPDATE billing.eligibility_requests SET service_date = '2026-03-20' WHERE id = $1`, [id])
      await bench.answer(id)
      const due = new Date((await bench.asking(id)).recheckAt ?? 0)
      expect(due.toISOString().slice(0, 10)).to.equal('2026-03-01')
      await hub.engine.stores.rechecks.askDue(hub.tenantId, { process: 'engine-1', now: due })
      expect((await bench.current(id)).verdict, 'counts until there is something newer').to.equal('active')
      await bench.answer(id, { verdict: 'inactive', rule: 'plan-inactive' }, { now: due, askedAt: due })
      const told = await bench.told()
      expect(told.slice(-2).map(({ type }) => type)).to.deep.equal(['eligibility.succeeded.v1', 'eligibility.changed.v1'])
      expect(told.at(-1)?.payload).to.deep.include({ from: 'active', to: 'inactive' })
      expect((await bench.asking(id)).coverage).to.equal('cancelled')
    })

    it('leaves a rejection alone that only a patient can put right, and asks nearer the visit where the day was too far ahead', async () => {
      const [wrong, early] = [await bench.request('HELIO1'), await bench.request('HELIO1')]
      await bench.answer(wrong, { verdict: 'rejected', rule: 'aaa', reasonCodes: ['75'] })
      await bench.answer(early, { verdict: 'rejected', rule: 'aaa', reasonCodes: ['62'] })
      expect((await bench.asking(wrong)).recheckAt).to.equal(null)
      expect((await bench.asking(early)).recheckAt?.slice(0, 10)).to.equal('2026-02-07')
    })
  })

  describe('about data that were corrected since', () => {
    const correct = (id: string, now: Date, payer?: { id: string; name: string }) =>
      withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', async (tx) => {
        const request = await lockRequest(tx, id)
        if (!request) throw new Error('no request')
        await askAgain(tx, request, { corrected: true, ...(payer ? { payer } : {}) }, { now, process: 'engine-1', traceparent: null })
      })

    it('counts no more, and neither does one that comes later to a question asked before', async () => {
      const id = await bench.request('HELIO1')
      await bench.answer(id, { verdict: 'rejected', reasonCodes: ['75'] })
      await correct(id, bench.at(30))
      expect(await bench.current(id)).to.deep.include({ status: 'requested', verdict: null })
      await bench.answer(id, { verdict: 'inactive' }, { now: bench.at(31), askedAt: bench.at(29) })
      expect(await bench.current(id)).to.deep.include({ status: 'requested', verdict: null })
      await bench.answer(id, {}, { now: bench.at(32), askedAt: bench.at(30) })
      expect(await bench.current(id)).to.deep.include({ status: 'answered', verdict: 'active' })
    })

    it('goes to the new payer, and a batch of the old question is waited for by nobody', async () => {
      const { requestIds } = await bench.batchOf(1)
      const [id = ''] = requestIds
      await bench.told()
      await correct(id, bench.at(30), { id: 'NORTH2', name: 'Northwind Mutual' })
      expect(await bench.states(id)).to.deep.equal(['answered'])
      const [event] = await bench.told()
      expect(event).to.deep.include({ type: 'eligibility.recheck.v1' })
      expect(event?.payload).to.deep.include({ payerId: 'NORTH2', payerName: 'Northwind Mutual', requestId: id })
      await bench.receive(answerFor(id), { now: bench.at(40) })
      expect((await bench.current(id)).verdict, 'the file answers the old question').to.equal(null)
    })
  })
})
