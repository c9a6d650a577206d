import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Verdict } from './index.ts'
import { ack, collect, contract } from './testing/contract.ts'
import { type Bench, until } from './testing/setting.ts'

/** How a message goes from publish to handlers, and comes back when a handler says so. */
contract('messages', ({ driver, newBench }) => {
  let bench: Bench
  beforeEach(() => {
    bench = newBench()
  })

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
    await until('it came five times', () => times.length === 5, 30_000)
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
    for (const gap of gaps) expect(gap).to.be.within(395, 10_000)
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
    await until('one of them is back', () => came.length > 0)
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
    await bus.publish(Array.from({ length: 10 }, () => bench.message('a', { tenant: 'quick' })))
    await until('the quick tenant is through', () => done.filter((tenant) => tenant === 'quick').length === 10)
    expect(done.filter((tenant) => tenant === 'slow').length, 'the slow one needs 600 ms for each of its eight').to.be.lessThan(4)
    await until('the slow tenant is through too', () => done.length === 18, 30_000)
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
