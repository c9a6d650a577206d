import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Barrier, type Envelope, neverStop, type Stop } from '@heliox/core/kit'
import type { OutboxRow, OutboxSource, Published } from '@heliox/core/ports'
import { expect } from 'chai'
import type { BusMessage, PublishOutcome } from '../bus/index.ts'
import { type Relay, type RelayOptions, startRelay } from './index.ts'

/** An outbox in memory with the promises of the real one: due rows in order, the confirmed ones marked, the refused ones put off. */
class FakeOutbox implements OutboxSource {
  readonly #dueAtMs = new Map<string, number>()
  rows: OutboxRow[] = []
  drains = 0
  failNext = false
  /** No room for the mark: the claim is taken back. */
  isFull = false
  wake: (schema: string) => void = () => undefined

  add(count: number, routingKey = 'intake.submitted.v1'): OutboxRow[] {
    const added = Array.from({ length: count }, () => ({ id: randomUUID(), schema: 'identity', routingKey, envelope: {} as Envelope }))
    this.rows.push(...added)
    return added
  }
  async drain(schema: string, limit: number, now: Date, publish: (rows: OutboxRow[]) => Promise<Published>): Promise<number> {
    this.drains += 1
    if (this.failNext) {
      this.failNext = false
      throw new Error('connection lost')
    }
    const due = (row: OutboxRow): boolean => (this.#dueAtMs.get(row.id) ?? 0) <= now.getTime()
    const claimed = this.rows.filter((row) => row.schema === schema && due(row)).slice(0, limit)
    if (claimed.length === 0) return 0
    const { confirmed, refused } = await publish(claimed)
    if (this.isFull) throw Object.assign(new Error('could not extend file'), { code: '53100' })
    for (const id of refused) this.#dueAtMs.set(id, now.getTime() + 1_000)
    this.rows = this.rows.filter((row) => !confirmed.has(row.id))
    return claimed.length
  }
  async onWake(handler: (schema: string) => void): Promise<() => Promise<void>> {
    this.wake = handler
    return async () => {
      this.wake = () => undefined
    }
  }
}

class FakeBus {
  sent: BusMessage[] = []
  batches: number[] = []
  answer: (message: BusMessage) => PublishOutcome = () => 'confirmed'
  hold: Promise<void> = Promise.resolve()
  async publish(messages: readonly BusMessage[]): Promise<PublishOutcome[]> {
    this.sent.push(...messages)
    this.batches.push(messages.length)
    await this.hold
    return messages.map((message) => this.answer(message))
  }
}

async function until(what: string, look: () => boolean, withinMs = 3_000): Promise<void> {
  const deadlineMs = performance.now() + withinMs
  while (!look()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain until ${what}`)
    await sleep(2)
  }
}

describe('the relay', () => {
  let outbox: FakeOutbox
  let bus: FakeBus
  let now: Date
  const open: Relay[] = []
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const start = async (options: Partial<RelayOptions> = {}): Promise<Relay> => {
    const relay = await startRelay({ source: outbox, bus, clock: { now: () => now }, stop: neverStop, log, schemas: ['identity'], pollMs: 60_000, ...options })
    open.push(relay)
    return relay
  }
  beforeEach(() => {
    outbox = new FakeOutbox()
    bus = new FakeBus()
    now = new Date('2026-03-02T10:00:00Z')
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((relay) => relay.close()))
  })

  it('publishes what is there at the start, batch after batch, in order', async () => {
    const rows = outbox.add(25)
    await start({ batchMax: 10 })
    await until('the outbox is empty', () => outbox.rows.length === 0)
    expect(bus.batches).to.deep.equal([10, 10, 5])
    expect(bus.sent.map((message) => message.id)).to.deep.equal(rows.map((row) => row.id))
    expect(bus.sent[0]).to.deep.equal({ id: rows[0]?.id, routingKey: 'intake.submitted.v1', body: rows[0]?.envelope })
  })

  it('publishes at once when it is woken', async () => {
    await start()
    await until('it looked once', () => outbox.drains === 1)
    outbox.add(1)
    outbox.wake('identity')
    await until('it is published', () => outbox.rows.length === 0)
  })

  it('finds what nobody woke it for', async () => {
    await start({ pollMs: 30 })
    await until('it looked once', () => outbox.drains === 1)
    outbox.add(1)
    await until('it is published', () => outbox.rows.length === 0)
  })

  it('does not lose a wake-up that comes while it publishes', async () => {
    let release: () => void = () => undefined
    bus.hold = new Promise((resolve) => {
      release = resolve
    })
    outbox.add(1)
    await start()
    await until('it publishes', () => bus.sent.length === 1)
    outbox.add(1)
    outbox.wake('identity')
    release()
    await until('both are published', () => outbox.rows.length === 0)
  })

  it('marks the confirmed ones only, and publishes the unknown ones again', async () => {
    const [first, second] = outbox.add(2)
    bus.answer = (message) => (message.id === second?.id ? 'unknown' : 'confirmed')
    await start({ pollMs: 20 })
    await until('it tried again', () => bus.sent.length >= 3)
    expect(outbox.rows.map((row) => row.id)).to.deep.equal([second?.id])
    bus.answer = () => 'confirmed'
    await until('it is through', () => outbox.rows.length === 0)
    expect(bus.sent.filter((message) => message.id === first?.id)).to.have.lengthOf(1)
  })

  it('does not spin when the bus confirms nothing', async () => {
    outbox.add(10)
    bus.answer = () => 'unknown'
    await start({ batchMax: 5 })
    await until('it tried', () => bus.batches.length === 1)
    await sleep(100)
    expect(bus.batches).to.deep.equal([5])
  })

  it('tells the outbox which rows no queue takes, and goes straight on with those behind them', async () => {
    const stuck = outbox.add(12, 'nobody.wants.v1')
    const others = outbox.add(7)
    bus.answer = (message) => (message.routingKey === 'nobody.wants.v1' ? 'refused' : 'confirmed')
    await start({ batchMax: 5 })
    await until('the others are through', () => outbox.rows.length === 12)
    expect(bus.batches, 'nobody waited for a poll, and no refused row came twice').to.deep.equal([5, 5, 5, 4])
    expect(bus.sent.slice(-7).map((message) => message.id)).to.deep.equal(others.map((row) => row.id))
    bus.answer = () => 'confirmed'
    now = new Date(now.getTime() + 1_000)
    outbox.wake('identity')
    await until('somebody takes them', () => outbox.rows.length === 0)
    expect(bus.sent.slice(-12).map((message) => message.id)).to.deep.equal(stuck.map((row) => row.id))
  })

  it('takes an unknown row for neither confirmed nor refused', async () => {
    const [first, second, third] = outbox.add(3)
    let told: Published | undefined
    const { drain } = outbox
    outbox.drain = (schema, limit, at, publish) =>
      drain.call(outbox, schema, limit, at, async (rows) => {
        told = await publish(rows)
        return told
      })
    bus.answer = ({ id }) => (id === first?.id ? 'confirmed' : id === second?.id ? 'refused' : 'unknown')
    await start()
    await until('it told', () => told !== undefined)
    expect(told).to.deep.equal({ confirmed: new Set([first?.id]), refused: new Set([second?.id]) })
    expect(outbox.rows.map((row) => row.id)).to.deep.equal([second?.id, third?.id])
  })

  it('goes on after the database failed', async () => {
    outbox.failNext = true
    outbox.add(1)
    await start({ pollMs: 20 })
    await until('it is published', () => outbox.rows.length === 0)
  })

  it('does not pour the same rows onto the bus while the database cannot mark them, however often it is woken', async () => {
    const atMs: number[] = []
    bus.answer = () => {
      atMs.push(performance.now())
      return 'confirmed'
    }
    outbox.isFull = true
    outbox.add(1)
    await start({ pollMs: 40 })
    const waking = setInterval(() => outbox.wake('identity'), 5)
    try {
      await until('it was sent five times', () => atMs.length === 5, 10_000)
      const waitsMs = atMs.slice(1).map((ms, i) => ms - (atMs[i] ?? 0))
      for (const [i, waitMs] of waitsMs.entries()) expect(waitMs, `wait ${i + 1}`).to.be.at.least(40 * 2 ** i - 2)
      outbox.isFull = false
      await until('there is room', () => outbox.rows.length === 0, 10_000)
    } finally {
      clearInterval(waking)
    }
    const sent = bus.sent.length
    outbox.add(1)
    outbox.wake('identity')
    await until('it is quick again', () => outbox.rows.length === 0)
    outbox.isFull = true
    outbox.add(1)
    outbox.wake('identity')
    await until('its waits are short again', () => bus.sent.length >= sent + 3, 1_000)
  })

  it('ends while it waits for the database to take marks', async () => {
    outbox.isFull = true
    outbox.add(1)
    const relay = await start()
    await until('it published', () => bus.sent.length === 1)
    await relay.close()
    expect(bus.sent).to.have.lengthOf(1)
  })

  it('ends after the batch in hand, which is marked', async () => {
    let release: () => void = () => undefined
    bus.hold = new Promise((resolve) => {
      release = resolve
    })
    outbox.add(4)
    const relay = await start({ batchMax: 2 })
    await until('it publishes', () => bus.sent.length === 2)
    const closed = relay.close()
    release()
    await closed
    expect(outbox.rows, 'the first batch is marked, the second was not begun').to.have.lengthOf(2)
    expect(bus.sent).to.have.lengthOf(2)
  })

  it('can be stopped at claim, publish, confirm and mark, in that order', async () => {
    const passed: [Barrier, string | undefined][] = []
    const stop: Stop = async (at, scope) => void passed.push([at, scope])
    outbox.add(1)
    await start({ stop })
    await until('it is through', () => passed.length === 4)
    expect(passed).to.deep.equal(['claim', 'publish', 'confirm', 'mark'].map((at) => [at, 'identity']))
  })
})
