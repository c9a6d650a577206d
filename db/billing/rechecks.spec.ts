import { recheckPerMinuteMax } from '@heliox/core/billing'
import { PayerCalendar } from '@heliox/core/catalog'
import { expect } from 'chai'
import { activeVersion } from '../catalog/flows.ts'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { openingAfter } from './canaries.ts'
import { type Bench, makeBench } from './fixtures.ts'
import { askDue } from './rechecks.ts'

const doubted = { suspicions: ['test-marks' as const] }

describe('asking again when it is due', () => {
  let hub: TestHub
  let bench: Bench
  before(async () => {
    hub = await openTestHub()
    bench = makeBench(hub)
  })
  after(() => hub.close())
  beforeEach(() => bench.clear())
  const store = () => hub.engine.stores.rechecks
  const ask = (now: Date, process = 'engine-1') => store().askDue(hub.tenantId, { process, now })
  const doubtedRequests = async (count: number, payerId = 'HELIO1'): Promise<string[]> => {
    const ids: string[] = []
    for (let i = 0; i < count; i += 1) {
      const id = await bench.request(payerId)
      await bench.answer(id, doubted)
      ids.push(id)
    }
    await bench.told()
    return ids
  }

  it('asks nobody before the time, and names no clinic in which nobody is due', async () => {
    await doubtedRequests(1)
    expect(await store().due(bench.at(14))).to.deep.equal([])
    expect(await ask(bench.at(14))).to.deep.equal({ rechecks: 0, canaries: 0 })
    expect(await store().due(bench.at(15))).to.deep.equal([hub.tenantId])
  })

  it('asks under the same request, as an event of its own, and only once', async () => {
    const [id = ''] = await doubtedRequests(1)
    expect(await ask(bench.at(15))).to.deep.equal({ rechecks: 1, canaries: 0 })
    expect(await ask(bench.at(16))).to.deep.equal({ rechecks: 0, canaries: 0 })
    const told = await bench.told()
    expect(told.map(({ type }) => type)).to.deep.equal(['eligibility.recheck.v1'])
    expect(told[0]?.payload).to.deep.include({ requestId: id, payerId: 'HELIO1', serviceDate: '2026-02-09' })
    expect(await bench.asking(id)).to.deep.include({ status: 'requested', recheckAt: null, why: null })
  })

  it('asks each once when ten engines look at once', async () => {
    await doubtedRequests(5)
    const asked = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(bench.at(20), `engine-${i}`)))
    expect(asked.reduce((sum, { rechecks }) => sum + rechecks, 0)).to.equal(5)
    const ids = (await bench.told()).map(({ payload }) => payload.requestId)
    expect(new Set(ids).size).to.equal(5)
    expect(ids).to.have.length(5)
  })

  it('is still due when the engine is killed before the commit, and asked for once after it', async () => {
    const [id = ''] = await doubtedRequests(1)
    const killed = withTenant(hub.engine.pool, hub.tenantId, 'service:engine-1', async (tx) => {
      await askDue(tx, { now: bench.at(20), process: 'engine-1', traceparent: null })
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())')
    })
    expect(await killed.catch((error: Error) => error.message)).to.match(/terminat/i)
    expect(await bench.told()).to.deep.equal([])
    expect((await bench.asking(id)).recheckAt).to.equal(bench.at(15).toISOString())
    expect((await ask(bench.at(20), 'engine-2')).rechecks).to.equal(1)
    expect(await bench.told()).to.have.length(1)
  })

  it('keeps to each payer’s rate, the soonest visit first, and makes no other payer wait', async function () {
    this.timeout(60_000)
    const many = await doubtedRequests(recheckPerMinuteMax + 3)
    const last = many.at(-1) ?? ''
    await hub.owner.query(`UPDATE billing.eligibility_requests SET service_date = '2026-02-03' WHERE id = $1`, [last])
    const [other = ''] = await doubtedRequests(1, 'QUIET3')
    expect((await ask(bench.at(20))).rechecks).to.equal(recheckPerMinuteMax + 1)
    const asked = (await bench.told()).map(({ payload }) => payload.requestId)
    expect(asked).to.include(other)
    expect(asked, 'who comes tomorrow').to.include(last)
    expect((await ask(new Date(bench.at(20).getTime() + 59_000), 'engine-2')).rechecks).to.equal(0)
    expect((await ask(new Date(bench.at(21).getTime() + 1), 'engine-2')).rechecks).to.equal(3)
  })

  it('leaves out whom somebody is answering at this moment, and asks them in the next round', async () => {
    const [first = '', second = ''] = await doubtedRequests(2)
    await withTenant(hub.engine.pool, hub.tenantId, 'service:engine-2', async (tx) => {
      await tx.query('SELECT 1 FROM billing.eligibility_requests WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE', [hub.tenantId, first])
      expect((await ask(bench.at(20))).rechecks).to.equal(1)
    })
    expect((await bench.told()).map(({ payload }) => payload.requestId)).to.deep.equal([second])
    expect((await ask(bench.at(21))).rechecks).to.equal(1)
  })

  it('asks no payer that has closed since: they are due at its opening', async () => {
    const [id = ''] = await doubtedRequests(1)
    const downtimes = [{ from: bench.at(0).toISOString(), to: bench.at(120).toISOString() }]
    const settings = { calendar: { timeZone: 'America/New_York', closed: [], usFederalHolidays: false, holidays: [], downtimes } }
    await hub.api.stores.payerAdmin.save(hub.tenantId, 'HELIO1', { settings, version: 0 }, 'user:ada', hub.now)
    expect((await ask(bench.at(20))).rechecks).to.equal(0)
    expect((await bench.asking(id)).recheckAt).to.equal(bench.at(120).toISOString())
    expect((await ask(bench.at(120))).rechecks).to.equal(1)
  })

  it('looks again in an hour, not each second, at a payer that is closed for longer than anybody plans ahead', () => {
    const shut = { from: hub.now.toISOString(), to: bench.at(60 * 24 * 200).toISOString() }
    expect(openingAfter(PayerCalendar.parse({ timeZone: 'America/New_York', downtimes: [shut] }), hub.now)).to.deep.equal(bench.at(60))
  })

  it('asks nobody at a clinic that went back to an earlier release, and everybody who is due when it comes forward again', async () => {
    await doubtedRequests(1)
    const share = (percent: number) =>
      hub.owner.query(`UPDATE catalog.flow_activations SET percent = $1 WHERE tenant_id = $2 AND flow = 'eligibility' AND version >= 3`, [
        percent,
        hub.tenantId,
      ])
    const enters = (version: number) => (version < 3 ? ['eligibility.requested.v1'] : ['eligibility.requested.v1', 'eligibility.recheck.v1'])
    for (const version of [1, 2, 3, 4]) {
      await hub.engine.stores.flows.registerRelease('eligibility', version, 'a'.repeat(64), [{ type: 'tab', hub: { enters: enters(version) } }], hub.now)
    }
    await share(0)
    expect((await ask(bench.at(20))).rechecks).to.equal(0)
    await share(1)
    expect((await ask(bench.at(20))).rechecks).to.equal(1)
    const versionOf = (event: string) => withTenant(hub.engine.pool, hub.tenantId, 'service:t', (tx) => activeVersion(tx, 'eligibility', 'somebody', event))
    expect(await versionOf('eligibility.requested.v1'), 'by its share').to.equal(2)
    expect(await versionOf('eligibility.recheck.v1'), 'the one that knows of it').to.equal(4)
    await share(100)
  })

  it('lets an answered request into a batch again, and only when it is asked again', async () => {
    const id = await bench.request('SLOWB4')
    const queue = (now: Date) => bench.apply('billing.queue-inquiry', { requestId: id, why: 'payer-setting' }, now)
    await queue(hub.now)
    await bench.answer(id)
    await queue(bench.at(1))
    expect(await bench.states(id)).to.deep.equal(['answered'])
    await ask(new Date((await bench.asking(id)).recheckAt ?? 0))
    await queue(bench.at(2))
    expect(await bench.states(id)).to.deep.equal(['answered', 'waiting'])
  })
})
