import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import pg from 'pg'
import type { Delivery, Verdict } from '../bus.ts'
import { startProxy } from '../testing/proxy.ts'
import { Bench, postgresSetting, until } from '../testing/setting.ts'
import { schema } from './store.ts'

describe('hub/bus, PostgreSQL: a delivery whose end cannot be written', function () {
  this.timeout(60_000)
  const setting = postgresSetting()
  let bench: Bench
  before(async function () {
    if (setting.missing) this.skip()
    await setting.start()
  })
  after(async () => {
    if (!setting.missing) await setting.stop()
  })
  beforeEach(() => {
    bench = new Bench(setting)
  })
  afterEach(() => bench.close())

  async function whileAway(first: Verdict) {
    const proxy = await startProxy(setting.address())
    bench.defer(() => proxy.close())
    const bus = await bench.bus({ config: setting.configVia(proxy.port) })
    const queue = bench.queue('a', { deliveriesMax: 2 })
    await bus.declare([queue])
    const taken: Delivery[] = []
    await bus.consume(queue.name, { prefetch: 4 }, async (delivery) => {
      taken.push(delivery)
      if (taken.length > 1) return { is: 'ack' }
      proxy.cut()
      return first
    })
    await bus.publish([bench.message('a')])
    await until('it is handed out', () => taken.length === 1)
    // Long enough for tries that fail.
    await sleep(2_500)
    proxy.mend()
    return { bus, queue, taken }
  }

  /** Of all jobs of this queue: what the library says of them. */
  async function states(queue: string): Promise<string[]> {
    const { HUB_BUS_DATABASE_URL: connectionString } = setting.config() as { HUB_BUS_DATABASE_URL: string }
    const client = new pg.Client({ connectionString })
    await client.connect()
    try {
      const { rows } = await client.query<{ state: string }>(`select state from ${schema}.job where name = $1`, [queue])
      return rows.map(({ state }) => state)
    } finally {
      await client.end()
    }
  }

  it('comes again as soon as the database is back, and that was no try of its own', async () => {
    const { bus, queue, taken } = await whileAway({ is: 'later', delayMs: 100 })
    await until('it comes back', () => taken.length === 2, 30_000)
    expect(taken[1]?.deliveryCount, 'a missed heartbeat would have counted').to.equal(1)
    await until('it is settled', async () => (await bus.depths()).every(({ ready }) => ready === 0))
    expect(await bus.deadLetters(queue.name, 10)).to.deep.equal([])
  })

  it('does not come again when it was done', async () => {
    const { bus, queue, taken } = await whileAway({ is: 'ack' })
    // Once this is written nothing is left that could come; a missed heartbeat would have brought it once more before.
    await until('its end is written', async () => (await states(queue.name)).join() === 'completed', 30_000)
    expect(taken).to.have.length(1)
    expect((await bus.depths()).every(({ ready, dead }) => ready === 0 && dead === 0)).to.equal(true)
  })
})
