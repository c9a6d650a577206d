import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import amqp from 'amqplib'
import { freePort } from './ports.ts'
import type { Running } from './postgres.ts'

const server = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const readyWithinMs = 60_000
const stopWithinMs = 15_000

export type RunningBroker = Running & { amqpUrl: string }

/**
 * A broker of our own from Debian's binaries, loopback only, everything it writes under `folder`. The script behind Debian's
 * wrapper is run directly: the wrapper changes to the user `rabbitmq`, who cannot read our folder.
 *
 * Erlang nodes find each other through epmd, a daemon that the first node leaves behind. We run one of our own, on its own port,
 * so that stopping leaves no process and never meets a broker of the machine's. Both are groups of their own: Ctrl-C reaches
 * only the supervisor, which ends things in order.
 */
export async function startRabbitMq(folder: string, port: number): Promise<RunningBroker> {
  if (!rabbitMqInstalled()) throw new Error('RabbitMQ is not installed: on Debian `apt-get install rabbitmq-server`, or set AMQP_URL')
  const home = `${folder}/rabbitmq`
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const node = remembered(`${home}/node`, () => `hub${randomBytes(4).toString('hex')}`)
  const password = remembered(`${home}/password`, () => randomBytes(18).toString('hex'))
  writeFileSync(`${home}/enabled_plugins`, '[].\n')
  writeFileSync(`${home}/rabbitmq.conf`, brokerSettings(port, password), { mode: 0o600 })

  const epmdPort = await freePort()
  const epmd = startEpmd(epmdPort)
  const output = openSync(`${home}/output.log`, 'a')
  const broker = spawn(server, ['-noinput'], {
    cwd: home,
    detached: true,
    stdio: ['ignore', output, output],
    env: {
      PATH: process.env.PATH,
      HOME: home, // the cookie
      LC_ALL: 'C.UTF-8',
      ERL_EPMD_PORT: String(epmdPort),
      RABBITMQ_ALLOW_INPUT: '1', // the script then becomes the Erlang machine, so that our signals reach it
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_NODENAME: `${node}@localhost`,
      RABBITMQ_DIST_PORT: String(await freePort()),
      RABBITMQ_CONFIG_FILE: `${home}/rabbitmq.conf`,
      RABBITMQ_ADVANCED_CONFIG_FILE: `${home}/advanced.config`,
      RABBITMQ_GENERATED_CONFIG_DIR: `${home}/generated`,
      RABBITMQ_ENABLED_PLUGINS_FILE: `${home}/enabled_plugins`,
      RABBITMQ_MNESIA_BASE: `${home}/mnesia`,
      RABBITMQ_LOG_BASE: `${home}/log`,
      RABBITMQ_PID_FILE: `${home}/pid`,
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}',
    },
  })
  closeSync(output)
  epmd.stdin.end(`${broker.pid ?? ''}\n`)
  const stop = async () => {
    await end(broker, 'SIGTERM')
    await end(epmd, 'SIGTERM')
  }
  // Its epmd ends by itself.
  const kill = () => end(broker, 'SIGKILL')
  const amqpUrl = `amqp://heliox:${password}@127.0.0.1:${port}/heliox`
  try {
    await untilReady(amqpUrl, port, broker, `${home}/output.log`)
  } catch (error) {
    await end(broker, 'SIGKILL')
    await end(epmd, 'SIGKILL')
    throw error
  }
  return { url: amqpUrl, amqpUrl, pid: broker.pid as number, stop, kill }
}

/** User and vhost are made at the first boot from these lines; no management plugin and no rabbitmqctl is needed. */
const brokerSettings = (port: number, password: string): string =>
  [
    `listeners.tcp.local = 127.0.0.1:${port}`,
    'default_vhost = heliox',
    'default_user = heliox',
    `default_pass = ${password}`,
    'default_permissions.configure = .*',
    'default_permissions.read = .*',
    'default_permissions.write = .*',
    'disk_free_limit.absolute = 50MB',
    // 512 MB by default, per node, in memory and on disk: a laptop has better uses.
    'raft.wal_max_size_bytes = 33554432',
    'log.console = false',
    'log.file = rabbit.log',
    'log.file.level = warning',
    '',
  ].join('\n')

function remembered(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

/**
 * Told the broker's pid by a line, a shell ends epmd when the broker is gone: also when we are killed and nobody ends anything
 * in order. Without a line (we died in between) it ends epmd at once.
 */
function startEpmd(port: number) {
  const script = '"$0" -port "$1" -address 127.0.0.1 & epmd=$!; read -r broker; while kill -0 "$broker" 2>/dev/null; do sleep 0.5; done; kill "$epmd"'
  return spawn('/bin/sh', ['-c', script, epmdPath(), String(port)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: { PATH: process.env.PATH } })
}

/** Erlang keeps epmd with its runtime, not on the PATH. */
function epmdPath(): string {
  const root = '/usr/lib/erlang'
  const erts = readdirSync(root).find((name) => name.startsWith('erts-'))
  if (!erts) throw new Error('Erlang is not installed')
  return `${root}/${erts}/bin/epmd`
}

async function untilReady(amqpUrl: string, port: number, broker: ChildProcess, outputFile: string): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  while (true) {
    if (broker.exitCode !== null || broker.signalCode !== null) {
      const tail = readFileSync(outputFile, 'utf8').trim().split('\n').slice(-6).join('\n')
      throw new Error(`RabbitMQ did not start on port ${port} (is the port taken?):\n${tail}`)
    }
    if (await canLogIn(amqpUrl)) return
    if (performance.now() > deadline) throw new Error(`RabbitMQ did not answer on port ${port} within ${readyWithinMs / 1000} s`)
    await sleep(150)
  }
}

/** The process and everything in its group. */
async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const gone = () => child.exitCode !== null || child.signalCode !== null
  const exit = gone() ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const send = (what: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined && !gone()) process.kill(-child.pid, what)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  send(signal)
  const late = setTimeout(() => send('SIGKILL'), stopWithinMs)
  await exit
  clearTimeout(late)
}

/** Whether this URL's login and vhost are accepted now. */
export async function canLogIn(amqpUrl: string): Promise<boolean> {
  try {
    const connection = await amqp.connect(amqpUrl, { timeout: 3_000, noDelay: true })
    // Without a listener a late socket error would end the process.
    connection.on('error', () => undefined)
    await connection.close()
    return true
  } catch {
    return false
  }
}

export const rabbitMqInstalled = (): boolean => existsSync(server)

/**
 * A broker on localhost:5672 whose usual login succeeds, in a vhost of our own: nobody else's queues share it. The vhost is
 * made through the management interface; a broker without it is not used, rather than its vhost `/`.
 */
export async function findBroker(vhost = 'heliox'): Promise<string | undefined> {
  const ours = `amqp://guest:guest@127.0.0.1:5672/${encodeURIComponent(vhost)}`
  if (await canLogIn(ours)) return ours
  if (!(await canLogIn('amqp://guest:guest@127.0.0.1:5672/%2F'))) return undefined
  try {
    const made = await fetch(`http://127.0.0.1:15672/api/vhosts/${encodeURIComponent(vhost)}`, {
      method: 'PUT',
      headers: { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}`, 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(5_000),
    })
    if (!made.ok) return undefined
  } catch {
    return undefined
  }
  return (await canLogIn(ours)) ? ours : undefined
}
