import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Delivery, Verdict } from '../bus.ts'
import { startProxy } from '../testing/proxy.ts'
import { Bench, postgresSetting, until } from '../testing/setting.ts'

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
    await sleep(2_500)
    const from = performance.now()
    proxy.mend()
    return { bus, queue, taken, sinceMs: () => performance.now() - from }
  }

  it('comes again as soon as the database is back, and that was no try of its own', async () => {
    const { bus, queue, taken, sinceMs } = await whileAway({ is: 'later', delayMs: 100 })
    await until('it comes back', () => taken.length === 2)
    expect(sinceMs(), 'not after a missed heartbeat').to.be.lessThan(5_000)
    expect(taken[1]?.deliveryCount).to.equal(1)
    await until('it is settled', async () => (await bus.depths()).every(({ ready }) => ready === 0))
    expect(await bus.deadLetters(queue.name, 10)).to.deep.equal([])
  })

  it('does not come again when it was done', async () => {
    const { bus, taken } = await whileAway({ is: 'ack' })
    // Longer than a missed heartbeat takes to be noticed.
    await sleep(17_000)
    expect(taken).to.have.length(1)
    expect((await bus.depths()).every(({ ready, dead }) => ready === 0 && dead === 0)).to.equal(true)
  })
})
