import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Bus, Delivery, Verdict } from './index.ts'
import { startProxy } from './testing/proxy.ts'
import { Bench, postgresSetting, rabbitMqSetting, type Setting, until } from './testing/setting.ts'

/** One suite, two drivers: whatever is promised in bus.ts is promised by both. */
for (const [driver, setting] of Object.entries({ postgres: postgresSetting(), rabbitmq: rabbitMqSetting() })) contract(driver, setting)

const ack: Verdict = { is: 'ack' }

function contract(driver: string, setting: Setting): void {
  describe(`the bus on ${driver}${setting.missing ? ` (skipped: ${setting.missing})` : ''}`, function () {
    this.timeout(90_000)
    let bench: Bench
    before(async function () {
      if (setting.missing) {
        if (process.env.REQUIRE_ALL === '1') throw new Error(`${setting.missing}, and REQUIRE_ALL=1`)
        this.skip()
      }
      await setting.start()
    })
    after(async () => {
      if (!setting.missing) await setting.stop()
    })
    beforeEach(() => {
      bench = new Bench(setting)
    })
    afterEach(() => bench.close())

    /** Takes everything that comes and answers as told. */
    async function collect(bus: Bus, queue: string, answer: (delivery: Delivery) => Verdict | Promise<Verdict> = () => ack, prefetch = 8): Promise<Delivery[]> {
      const taken: Delivery[] = []
      await bus.consume(queue, { prefetch }, async (delivery) => {
        taken.push(delivery)
        return answer(delivery)
      })
      return taken
    }

    it('lets any number of processes declare the same queues at once on an empty broker', async () => {
      const queues = [bench.queue('a'), bench.queue('b', { keys: ['a', 'b'] })]
      const processes = Array.from({ length: 4 }, () => bench.process(queues))
      expect(await Promise.all(processes.map((p) => p.ended))).to.deep.equal([0, 0, 0, 0])
    })

    it('confirms what it keeps and hands it out with id, key and body', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      const message = bench.message('a', { text: 'Größe ✓ ünïcode', n: 1 })
      expect(await bus.publish([message])).to.deep.equal(['confirmed'])
      const taken = await collect(bus, queue.name)
      await until('it is handed out', () => taken.length === 1)
      expect(taken[0]).to.deep.include({ id: message.id, queue: queue.name, routingKey: message.routingKey, body: message.body, deliveryCount: 1 })
      await until('nothing waits', async () => (await bus.depths()).every((depth) => depth.ready === 0))
    })

    it('gives one event to every queue that is bound to it, and to no other', async () => {
      const bus = await bench.bus()
      const queues = [bench.queue('one', { keys: ['x', 'y'] }), bench.queue('two', { keys: ['x'] }), bench.queue('three', { keys: ['y'] })]
      await bus.declare(queues)
      const taken = await Promise.all(queues.map((queue) => collect(bus, queue.name)))
      const [x, y] = [bench.message('x'), bench.message('y')]
      expect(await bus.publish([x, y])).to.deep.equal(['confirmed', 'confirmed'])
      await until('all have come', () => taken.flat().length === 4)
      const ids = taken.map((deliveries) => deliveries.map((delivery) => delivery.id).sort())
      expect(ids).to.deep.equal([[x.id, y.id].sort(), [x.id], [y.id]])
    })

    it('refuses a message that no queue takes or that is too large, and keeps the rest of the batch', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      const batch = [bench.message('a'), bench.message('nobody'), bench.message('a', { text: 'x'.repeat(40_000) }), bench.message('a')]
      expect(await bus.publish(batch)).to.deep.equal(['confirmed', 'refused', 'refused', 'confirmed'])
      const taken = await collect(bus, queue.name)
      await until('both have come', () => taken.length === 2)
      expect(taken.map((delivery) => delivery.id).sort()).to.deep.equal([batch[0]?.id, batch[3]?.id].sort())
    })

    it('hands each message to one of several consumers', async () => {
      const [one, two] = [await bench.bus(), await bench.bus()]
      const queue = bench.queue('a')
      await one.declare([queue])
      await two.declare([queue])
      const slow = async (): Promise<Verdict> => {
        await sleep(5)
        return ack
      }
      const taken = [await collect(one, queue.name, slow), await collect(two, queue.name, slow)]
      const messages = Array.from({ length: 60 }, () => bench.message('a'))
      expect(await one.publish(messages))
        .to.have.lengthOf(60)
        .and.not.include('unknown')
      await until('all have come', () => taken.flat().length >= 60)
      const ids = taken.flat().map((delivery) => delivery.id)
      expect(ids).to.have.members(messages.map((message) => message.id))
      expect(Math.min(...taken.map((deliveries) => deliveries.length)), 'both took part').to.be.greaterThan(0)
    })

    it('runs as many handlers as prefetch says and never more; one that is slow does not hold up the others', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      await bus.publish(Array.from({ length: 12 }, (_, n) => bench.message('a', { n })))
      let inFlight = 0
      let most = 0
      let release: () => void = () => undefined
      const stuck = new Promise<void>((resolve) => {
        release = resolve
      })
      const taken = await collect(
        bus,
        queue.name,
        async ({ body }) => {
          inFlight += 1
          most = Math.max(most, inFlight)
          await ((body as { n: number }).n === 0 ? stuck : sleep(10))
          inFlight -= 1
          return ack
        },
        3,
      )
      await until('the others have come', () => taken.length === 12 && inFlight === 1)
      expect(most).to.equal(3)
      release()
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
        const killed = performance.now()
        await until('it is handed out again', () => taken.length === 1, 30_000)
        console.log(`        redelivered ${Math.round(performance.now() - killed)} ms after kill -9 (${driver})`)
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

    it('brings back later what a handler could not do now: not sooner, as often as asked, with a fresh count', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a', { deliveriesMax: 2 })
      await bus.declare([queue])
      const times: number[] = []
      const taken = await collect(bus, queue.name, () => {
        times.push(performance.now())
        return times.length <= 4 ? { is: 'later', delayMs: 400 } : ack
      })
      const message = bench.message('a', { n: 1 })
      await bus.publish([message])
      await until('it came five times', () => times.length === 5)
      const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
      for (const gap of gaps) expect(gap).to.be.within(395, 2_500)
      for (const delivery of taken) expect(delivery).to.deep.include({ id: message.id, routingKey: message.routingKey, body: message.body, deliveryCount: 1 })
      expect(await bus.deadLetters(queue.name, 10)).to.deep.equal([])
    })

    it('does not let a long delay hold back a short one', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      const came: number[] = []
      const seen = new Set<string>()
      await collect(bus, queue.name, ({ id, body }) => {
        const { delayMs } = body as { delayMs: number }
        if (!seen.has(id)) {
          seen.add(id)
          return { is: 'later', delayMs }
        }
        came.push(delayMs)
        return ack
      })
      for (const delayMs of [5_000, 100]) await bus.publish([bench.message('a', { delayMs })])
      await until('the short one is back', () => came.length === 1, 3_000)
      expect(came).to.deep.equal([100])
    })

    it('does not let a tenant over its limit delay another', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      let slowInFlight = 0
      const done: string[] = []
      await collect(
        bus,
        queue.name,
        async ({ body }) => {
          const { tenant } = body as { tenant: string }
          if (tenant === 'slow') {
            if (slowInFlight > 0) return { is: 'later', delayMs: 200 }
            slowInFlight += 1
            await sleep(600)
            slowInFlight -= 1
          }
          done.push(tenant)
          return ack
        },
        4,
      )
      await bus.publish(Array.from({ length: 8 }, () => bench.message('a', { tenant: 'slow' })))
      await until('the slow tenant is at it', () => slowInFlight === 1)
      const from = performance.now()
      await bus.publish(Array.from({ length: 10 }, () => bench.message('a', { tenant: 'quick' })))
      await until('the quick tenant is through', () => done.filter((tenant) => tenant === 'quick').length === 10)
      expect(performance.now() - from, 'the slow one needs 4800 ms').to.be.lessThan(1_500)
      await until('the slow tenant is through too', () => done.length === 18, 30_000)
    })

    for (const deliveriesMax of [1, 3]) {
      it(`hands out a message whose handler always fails exactly ${deliveriesMax} times, then keeps it as a dead letter`, async () => {
        const bus = await bench.bus()
        const queue = bench.queue('a', { deliveriesMax })
        await bus.declare([queue])
        const taken = await collect(bus, queue.name, () => {
          throw new Error('a bug')
        })
        const message = bench.message('a', { n: 7 })
        await bus.publish([message])
        const dead = await until('it is dead', async () => (await bus.deadLetters(queue.name, 10))[0])
        expect(taken.map((delivery) => delivery.deliveryCount)).to.deep.equal(Array.from({ length: deliveriesMax }, (_, i) => i + 1))
        expect(dead).to.deep.include({ id: message.id, queue: queue.name, routingKey: message.routingKey, body: message.body })
        expect(dead.reason).to.equal(`handed out ${deliveriesMax} times without an answer`)
        expect(Date.parse(dead.diedAt ?? '')).to.be.greaterThan(0)
        // RabbitMQ counts a queue's messages a little after the fact.
        await until('it is counted', async () => (await bus.depths()).every((depth) => depth.queue === queue.name && depth.ready === 0 && depth.dead === 1))
      })
    }

    it('keeps a poison message with its reason, lists it, and hands it out again when a person says so', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      let poisoned = true
      const taken = await collect(bus, queue.name, () => (poisoned ? { is: 'dead', reason: 'another region' } : ack))
      const messages = [bench.message('a', { n: 1 }), bench.message('a', { n: 2 }), bench.message('a', { n: 3 })]
      await bus.publish(messages)
      await until('all are dead', async () => (await bus.deadLetters(queue.name, 10)).length === 3)
      const listed = await bus.deadLetters(queue.name, 10)
      expect(listed.map((letter) => letter.id)).to.have.members(messages.map((message) => message.id))
      expect(new Set(listed.map((letter) => letter.reason))).to.deep.equal(new Set(['another region']))
      expect(await bus.deadLetters(queue.name, 2), 'a limit').to.have.lengthOf(2)

      poisoned = false
      const second = messages[1]
      if (!second) throw new Error('no message')
      expect(await bus.requeue(queue.name, second.id)).to.equal(true)
      await until('it is handed out again', () => taken.length === 4)
      expect(taken[3]).to.deep.include({ id: second.id, routingKey: second.routingKey, body: second.body, deliveryCount: 1 })
      expect(await bus.requeue(queue.name, second.id), 'it is no dead letter any more').to.equal(false)
      const left = await until('the list is shorter', async () => {
        const letters = await bus.deadLetters(queue.name, 10)
        return letters.length === 2 ? letters : undefined
      })
      expect(left.map((letter) => letter.id)).to.have.members([messages[0]?.id, messages[2]?.id])
    })

    it('hands out a dead letter with what a person corrected, under the same id and key, and no longer the poison', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a', { deliveriesMax: 3 })
      await bus.declare([queue])
      const taken = await collect(bus, queue.name, ({ body }) => {
        if ((body as { amount: unknown }).amount === 'twelve') throw new Error('not a number')
        return ack
      })
      const [message, other] = [bench.message('a', { amount: 'twelve' }), bench.message('a', { amount: 'twelve' })]
      await bus.publish([message, other])
      await until('both are dead', async () => (await bus.deadLetters(queue.name, 10)).length === 2)
      expect(taken, 'three times each').to.have.lengthOf(6)

      const tooLarge = await bus.requeue(queue.name, message.id, { text: 'x'.repeat(40_000) }).catch((error: unknown) => error)
      expect(tooLarge).to.be.instanceOf(Error)
      expect(await bus.requeue(queue.name, 'nobody', { amount: 12 })).to.equal(false)
      expect(await bus.deadLetters(queue.name, 10), 'both are there still').to.have.lengthOf(2)

      expect(await bus.requeue(queue.name, message.id, { amount: 12 })).to.equal(true)
      await until('it is handed out', () => taken.length === 7)
      expect(taken[6]).to.deep.include({ id: message.id, routingKey: message.routingKey, body: { amount: 12 }, deliveryCount: 1 })
      await until('nothing waits', async () => (await bus.depths()).every(({ ready, dead }) => ready === 0 && dead === 1))
      expect((await bus.deadLetters(queue.name, 10)).map(({ id, body }) => ({ id, body }))).to.deep.equal([{ id: other.id, body: other.body }])
    })

    it('finds the dead letters that are wanted behind any number of others', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      await collect(bus, queue.name, () => ({ is: 'dead', reason: 'another region' }), 64)
      const others = Array.from({ length: 620 }, () => bench.message('a', { whose: 'theirs' }))
      await bus.publish(others)
      await until('the others are dead', async () => (await bus.depths())[0]?.dead === others.length, 30_000)
      const ours = [bench.message('a', { whose: 'ours' }), bench.message('a', { whose: 'ours' })]
      await bus.publish(ours)
      await until('ours are dead too', async () => (await bus.depths())[0]?.dead === others.length + 2)
      const wanted = ({ body }: { body: unknown }) => (body as { whose: string }).whose === 'ours'
      expect((await bus.deadLetters(queue.name, 2, wanted)).map((letter) => letter.id)).to.have.members(ours.map((message) => message.id))
      expect(await bus.deadLetters(queue.name, 1, wanted)).to.have.lengthOf(1)
      const all = await bus.deadLetters(queue.name, 1_000)
      expect(new Set(all.map((letter) => letter.id)).size, 'each once').to.equal(others.length + 2)
    })

    it('settles what runs when a subscription closes, and takes no more', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      let started = 0
      const subscription = await bus.consume(queue.name, { prefetch: 1 }, async () => {
        started += 1
        await sleep(300)
        return ack
      })
      await bus.publish([bench.message('a'), bench.message('a')])
      await until('one runs', () => started === 1)
      await subscription.close()
      const [depth] = await until('the other waits', async () => {
        const depths = await bus.depths()
        return depths[0]?.ready === 1 ? depths : undefined
      })
      expect(depth).to.deep.equal({ queue: queue.name, ready: 1, dead: 0 })
      expect(started).to.equal(1)
      const taken = await collect(bus, queue.name)
      await until('the other is handed out', () => taken.length === 1)
      expect(taken[0]?.deliveryCount, 'it was never handed out').to.be.oneOf([1, 2])
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
        const from = performance.now()
        const lost = [bench.message('a'), bench.message('a')]
        expect(await bus.publish(lost), breakIt).to.deep.equal(['unknown', 'unknown'])
        expect(performance.now() - from, breakIt).to.be.lessThan(3_500)
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
        const from = performance.now()
        await bus.close()
        expect(performance.now() - from).to.be.lessThan(6_000)
        const elsewhere = await collect(other, queue.name)
        await until('another has it', () => elsewhere.length === 1)
      })

      it('says when a dead letter could not be put back, and keeps it', async () => {
        const proxy = await startProxy(setting.address())
        bench.defer(() => proxy.close())
        const bus = await bench.bus({ config: setting.configVia(proxy.port) })
        const queue = bench.queue('a')
        await bus.declare([queue])
        await collect(bus, queue.name, () => ({ is: 'dead', reason: 'another region' }))
        const message = bench.message('a')
        await bus.publish([message])
        await until('it is dead', async () => (await bus.deadLetters(queue.name, 10)).length === 1)
        proxy.cut(publishConnection)
        const failure = await bus.requeue(queue.name, message.id).catch((error: unknown) => error)
        expect(failure).to.be.instanceOf(Error)
        await until('it is there', async () => (await bus.deadLetters(queue.name, 10)).some((letter) => letter.id === message.id))
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

    it('carries a message from publish to handler in less than 100 ms', async () => {
      const bus = await bench.bus()
      const queue = bench.queue('a')
      await bus.declare([queue])
      const started = new Map<string, number>()
      const hops: number[] = []
      await collect(bus, queue.name, ({ id }) => {
        hops.push(performance.now() - (started.get(id) ?? 0))
        return ack
      })
      for (let n = 0; n < 120; n += 1) {
        const message = bench.message('a', { n })
        started.set(message.id, performance.now())
        await bus.publish([message])
        await until('it is there', () => hops.length === n + 1)
      }
      const sorted = hops.slice(20).sort((a, b) => a - b)
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
      console.log(`        publish to handler p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms (${driver})`)
      expect(at(0.5)).to.be.lessThan(100)
    })
  })
}
