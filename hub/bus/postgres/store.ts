import { errorFields } from '@heliox/hub/log'
import pg from 'pg'
import { type Db, PgBoss } from 'pg-boss'
import { type BusOptions, confirmTimeoutMsDefault } from '../bus.ts'

/** The queue library's own schema; the role `hub_bus` owns it and nothing else. */
export const schema = 'pgboss'
/** Payload: the queue's name. Sent inside the publishing transaction, which belongs to the bus and holds nobody up. */
const wakeChannel = 'hub_bus'

/**
 * A consumer that was killed stops its heartbeat; it is missed after `heartbeatSeconds` (10 is the library's least) and noticed
 * within the two intervals below: about 16 s at the worst, 30 s being promised.
 */
export const heartbeatSeconds = 10
export const heartbeatEveryMs = 3_000
const superviseIntervalSeconds = 2
const monitorIntervalSeconds = 4

/** The library's own queries must end too when the network goes silent; it has no setting for that, but hands its URL on to `pg`. */
function withQueryTimeout(url: string): string {
  const parsed = new URL(url)
  parsed.searchParams.set('query_timeout', String(libraryQueryTimeoutMs))
  return parsed.href
}
const libraryQueryTimeoutMs = 30_000

/** The queue library and a pool of our own for what must be one transaction. */
export class Store {
  readonly boss: PgBoss
  readonly #pool: pg.Pool
  readonly #options: BusOptions
  #listening: { close(): Promise<void> } | undefined
  readonly #wakes = new Map<string, Set<() => void>>()

  constructor(url: string, options: BusOptions) {
    this.#options = options
    const application_name = `${options.process} bus`
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 4,
      application_name,
      connectionTimeoutMillis: this.confirmTimeoutMs,
      query_timeout: this.confirmTimeoutMs,
    })
    this.#pool.on('error', (error) => options.log.warn(errorFields(error), 'bus database connection failed'))
    this.boss = new PgBoss({
      connectionString: withQueryTimeout(url),
      application_name,
      max: 4,
      schema,
      // `CREATE SCHEMA IF NOT EXISTS` asks for the right to create even where the schema is there; our role has none.
      createSchema: false,
      schedule: false,
      superviseIntervalSeconds,
      monitorIntervalSeconds,
      maintenanceIntervalSeconds: 300,
      // Rebuilding indexes and the advice about vacuum are for those who run a large installation: they run RabbitMQ.
      reindex: false,
      monitorVacuum: false,
    })
    this.boss.on('error', (error) => options.log.warn(errorFields(error), 'bus error'))
    this.boss.on('warning', (warning) => options.log.warn({ text: warning.message }, 'bus warning'))
  }

  get confirmTimeoutMs(): number {
    return this.#options.confirmTimeoutMs ?? confirmTimeoutMsDefault
  }

  async open(): Promise<void> {
    const { rows } = await this.#pool.query<{ there: boolean }>('select to_regnamespace($1) is not null as there', [schema])
    if (!rows[0]?.there) await this.#makeSchema()
    // Tables are made under the library's advisory lock: any number of processes may come at once.
    await this.boss.start()
    this.#listening = await this.boss.getDb().listen?.(
      wakeChannel,
      (queue) => this.wake(queue),
      () => this.wakeAll(),
    )
  }

  /** Where no migration made it (a database of the bus's own, tests). Two at once: one of them finds it made. */
  async #makeSchema(): Promise<void> {
    try {
      await this.#pool.query(`create schema if not exists ${schema}`)
    } catch (error) {
      const code = (error as { code?: string }).code
      if (code !== '23505' && code !== '42P06') throw error
    }
  }

  onWake(queue: string, wake: () => void): () => void {
    const wakes = this.#wakes.get(queue) ?? new Set()
    wakes.add(wake)
    this.#wakes.set(queue, wakes)
    return () => wakes.delete(wake)
  }
  wake(queue: string): void {
    for (const wake of this.#wakes.get(queue) ?? []) wake()
  }
  wakeAll(): void {
    for (const queue of this.#wakes.keys()) this.wake(queue)
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    return (await this.#pool.query<Row>(text, values)).rows
  }

  /** One transaction. After a database error it was rolled back; after any other, nobody knows, and the connection is given up. */
  async transaction<T>(run: (db: Db) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    let broken: Error | undefined
    // A connection in use belongs to us, not to the pool: without a listener its loss would end the process.
    const lost = (error: Error) => {
      broken = error
    }
    client.on('error', lost)
    try {
      await client.query('begin')
      const result = await run({ executeSql: (text, values) => client.query(text, values) })
      await client.query('commit')
      return result
    } catch (error) {
      if (error instanceof pg.DatabaseError) await client.query('rollback').catch(lost)
      else broken = error instanceof Error ? error : new Error('transaction failed')
      throw error
    } finally {
      client.release(broken)
      client.removeListener('error', lost)
    }
  }

  /** Wakes the consumers of these queues once the transaction commits. */
  async notify(db: Db, queues: Iterable<string>): Promise<void> {
    await db.executeSql('select pg_notify($1, queue) from unnest($2::text[]) as queue', [wakeChannel, [...queues]])
  }

  async close(): Promise<void> {
    await this.#listening?.close()
    await this.boss.stop({ graceful: false })
    await this.#pool.end()
  }
}
