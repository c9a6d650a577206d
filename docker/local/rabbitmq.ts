import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Running } from './postgres.ts'
import { canLogIn, rabbitMqInstalled, startNode } from './rabbitmq-node.ts'

export { canLogIn, rabbitMqInstalled } from './rabbitmq-node.ts'
export type RunningBroker = Running & { amqpUrl: string }

/** A broker of our own, loopback only, everything it writes under `folder`; the same login each time. */
export async function startRabbitMq(folder: string, port: number): Promise<RunningBroker> {
  if (!rabbitMqInstalled()) throw new Error('RabbitMQ is not installed: on Debian `apt-get install rabbitmq-server`, or set AMQP_URL')
  const home = `${folder}/rabbitmq`
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const name = remembered(`${home}/node`, () => `hub${randomBytes(4).toString('hex')}`)
  const password = remembered(`${home}/password`, () => randomBytes(18).toString('hex'))
  const running = await startNode({ home, name: `${name}@localhost`, host: '127.0.0.1', port, password })
  return { ...running, amqpUrl: running.url }
}

export function remembered(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

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
