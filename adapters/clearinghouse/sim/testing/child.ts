import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import Client from 'ssh2-sftp-client'

export const token = 'sim-token-of-a-test'

interface SimPlace {
  url: string
  sftp: { host: string; port: number; hostKeySha256: string }
}
/** The simulator, driven as everybody drives it: HTTP, SFTP, control port. */
export interface SimDriven extends SimPlace {
  /** Control port; throws unless it answers 200. */
  tell(path: string, body?: unknown, method?: 'POST' | 'PUT' | 'DELETE'): Promise<unknown>
  look<T = unknown>(path: string): Promise<T>
  play(scenario: unknown): Promise<void>
  advance(ms: number): Promise<void>
  post(text: string, headers?: Record<string, string>): Promise<{ status: number; text: string; headers: Headers }>
  get(path: string, bearer?: string): Promise<{ status: number; text: string; headers: Headers }>
  open(): Promise<Client>
  /** Ends the clients that were opened. */
  leave(): Promise<void>
}
/** As a child process. */
export interface SimChild extends SimDriven {
  process: ChildProcess
  stop(): Promise<void>
}

const answerMs = 5_000
/** A cut is part of the tests: the call in progress says so, and nothing is printed. */
export const quietClient = (): Client => new Client('test', { error: () => undefined, end: () => undefined, close: () => undefined })

/** Frozen at the given moment, unless told otherwise. */
export async function startChild(env: Record<string, string> = {}): Promise<SimChild> {
  const child = spawn(process.execPath, [new URL('../main.ts', import.meta.url).pathname], {
    env: { ...process.env, SIM_TOKEN: token, SIM_NOW: '2026-11-23T15:00:00Z', SIM_FREEZE: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  const driven = drive(JSON.parse(line) as SimPlace)
  return {
    ...driven,
    process: child,
    async stop() {
      await driven.leave()
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

export function drive({ url, sftp }: SimPlace): SimDriven {
  const fetched = async (path: string, init: RequestInit) => {
    const response = await fetch(new URL(path, url), { ...init, signal: AbortSignal.timeout(answerMs) })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  const tell: SimDriven['tell'] = async (path, body = {}, method = 'POST') => {
    const { status, text } = await fetched(path, { method, body: JSON.stringify(body) })
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
    return JSON.parse(text)
  }
  const clients: Client[] = []
  return {
    url,
    sftp,
    tell,
    look: async <T>(path: string) => JSON.parse((await fetched(path, {})).text) as T,
    play: async (scenario) => void (await tell('/_sim/scenario', scenario, 'PUT')),
    advance: async (ms) => void (await tell('/_sim/clock/advance', { ms })),
    post: (text, headers = {}) =>
      fetched('/realtime/eligibility', {
        method: 'POST',
        body: text,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/edi-x12', ...headers },
      }),
    get: (path, bearer = token) => fetched(path, { headers: { authorization: `Bearer ${bearer}` } }),
    async open() {
      const client = quietClient()
      // Nagle off on this end too: a put is many small packets.
      const sock = connect({ host: sftp.host, port: sftp.port, noDelay: true })
      await client.connect({ sock, username: 'hub', password: token, readyTimeout: answerMs })
      clients.push(client)
      return client
    },
    async leave() {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
    },
  }
}
