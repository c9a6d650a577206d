import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Bus, Delivery } from './index.ts'
import { ack, collect, contract } from './testing/contract.ts'
import { startProxy } from './testing/proxy.ts'
import { Bench, until } from './testing/setting.ts'

/** A consumer, a connection or the broker itself goes away, and comes back. */
contract('when something is lost', ({ driver, setting, newBench }) => {
  let bench: Bench
  beforeEach(() => {
    bench = newBench()
  })

  describe('whose consumers live or die', () => {
    // It runs beside the death of another: both are as long as a heartbeat takes to be missed.
    const long = {
      bench: new Bench(setting),
      bus: undefined as Bus | undefined,
      handedOutMs: 0,
      taken: [] as Delivery[],
      release: () => undefined as unknown,
    }
    before(async () => {
      const bus = await long.bench.bus()
      long.bus = bus
      const queue = long.bench.queue('long')
      await bus.declare([queue])
      const { promise, resolve } = Promise.withResolvers<void>()
      long.release = resolve
      long.taken = await collect(bus, queue.name, async () => {
        await promise
        return ack
      })
      await bus.publish([long.bench.message('long')])
      await until('it is handed out', () => long.taken.length === 1)
      long.handedOutMs = performance.now()
    })
    after(() => long.bench.close())

    it('hands the message of a consumer killed with -9 to another within 30 s', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      const victim = bench.process([queue], queue.name)
      await victim.saw('consuming')
      const message = bench.message('a')
      await bus.publish([message])
      expect(await victim.saw('took')).to.equal(message.id)
      const taken = await collect(bus, queue.name)
      expect(taken, 'while the victim lives').to.deep.equal([])
      victim.child.kill('SIGKILL')
      const killedMs = performance.now()
      await until('it is handed out again', () => taken.length === 1, 30_000)
      console.log(`        redelivered ${Math.round(performance.now() - killedMs)} ms after kill -9 (${driver})`)
      expect(taken[0]).to.deep.include({ id: message.id, deliveryCount: 2 })
    })

    it('keeps a delivery with a handler that takes long but lives', async () => {
      const { bus, taken, release, handedOutMs } = long
      // Longer than the heartbeat that a dead consumer misses.
      await sleep(Math.max(0, handedOutMs + 16_000 - performance.now()))
      expect(taken).to.have.lengthOf(1)
      expect(taken[0]?.signal.aborted).to.equal(false)
      release()
      await until('nothing waits', async () => (await bus?.depths())?.every((depth) => depth.ready === 0))
    })
  })

  it('answers unknown in time, and never hangs, when the broker is gone or silent; and goes on when it is back', async () => {
    const proxy = await startProxy(setting.address())
    bench.defer(() => proxy.close())
    const bus = await bench.bus({ config: setting.configVia(proxy.port), confirmTimeoutMs: 2_000 })
    const [queue, idle] = [bench.queue('a'), bench.queue('idle')]
    await bus.declare([queue, idle])
    const taken = await collect(bus, queue.name)
    expect(await bus.healthy()).to.equal(true)

    for (const breakIt of ['cut', 'stall'] as const) {
      taken.length = 0
      proxy[breakIt]()
      const fromMs = performance.now()
      const lost = [bench.message('a'), bench.message('a')]
      expect(await bus.publish(lost), breakIt).to.deep.equal(['unknown', 'unknown'])
      expect(performance.now() - fromMs, breakIt).to.be.lessThan(10_000)
      const subscribedMeanwhile = breakIt === 'cut' ? await collect(bus, idle.name) : undefined
      proxy.mend()
      if (subscribedMeanwhile) {
        const quiet = bench.message('idle')
        await until('a publish is confirmed', async () => (await bus.publish([quiet]))[0] === 'confirmed', 30_000)
        await until('who subscribed meanwhile has it', () => subscribedMeanwhile.some((delivery) => delivery.id === quiet.id), 30_000)
      }
      const again = bench.message('a')
      await until(`a publish is confirmed after ${breakIt}`, async () => (await bus.publish([again]))[0] === 'confirmed', 30_000)
      await until(`it is consumed after ${breakIt}`, () => taken.some((delivery) => delivery.id === again.id), 30_000)
    }
    expect(await bus.healthy()).to.equal(true)
  })

  it('hands out again what was running when the connection broke, and tells the handler', async () => {
    const proxy = await startProxy(setting.address())
    bench.defer(() => proxy.close())
    const bus = await bench.bus({ config: setting.configVia(proxy.port) })
    const queue = bench.queue('a')
    await bus.declare([queue])
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const taken = await collect(bus, queue.name, async ({ deliveryCount }) => {
      if (deliveryCount === 1) await held
      return ack
    })
    await bus.publish([bench.message('a')])
    await until('it is handed out', () => taken.length === 1)
    proxy.cut()
    // PostgreSQL holds the job for its consumer until the heartbeat is missed; RabbitMQ until the connection ends.
    const other = await bench.bus()
    await other.declare([queue])
    const elsewhere = await collect(other, queue.name)
    await until('another has it', () => elsewhere.length === 1, 30_000)
    proxy.mend()
    await until('the first handler is told', () => taken[0]?.signal.aborted, 30_000)
    release()
    await until('it is settled once', async () => (await other.depths()).every((depth) => depth.ready === 0 && depth.dead === 0))
  })

  const { crash, publishConnection } = setting
  if (publishConnection !== undefined) {
    it('keeps what must wait, and does not count it, while only the connection for publishing is away', async () => {
      const proxy = await startProxy(setting.address())
      bench.defer(() => proxy.close())
      const bus = await bench.bus({ config: setting.configVia(proxy.port) })
      const queue = bench.queue('a', { deliveriesMax: 3 })
      await bus.declare([queue])
      const message = bench.message('a')
      await bus.publish([message])
      let away = true
      const taken = await collect(bus, queue.name, () => {
        if (away) proxy.cut(publishConnection)
        return away ? { is: 'later', delayMs: 100 } : ack
      })
      await until('it is handed out', () => taken.length === 1)
      // Longer than one try; handed back it would come again within milliseconds.
      await sleep(1_500)
      expect(taken).to.have.lengthOf(1)
      expect(taken[0]?.signal.aborted, 'its own connection lives').to.equal(false)
      away = false
      proxy.mend()
      await until('it comes back', () => taken.length === 2, 30_000)
      expect(taken[1]).to.deep.include({ id: message.id, deliveryCount: 1 })
      expect(await bus.deadLetters(queue.name, 10)).to.deep.equal([])
    })

    it('moves on to the next address when one is lost, and comes back to it when that one is lost too', async () => {
      const [one, two] = [await startProxy(setting.address()), await startProxy(setting.address())]
      for (const proxy of [one, two]) bench.defer(() => proxy.close())
      const urlVia = (port: number): string => (setting.configVia(port) as { AMQP_URL: string }).AMQP_URL
      const bus = await bench.bus({ config: { HUB_BUS: 'rabbitmq', AMQP_URL: [one, two].map(({ port }) => urlVia(port)).join(', ') } })
      const queue = bench.queue('a')
      await bus.declare([queue])
      const taken = await collect(bus, queue.name)
      two.cut()
      for (const [lost, left] of [
        [one, two],
        [two, one],
      ] as const) {
        left.mend()
        lost.cut()
        const message = bench.message('a')
        await until('a publish is confirmed', async () => (await bus.publish([message]))[0] === 'confirmed')
        await until('it is consumed', () => taken.some(({ id }) => id === message.id))
      }
    })

    it('ends without waiting for a connection that is away, and leaves what must wait with the broker', async () => {
      const proxy = await startProxy(setting.address())
      bench.defer(() => proxy.close())
      const [bus, other] = [await bench.bus({ config: setting.configVia(proxy.port) }), await bench.bus()]
      const queue = bench.queue('a')
      await bus.declare([queue])
      await other.declare([queue])
      await bus.publish([bench.message('a')])
      const taken = await collect(bus, queue.name, () => {
        proxy.cut(publishConnection)
        return { is: 'later', delayMs: 100 }
      })
      await until('it is handed out', () => taken.length === 1)
      const fromMs = performance.now()
      await bus.close()
      expect(performance.now() - fromMs).to.be.lessThan(15_000)
      const elsewhere = await collect(other, queue.name)
      await until('another has it', () => elsewhere.length === 1)
    })
  }
  if (crash) {
    it('keeps what it confirmed when the broker itself is killed with -9 and started again', async () => {
      const bus = await bench.bus({ confirmTimeoutMs: 2_000 })
      const queue = bench.queue('a')
      await bus.declare([queue])
      const confirmed: string[] = []
      let running = true
      bench.defer(async () => {
        running = false
      })
      const publishing = (async () => {
        while (running) {
          const batch = Array.from({ length: 20 }, () => bench.message('a'))
          const outcomes = await bus.publish(batch)
          confirmed.push(...batch.filter((_, i) => outcomes[i] === 'confirmed').map((message) => message.id))
          await sleep(5)
        }
      })()
      await until('some are confirmed', () => confirmed.length >= 200)
      // A queue younger than about a second does not survive this on RabbitMQ 3.10 (README).
      await sleep(3_000)
      const before = confirmed.length
      await crash()
      await until('publishing goes on', () => confirmed.length > before + 100, 40_000)
      running = false
      await publishing
      const taken = await collect(bus, queue.name, () => ack, 64)
      await until(
        'every confirmed one has come',
        () => {
          const ids = new Set(taken.map((delivery) => delivery.id))
          return confirmed.every((id) => ids.has(id))
        },
        30_000,
      )
    })
  }
})
