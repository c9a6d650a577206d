import { setTimeout as sleep } from 'node:timers/promises'
import { neverStop } from '@heliox/core/kit'
import { makeOutboxSource, migrate, openPool, type Pool } from '@heliox/db'
import { type Bus, openBus } from '@heliox/hub/bus'
import { systemClock } from '@heliox/hub/clock'
import { createLog } from '@heliox/hub/log'
import { startRelay } from '@heliox/hub/outbox'
import pg from 'pg'
import { Inbox } from './inbox.ts'

const queue = 'flow.chaos'
const routingKey = 'chaos.happened.v1'
const tickMs = 50
const tenantId = '00000000-0000-4000-8000-000000000001'
const passwords = { hub_api: 'chaos-only', hub_engine: 'chaos-only', hub_relay: 'chaos-only', hub_bus: 'chaos-only' }

export interface Counts {
  /** Committed rows without their effect. */
  lost: number
  /** Rows whose effect is there more than once. */
  duplicated: number
  /** Effects without a row. */
  phantom: number
  dead: number
}

/** Where each message is that is on its way at this moment. */
interface InHand {
  unconfirmed: number
  unsettled: number
}

/**
 * Rows of our outbox, through our relay and our bus, into an inbox and an effect in one transaction. Whoever opens it takes
 * the broker away in the meantime. Everything but the broker lives.
 */
export class OutboxToInbox {
  readonly figures = { rows: 0, deliveries: 0, effects: 0 }
  readonly inHand: InHand = { unconfirmed: 0, unsettled: 0 }
  #confirmedAtMs = 0
  #target = 0
  #rowsPerTick = 1
  readonly #ending = new AbortController()
  readonly #closing: (() => Promise<unknown>)[] = []
  #pool!: Pool
  #engine!: Bus

  static async open(postgresUrl: string, amqpUrl: string): Promise<OutboxToInbox> {
    const flow = new OutboxToInbox()
    try {
      await flow.#open(postgresUrl, amqpUrl)
      return flow
    } catch (error) {
      await flow.close()
      throw error
    }
  }

  async #open(postgresUrl: string, amqpUrl: string): Promise<void> {
    const ownerUrl = await makeDatabase(postgresUrl)
    const log = createLog({ level: 'silent', process: 'chaos', region: 'us-east' })
    const clock = systemClock()
    const onError = (): void => undefined
    this.#pool = openPool(ownerUrl, { max: 4, application: 'chaos', onError })
    this.#closing.push(() => this.#pool.end())
    const inbox = new Inbox(this.#pool, tenantId)
    await inbox.make()
    const relayUrl = new URL(ownerUrl)
    relayUrl.username = 'hub_relay'
    relayUrl.password = passwords.hub_relay
    const relayPool = openPool(relayUrl.href, { max: 4, application: 'relay', onError })
    this.#closing.push(() => relayPool.end())

    const bus = async (process: string): Promise<Bus> => {
      const opened = await openBus({ HUB_BUS: 'rabbitmq', AMQP_URL: amqpUrl }, { process, log, clock })
      this.#closing.push(() => opened.close())
      await opened.declare([{ name: queue, bindings: [routingKey], deliveriesMax: 20 }])
      return opened
    }
    const publishing = await bus('relay')
    this.#engine = await bus('engine')
    await this.#engine.consume(queue, { prefetch: 250 }, async ({ body }) => {
      this.figures.deliveries += 1
      this.inHand.unsettled += 1
      try {
        const fresh = await inbox.apply((body as { rootId: string }).rootId)
        if (fresh) this.figures.effects += 1
        return { is: 'ack' }
      } finally {
        this.inHand.unsettled -= 1
      }
    })
    const publish: Bus['publish'] = async (messages) => {
      this.inHand.unconfirmed += messages.length
      const outcomes = await publishing.publish(messages)
      this.inHand.unconfirmed -= messages.length
      if (outcomes.includes('confirmed')) this.#confirmedAtMs = performance.now()
      return outcomes
    }
    const source = makeOutboxSource(relayPool, { onError })
    const relay = await startRelay({ source, bus: { publish }, clock, stop: neverStop, log, schemas: ['clinical'] })
    this.#closing.push(() => relay.close())
    const producing = this.#produce()
    this.#closing.push(() => producing)
  }

  /** Rows that were asked for, committed or not yet. */
  get asked(): number {
    return this.#target
  }

  get text(): string {
    const { rows, effects } = this.figures
    return `${effects} of ${rows} applied`
  }

  /** That many more rows, evenly over this time. */
  add(rows: number, overMs: number): void {
    this.#target += rows
    this.#rowsPerTick = Math.max(1, Math.ceil(((this.#target - this.figures.rows) * tickMs) / overMs))
  }

  async #produce(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const rows = Math.min(this.#target - this.figures.rows, this.#rowsPerTick)
      if (rows > 0) {
        await this.#pool.query(
          `WITH made AS (
             INSERT INTO clinical.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type, contract,
               payload, region, occurred_at, process, available_at, created_at)
             SELECT $1, id, id, id, 'chaos', id, 1, $2, 'ChaosHappened.v1', '{}', 'us-east', now(), 'api-1', now(), now()
               FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $3)) AS new RETURNING 1)
           SELECT pg_notify('hub_outbox', 'clinical') FROM (SELECT count(*) FROM made) AS counted`,
          [tenantId, routingKey, rows],
        )
        this.figures.rows += rows
      }
      await sleep(tickMs)
    }
  }

  /** The broker is taken away while something is on its way: what may be lost is what stands there. */
  async untilInHand(withinMs: number): Promise<InHand | undefined> {
    for (const deadlineMs = performance.now() + withinMs; performance.now() < deadlineMs; await sleep(1)) {
      if (this.inHand.unconfirmed + this.inHand.unsettled > 0) return { ...this.inHand }
    }
    return undefined
  }

  /** Milliseconds from then until a message was confirmed again. */
  async untilConfirmedSince(fromMs: number, withinMs: number): Promise<number> {
    while (this.#confirmedAtMs < fromMs) {
      if (performance.now() > fromMs + withinMs) throw new Error(`no message was confirmed within ${withinMs / 1000} s`)
      await sleep(5)
    }
    return this.#confirmedAtMs - fromMs
  }

  /** All rows are there, published and applied; or the time is over, and the counts say what is missing. */
  async drained(withinMs: number): Promise<boolean> {
    for (const deadlineMs = performance.now() + withinMs; performance.now() < deadlineMs; await sleep(200)) {
      if (this.figures.rows < this.#target || this.figures.effects < this.figures.rows) continue
      const { rows } = await this.#pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM clinical.outbox WHERE status = 'pending'`)
      if (rows[0]?.n === 0) return true
    }
    return false
  }

  /** In the database, where it counts; after the drain, so that nothing is on its way. */
  async counts(): Promise<Counts> {
    const { rows } = await this.#pool.query<Omit<Counts, 'dead'>>(
      `SELECT (SELECT count(*)::int FROM clinical.outbox o WHERE NOT EXISTS (SELECT FROM effects e WHERE e.event_id = o.root_id)) AS lost,
         (SELECT count(*)::int FROM (SELECT FROM effects GROUP BY event_id HAVING count(*) > 1) AS twice) AS duplicated,
         (SELECT count(*)::int FROM effects e WHERE NOT EXISTS (SELECT FROM clinical.outbox o WHERE o.root_id = e.event_id)) AS phantom`,
    )
    const counted = rows[0]
    if (!counted) throw new Error('nothing was counted')
    return { ...counted, dead: (await this.#engine.deadLetters(queue, 1_000)).length }
  }

  async close(): Promise<void> {
    this.#ending.abort()
    for (const close of this.#closing.splice(0).reverse()) await close()
  }
}

async function makeDatabase(postgresUrl: string): Promise<string> {
  const admin = new pg.Client({ connectionString: postgresUrl })
  await admin.connect()
  await admin.query('CREATE DATABASE heliox').finally(() => admin.end())
  const url = new URL(postgresUrl)
  url.pathname = '/heliox'
  await migrate(url.href, { passwords })
  return url.href
}
