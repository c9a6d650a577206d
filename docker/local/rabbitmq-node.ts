import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import amqp from 'amqplib'
import { freePort } from './ports.ts'
import type { Running } from './postgres.ts'

const server = '/usr/lib/rabbitmq/bin/rabbitmq-server'
export const rabbitMqInstalled = (): boolean => existsSync(server)

const readyWithinMs = 60_000
const stopWithinMs = 15_000
const triesMax = 3

export interface NodeSpec {
  /** Everything it writes is here. */
  home: string
  /** `name@host`. */
  name: string
  host: string
  port: number
  password: string
  /** For nodes that are one broker: the secret they share, and lines of their settings about each other. */
  cluster?: { cookie: string; settings: readonly string[] }
  /** Runs inside this network namespace, whose every address is the node's own. */
  namespace?: string
}

export const amqpUrlOf = ({ host, port, password }: Pick<NodeSpec, 'host' | 'port' | 'password'>): string => `amqp://heliox:${password}@${host}:${port}/heliox`

/**
 * One node from Debian's binaries. The script behind Debian's wrapper is run directly: the wrapper changes to the user
 * `rabbitmq`, who cannot read our folder.
 *
 * Erlang nodes find each other through epmd, a daemon that the first node leaves behind. We run one of our own, on its own port,
 * so that stopping leaves no process and never meets a broker of the machine's. Both are groups of their own: Ctrl-C reaches
 * only the supervisor, which ends things in order.
 */
export async function startNode(spec: NodeSpec, findPort: () => Promise<number> = freePort): Promise<Running> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(spec, findPort)
    } catch (error) {
      // Free when we looked, and somebody else's when Erlang came to it, two seconds later: another one then.
      if (tries === triesMax || !(error as Error).message.includes('dist_port_already_used')) throw error
    }
  }
}

async function startOnce(spec: NodeSpec, findPort: () => Promise<number>): Promise<Running> {
  const { home, name, port, cluster, namespace } = spec
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(`${home}/enabled_plugins`, '[].\n')
  writeFileSync(`${home}/rabbitmq.conf`, settingsOf(spec), { mode: 0o600 })
  const cookieFile = `${home}/.erlang.cookie`
  if (cluster && !existsSync(cookieFile)) writeFileSync(cookieFile, cluster.cookie, { mode: 0o400 })

  // Inside a namespace of its own every port is free, and the other nodes look for it where it always is.
  const epmdPort = namespace ? 4369 : await findPort()
  const address = namespace ? '0.0.0.0' : '127.0.0.1'
  const epmd = startEpmd(epmdPort, namespace ? undefined : address, namespace)
  const output = openSync(`${home}/output.log`, 'a')
  const [command, ...args] = inside(namespace, server, '-noinput')
  const broker = spawn(command, args, {
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
      RABBITMQ_NODENAME: name,
      RABBITMQ_USE_LONGNAME: cluster ? 'true' : 'false',
      RABBITMQ_DIST_PORT: String(namespace ? 25_672 : await findPort()),
      RABBITMQ_CONFIG_FILE: `${home}/rabbitmq.conf`,
      RABBITMQ_ADVANCED_CONFIG_FILE: `${home}/advanced.config`,
      RABBITMQ_GENERATED_CONFIG_DIR: `${home}/generated`,
      RABBITMQ_ENABLED_PLUGINS_FILE: `${home}/enabled_plugins`,
      RABBITMQ_MNESIA_BASE: `${home}/mnesia`,
      RABBITMQ_LOG_BASE: `${home}/log`,
      RABBITMQ_PID_FILE: `${home}/pid`,
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-start_epmd false -kernel inet_dist_use_interface {${address.replaceAll('.', ',')}}${cluster ? ` net_ticktime ${tickSeconds}` : ''}`,
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
  const url = amqpUrlOf(spec)
  try {
    await untilReady(url, port, broker, `${home}/output.log`)
  } catch (error) {
    await end(broker, 'SIGKILL')
    await end(epmd, 'SIGKILL')
    throw error
  }
  return { url, pid: broker.pid as number, stop, kill }
}

/** A node that is cut off is missed within a quarter more than this. */
const tickSeconds = 4

/** User and vhost are made at the first boot from these lines; no management plugin and no rabbitmqctl is needed. */
const settingsOf = ({ host, port, password, cluster }: NodeSpec): string =>
  [
    `listeners.tcp.local = ${host}:${port}`,
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
    ...(cluster?.settings ?? []),
    '',
  ].join('\n')

const inside = (namespace: string | undefined, ...command: [string, ...string[]]): [string, ...string[]] =>
  namespace ? ['ip', 'netns', 'exec', namespace, ...command] : command

/**
 * Told the broker's pid by a line, a shell ends epmd when the broker is gone: also when we are killed and nobody ends anything
 * in order. Without a line (we died in between) it ends epmd at once.
 */
function startEpmd(port: number, address: string | undefined, namespace: string | undefined) {
  const script = '"$0" -port "$1" $2 & epmd=$!; read -r broker; while kill -0 "$broker" 2>/dev/null; do sleep 0.5; done; kill "$epmd"'
  const [command, ...args] = inside(namespace, '/bin/sh', '-c', script, epmdPath(), String(port), address ? `-address ${address}` : '')
  return spawn(command, args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: { PATH: process.env.PATH } })
}

/** Erlang keeps epmd with its runtime, not on the PATH. */
function epmdPath(): string {
  const root = '/usr/lib/erlang'
  const erts = readdirSync(root).find((name) => name.startsWith('erts-'))
  if (!erts) throw new Error('Erlang is not installed')
  return `${root}/${erts}/bin/epmd`
}

async function untilReady(amqpUrl: string, port: number, broker: ChildProcess, outputFile: string): Promise<void> {
  const deadlineMs = performance.now() + readyWithinMs
  while (true) {
    if (broker.exitCode !== null || broker.signalCode !== null) {
      const tail = readFileSync(outputFile, 'utf8').trim().split('\n').slice(-6).join('\n')
      throw new Error(`RabbitMQ did not start on port ${port} (is the port taken?):\n${tail}`)
    }
    if (await canLogIn(amqpUrl)) return
    if (performance.now() > deadlineMs) throw new Error(`RabbitMQ did not answer on port ${port} within ${readyWithinMs / 1000} s`)
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
