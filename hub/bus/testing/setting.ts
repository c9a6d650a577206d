import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@heliox/docker/local/ports'
import { type RunningBroker, rabbitMqInstalled, startRabbitMq } from '@heliox/docker/local/rabbitmq'
import { systemClock } from '@heliox/hub/clock'
import { createLog } from '@heliox/hub/log'
import pg from 'pg'
import { type Bus, type BusConfig, openBus, type QueueSpec } from '../index.ts'

/** Where one driver's half of the contract suite runs. */
export interface Setting {
  /** Why it cannot run here, or undefined. */
  missing: string | undefined
  start(): Promise<void>
  config(): BusConfig
  /** The same place through a proxy's port. */
  configVia(port: number): BusConfig
  address(): { host: string; port: number }
  /** Only where publishing has a connection of its own: which of a bus's connections it is, in the order they are made. */
  publishConnection?: number
  /** Only where the broker is ours to kill: ends it as a power cut would, and starts it again on its data. */
  crash?(): Promise<void>
  stop(): Promise<void>
}

export function postgresSetting(): Setting {
  const adminUrl = process.env.TEST_DATABASE_URL
  const name = `bus_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: adminUrl })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  const url = () => {
    const parsed = new URL(adminUrl ?? '')
    parsed.pathname = `/${name}`
    return parsed
  }
  const config = (from: URL): BusConfig => ({ HUB_BUS: 'postgres', HUB_BUS_DATABASE_URL: from.href })
  return {
    missing: adminUrl ? undefined : 'TEST_DATABASE_URL is not set',
    start: () => admin(`create database ${name}`),
    config: () => config(url()),
    configVia(port) {
      const via = url()
      via.host = `127.0.0.1:${port}`
      return config(via)
    },
    address: () => ({ host: url().hostname, port: Number(url().port || 5432) }),
    stop: () => admin(`drop database if exists ${name} with (force)`),
  }
}

export function rabbitMqSetting(): Setting {
  // Of a cluster the first node: each test has one place.
  const given = process.env.AMQP_URL?.split(',')[0]?.trim()
  let folder: string | undefined
  let port = 0
  let broker: RunningBroker | undefined
  const url = () => new URL(given ?? broker?.amqpUrl ?? '')
  const config = (from: URL): BusConfig => ({ HUB_BUS: 'rabbitmq', AMQP_URL: from.href })
  const own: Setting = {
    missing: given || rabbitMqInstalled() ? undefined : 'RabbitMQ is not installed and AMQP_URL is not set',
    async start() {
      if (given) return
      folder = mkdtempSync(`${tmpdir()}/hub-bus-`)
      port = await freePort()
      broker = await startRabbitMq(folder, port)
    },
    config: () => config(url()),
    configVia(proxyPort) {
      const via = url()
      via.host = `127.0.0.1:${proxyPort}`
      return config(via)
    },
    address: () => ({ host: url().hostname, port: Number(url().port || 5672) }),
    publishConnection: 0,
    async stop() {
      await broker?.stop()
      if (folder) rmSync(folder, { recursive: true, force: true })
    },
  }
  if (given) return own
  return {
    ...own,
    async crash() {
      if (!broker || !folder) throw new Error('not started')
      process.kill(broker.pid, 'SIGKILL')
      await broker.stop()
      broker = await startRabbitMq(folder, port)
    },
  }
}

/** Buses, queues and processes of one test, closed after it whatever happened. */
export class Bench {
  readonly #setting: Setting
  readonly #closing: (() => Promise<void>)[] = []
  readonly #run = randomUUID().slice(0, 8)

  constructor(setting: Setting) {
    this.#setting = setting
  }

  async bus(options: { config?: BusConfig; confirmTimeoutMs?: number } = {}): Promise<Bus> {
    const log = createLog({ level: 'silent', process: 'test', region: 'us-east' })
    const { confirmTimeoutMs } = options
    const bus = await openBus(options.config ?? this.#setting.config(), { process: 'test', log, clock: systemClock(), confirmTimeoutMs })
    this.#closing.push(() => bus.close())
    return bus
  }

  /** A queue that no other test has, bound to keys of its own. */
  queue(name: string, options: { deliveriesMax?: number; keys?: string[] } = {}): QueueSpec {
    return { name: `t.${this.#run}.${name}`, bindings: (options.keys ?? [name]).map((key) => this.key(key)), deliveriesMax: options.deliveriesMax ?? 20 }
  }
  key(name: string): string {
    return `${this.#run}.${name}.v1`
  }
  message(key: string, body: Record<string, unknown> = {}) {
    return { id: randomUUID(), routingKey: this.key(key), body }
  }

  process(queues: QueueSpec[], consume?: string): { child: ChildProcess; saw(what: string): Promise<string>; ended: Promise<number | null> } {
    const plan = { config: this.#setting.config(), queues, consume }
    const child = spawn(process.execPath, [fileURLToPath(new URL('./process.ts', import.meta.url))], {
      env: { PATH: process.env.PATH, PLAN: JSON.stringify(plan) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: Record<string, unknown>[] = []
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)))
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
    this.#closing.push(async () => {
      child.kill('SIGKILL')
      await ended
    })
    const saw = async (what: string) => String((await until(`the process says ${what}`, () => lines.find((line) => what in line), 20_000))[what])
    return { child, saw, ended }
  }

  defer(close: () => Promise<void>): void {
    this.#closing.push(close)
  }
  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close()
  }
}

/** Polls until it is there; fails with what was waited for. */
export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>, withinMs = 10_000): Promise<T> {
  const deadlineMs = performance.now() + withinMs
  while (true) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadlineMs) throw new Error(`waited ${withinMs} ms in vain until ${what}`)
    await sleep(5)
  }
}
