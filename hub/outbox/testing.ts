import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Envelope } from '@heliox/core/kit'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import pg from 'pg'
import { type Bus, type BusConfig, openBus, reportingQueue } from '../bus/index.ts'
import { systemClock } from '../clock/index.ts'
import { createLog } from '../log/index.ts'

export async function until(what: string, look: () => boolean | Promise<boolean>, withinMs = 40_000): Promise<void> {
  const deadlineMs = performance.now() + withinMs
  while (!(await look())) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain until ${what}`)
    await sleep(20)
  }
}

export interface RelayProcess {
  child: ChildProcess
  pid: number
  ended: Promise<[number | null, NodeJS.Signals | null]>
  output(): string
  ready(): boolean
}

interface NewRow {
  id: string
  tenantId: string
  at: Date
}

/** Relays as real processes on a database of their own, rows as a commit would write them, and what came out at the other end of the bus. */
export class RelayBench {
  readonly db: TestDatabase
  readonly owner: pg.Client
  readonly #bus: BusConfig
  readonly #relays: RelayProcess[] = []
  readonly #closing: (() => Promise<void>)[] = []

  private constructor(db: TestDatabase, owner: pg.Client, bus: BusConfig) {
    this.db = db
    this.owner = owner
    this.#bus = bus
  }

  /** `bus` left out: the one in the same database. */
  static async open(bus?: BusConfig): Promise<RelayBench> {
    const db = await freshDatabase()
    const owner = new pg.Client({ connectionString: db.ownerUrl })
    await owner.connect()
    return new RelayBench(db, owner, bus ?? { HUB_BUS: 'postgres', HUB_BUS_DATABASE_URL: db.urlAs('hub_bus') })
  }

  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.db.ownerUrl })
    await client.connect()
    this.#closing.push(() => client.end())
    return client
  }

  start(name: string, extra: Record<string, string> = {}): RelayProcess {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HUB_ENV: 'test',
        HUB_REGION: 'us-east',
        HUB_PROCESS: name,
        HUB_LOG_LEVEL: 'warn',
        DATABASE_URL: this.db.urlAs('hub_relay'),
        ...this.#bus,
        ...extra,
      },
    })
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => child.once('exit', (code, signal) => resolve([code, signal])))
    let output = ''
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    let ready = false
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`
      ready ||= line === JSON.stringify({ ready: true, process: name, url: null })
    })
    const relay = { child, pid: child.pid as number, ended, output: () => output, ready: () => ready }
    this.#relays.push(relay)
    return relay
  }

  /** Two tenants, oldest first. */
  async addRows(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID())
    const tenants = [randomUUID(), randomUUID()]
    const at = new Date('2026-01-01T00:00:00Z')
    await insert(
      this.owner,
      ids.map((id, n) => ({ id, tenantId: tenants[n % 2] as string, at })),
    )
    return ids
  }

  async pending(): Promise<number> {
    const { rows } = await this.owner.query("select count(*) as n from identity.outbox where status = 'pending'")
    return Number(rows[0].n)
  }

  /** Due, and held by no relay. */
  async free(): Promise<number> {
    await this.owner.query('begin')
    const { rows } = await this.owner.query('select count(*) as n from identity.outbox_claim(1000, now())')
    await this.owner.query('rollback')
    return Number(rows[0].n)
  }

  /** Ids of events, as they arrive. */
  async takeFromReporting(): Promise<string[]> {
    const log = createLog({ level: 'silent', process: 'test', region: 'us-east' })
    const bus: Bus = await openBus(this.#bus, { process: 'test', log, clock: systemClock() })
    this.#closing.push(() => bus.close())
    await bus.declare([{ name: reportingQueue, bindings: [], deliveriesMax: 20 }])
    const taken: string[] = []
    await bus.consume(reportingQueue, { prefetch: 64 }, async ({ body }) => {
      taken.push(Envelope.parse(body).id)
      return { is: 'ack' }
    })
    return taken
  }

  async close(): Promise<void> {
    for (const { child, ended } of this.#relays.splice(0)) {
      child.kill('SIGKILL')
      await ended
    }
    for (const close of this.#closing.reverse()) await close()
    await this.owner.end()
    await this.db.drop()
  }
}

/** As a commit of identity would write them. */
export async function insert(client: pg.Client, rows: readonly NewRow[]): Promise<void> {
  await client.query(
    `insert into identity.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type, contract,
       payload, region, occurred_at, process, available_at, created_at)
     select tenant_id, id, id, id, 'intake', id, 1, 'intake.submitted.v1', 'IntakeSubmitted.v1', '{}', 'us-east', at, 'api-1', at, at
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as row(tenant_id, id, at)`,
    [rows.map((row) => row.tenantId), rows.map((row) => row.id), rows.map((row) => row.at)],
  )
}
