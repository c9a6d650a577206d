import { expect } from 'chai'
import { ack, collect, contract } from './testing/contract.ts'
import { startProxy } from './testing/proxy.ts'
import { type Bench, until } from './testing/setting.ts'

/** What nobody can handle waits for a person, who finds it, mends it and puts it back. */
contract('dead letters', ({ setting, newBench }) => {
  let bench: Bench
  beforeEach(() => {
    bench = newBench()
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

  const { publishConnection } = setting
  if (publishConnection !== undefined) {
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
})
