import { errorFields } from '@heliox/hub/log'
import {
  type Bus,
  type BusMessage,
  type BusOptions,
  type DeadLetter,
  deadLettersSeenMax,
  type Handler,
  type PublishOutcome,
  type QueueDepth,
  type QueueSpec,
  type Subscription,
} from '../bus.ts'
import { correctedContent, overLimitReason } from '../delivery.ts'
import { deadQueue } from '../topology.ts'
import { Consumer } from './consumer.ts'
import type { JobData } from './job.ts'
import { publish } from './publisher.ts'
import { heartbeatSeconds, Store, schema } from './store.ts'

/** Messages wait as long as it takes; the library would drop them after two weeks. */
const retentionSeconds = 10 * 365 * 86_400
/** A settled job is of no further use: the journey is told elsewhere. */
const deleteAfterSeconds = 600
/** A handler that never answers, heartbeat or not. Flows end by themselves long before. */
const expireInSeconds = 900
/** Dead letters read at once, when some of them are wanted. */
const deadPageRows = 500
/** Where a page ends. The time is the database's own text: a Date would lose its microseconds. */
interface Place {
  at: string
  id: string
}

/** The embedded bus: pg-boss in a schema of its own. For a laptop, or a clinic without a broker. */
export async function openPostgresBus(url: string, options: BusOptions): Promise<Bus> {
  const store = new Store(url, options)
  try {
    await store.open()
  } catch (error) {
    await store.close().catch((failed) => options.log.warn(errorFields(failed), 'bus not closed'))
    throw error
  }
  return new PostgresBus(store, options)
}

class PostgresBus implements Bus {
  readonly driver = 'postgres'
  readonly #store: Store
  readonly #options: BusOptions
  readonly #declared = new Map<string, QueueSpec>()
  readonly #subscriptions = new Set<Subscription>()

  constructor(store: Store, options: BusOptions) {
    this.#store = store
    this.#options = options
  }

  async declare(queues: readonly QueueSpec[]): Promise<void> {
    const { boss } = this.#store
    for (const spec of queues) {
      if (spec.deliveriesMax < 1) throw new Error(`${spec.name}: deliveriesMax must be at least 1`)
      const settings = { heartbeatSeconds, expireInSeconds, retentionSeconds, deleteAfterSeconds, retryLimit: spec.deliveriesMax - 1, retryDelay: 0 }
      await boss.createQueue(deadQueue(spec.name), { retentionSeconds, deleteAfterSeconds })
      await boss.createQueue(spec.name, { ...settings, deadLetter: deadQueue(spec.name) })
      // createQueue leaves a queue that is there as it was.
      await boss.updateQueue(spec.name, settings)
      for (const key of spec.bindings) await boss.subscribe(key, spec.name)
      this.#declared.set(spec.name, spec)
    }
  }

  publish(messages: readonly BusMessage[]): Promise<PublishOutcome[]> {
    return publish(this.#store, this.#options.log, messages)
  }

  async consume(queue: string, { prefetch }: { prefetch: number }, handler: Handler): Promise<Subscription> {
    if (!this.#declared.has(queue)) throw new Error(`${queue} was not declared`)
    const consumer = new Consumer(this.#store, queue, prefetch, handler, this.#options.log)
    const subscription: Subscription = {
      close: async () => {
        this.#subscriptions.delete(subscription)
        await consumer.close()
      },
    }
    this.#subscriptions.add(subscription)
    consumer.start()
    return subscription
  }

  async deadLetters(queue: string, limit: number, wanted: (letter: DeadLetter) => boolean = () => true): Promise<DeadLetter[]> {
    const found: DeadLetter[] = []
    let after: Place | null = null
    for (let seen = 0; seen < deadLettersSeenMax && found.length < limit; seen += deadPageRows) {
      const page = await this.#deadPage(queue, after)
      found.push(...page.letters.filter(wanted))
      if (page.last === null) break
      after = page.last
    }
    return found.slice(0, limit)
  }

  /** In the order they died; `last` is where the next page begins, null when there is none. */
  async #deadPage(queue: string, after: Place | null): Promise<{ letters: DeadLetter[]; last: Place | null }> {
    const rows = await this.#store.query<Place & { data: JobData; died: Date }>(
      `select id, data, created_on as died, created_on::text as at from ${schema}.job
       where name = $1 and state < 'active' and ($2::timestamptz is null or (created_on, id) > ($2::timestamptz, $3::uuid))
       order by created_on, id limit $4`,
      [deadQueue(queue), after?.at ?? null, after?.id ?? null, deadPageRows],
    )
    const overLimit = overLimitReason(this.#declared.get(queue)?.deliveriesMax)
    const letters = rows.map(({ data, died }) => ({
      id: data.id,
      queue,
      routingKey: data.key,
      body: data.body,
      reason: data.reason ?? overLimit,
      diedAt: died.toISOString(),
    }))
    return { letters, last: rows.length === deadPageRows ? (rows.at(-1) ?? null) : null }
  }

  async requeue(queue: string, id: string, corrected?: object): Promise<boolean> {
    const body: unknown = corrected && JSON.parse(correctedContent(corrected).toString('utf8'))
    return this.#store.transaction(async (db) => {
      const taken = await db.executeSql(`delete from ${schema}.job where name = $1 and state < 'active' and data->>'id' = $2 returning data`, [
        deadQueue(queue),
        id,
      ])
      const data = (taken.rows as { data: JobData }[])[0]?.data
      if (!data) return false
      await this.#store.boss.insert(queue, [{ data: { id: data.id, key: data.key, body: body ?? data.body } }], { db })
      await this.#store.notify(db, [queue])
      return true
    })
  }

  async depths(): Promise<QueueDepth[]> {
    const names = [...this.#declared.keys()]
    const rows = await this.#store.query<{ name: string; count: number }>(
      `select name, count(*)::int as count from ${schema}.job where name = any($1) and state < 'active' group by name`,
      [names.flatMap((name) => [name, deadQueue(name)])],
    )
    const count = new Map(rows.map((row) => [row.name, row.count]))
    return names.map((queue) => ({ queue, ready: count.get(queue) ?? 0, dead: count.get(deadQueue(queue)) ?? 0 }))
  }

  async healthy(): Promise<boolean> {
    return this.#store.query('select 1', []).then(
      () => true,
      () => false,
    )
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()))
    await this.#store.close()
  }
}
