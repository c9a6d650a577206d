import { randomUUID } from 'node:crypto'
import type { QueuePage, QueueStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { openTestHub, type TestHub } from '../fixtures.ts'

const itemsMax = 10_000
const listMsMax = 50

/** Ten thousand open items of one clinic, for visits over a year, a third of them behind one incident. */
describe('the queue with ten thousand open items', function () {
  this.timeout(120_000)
  let hub: TestHub
  const incident = randomUUID()
  const user = randomUUID()
  before(async () => {
    hub = await openTestHub()
    await hub.owner.query(
      `INSERT INTO messaging.incidents (tenant_id, id, kind, partner, payer_id, about, about_id, count, opened_at, last_at)
       VALUES ($1, $2, 'not-answering', 'clearinghouse', 'QUIET3', 'payer', 'QUIET3', 3000, $3, $3)`,
      [hub.tenantId, incident, hub.now],
    )
    await hub.owner.query(
      `INSERT INTO messaging.overrides (tenant_id, id, root_id, flow, flow_version, step, partner, operation, payer_id, incident_id, cause, owner, staff_text, attempts,
         envelope, opened_at, visit_at)
       SELECT $1, gen_random_uuid(), gen_random_uuid(), 'eligibility', 3, 'ask payer', 'clearinghouse', 'checkEligibility.v2', CASE WHEN i % 3 = 0 THEN 'QUIET3' ELSE 'HELIO1' END,
         CASE WHEN i % 3 = 0 THEN $2::uuid END, (CASE WHEN i % 3 = 0 THEN 'unavailable' ELSE 'contract' END)::messaging.hold_cause, 'ops', 'No answer.', 3,
         jsonb_build_object('payload', repeat('x', 700)), $3::timestamptz + i * interval '1 second',
         CASE WHEN i % 10 > 0 THEN $3::timestamptz + (i * 7919 % ${itemsMax}) * interval '50 minutes' END
       FROM generate_series(1, ${itemsMax}) AS i`,
      [hub.tenantId, incident, hub.now],
    )
    await hub.owner.query('VACUUM ANALYZE messaging.overrides')
  })
  after(() => hub.close())

  const list = (filter: Partial<Parameters<QueueStore['list']>[1]> = {}): Promise<QueuePage> =>
    hub.api.stores.queue.list(hub.tenantId, { status: 'open', sort: 'visit', grouped: false, limit: 50, ...filter }, user, hub.now)

  it('is told in pages by the time of the visit, those without one last, none lost and none twice', async () => {
    const seen: { id: string; visitAt: string | null }[] = []
    let cursor: string | undefined
    do {
      const page = await list({ limit: 200, cursor })
      seen.push(...page.items)
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(new Set(seen.map((item) => item.id)).size).to.equal(itemsMax)
    const times = seen.map((item) => item.visitAt ?? '9999')
    expect(times).to.deep.equal([...times].sort())
    expect(times.filter((time) => time === '9999')).to.have.length(itemsMax / 10)
  })

  it('counts by cause and payer what fits, each list of choices as if it were not narrowed itself', async () => {
    const all = await list()
    expect(all.total).to.equal(itemsMax)
    expect(all.byCause.map(({ value, count }) => [value, count])).to.deep.equal([
      ['contract', 6667],
      ['unavailable', 3333],
    ])
    const narrowed = await list({ cause: 'unavailable' })
    expect(narrowed.total).to.equal(3333)
    expect(narrowed.byCause).to.deep.equal(all.byCause)
    expect(narrowed.byPayer.map(({ value, count }) => [value, count])).to.deep.equal([['QUIET3', 3333]])
    expect(narrowed.byPayer[0]?.name).to.be.a('string')
  })

  it('makes one row of what shares an incident, and shows its items when asked for them', async () => {
    const grouped = await list({ grouped: true, limit: 200 })
    expect(grouped.groups).to.have.length(1)
    expect(grouped.groups[0]).to.include({ incidentId: incident, kind: 'not-answering', payerId: 'QUIET3', items: 3333, cause: 'unavailable' })
    expect(grouped.total).to.equal(itemsMax)
    expect(grouped.items.map((item) => item.incidentId)).to.not.include(incident)
    expect((await list({ incident })).total).to.equal(3333)
  })

  it(`costs no list more than ${listMsMax} ms`, async () => {
    const filters = { first: {}, grouped: { grouped: true }, payer: { payer: 'QUIET3' }, age: { sort: 'age' } } as const
    for (const [name, filter] of Object.entries(filters)) {
      // The fastest of many: what it costs, and not what else this machine is doing.
      let fastestMs = Number.POSITIVE_INFINITY
      for (let i = 0; i < 40 && fastestMs > listMsMax / 2; i += 1) {
        const began = performance.now()
        await list(filter)
        fastestMs = Math.min(fastestMs, performance.now() - began)
      }
      expect(fastestMs, name).to.be.at.most(listMsMax)
    }
  })
})
