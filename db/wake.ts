import type { ContextName } from '@heliox/core/kit'
import type { OpsChange } from '@heliox/core/ports'
import pg from 'pg'
import { noticesLoss, type Pool } from './pool.ts'

export const outboxChannel = 'hub_outbox'
export const journeyChannel = 'hub_journey'
export const opsChannel = 'hub_ops'
export const clinicChannel = 'hub_clinic'

/**
 * Tells the relay, the status pages and every copy of the API that something was committed. Never inside the transaction: NOTIFY holds a lock across
 * commit and halves the submit rate (measured). Here it goes out on a connection of its own, at most every 10 ms, and may be lost:
 * the relay's poll finds what nobody called out.
 */
export interface Wake {
  outbox(schema: ContextName): void
  journey(change: { tenantId: string; intakeId: string }): void
  ops(change: OpsChange): void
  /** What every patient's page shows of the clinic changed: its words, texts, look or partners. */
  clinic(tenantId: string): void
  close(): Promise<void>
}
export const silentWake: Wake = {
  outbox: () => undefined,
  journey: () => undefined,
  ops: () => undefined,
  clinic: () => undefined,
  close: async () => undefined,
}

/** Each call costs the api two writes to a socket: at 200 submits a second one window takes about two of them. */
const coalesceMs = 10
/** A commit that notifies writes to the log; waiting for the disk, it made the submits beside it wait too. What it says is no more than a hint. */
const notOnDisk = '-c synchronous_commit=off'
/** Both sides of a statement's wait: the server stops it, and the client stops waiting for a server that is gone. */
const waits = { connectionTimeoutMillis: 10_000, statement_timeout: 10_000, query_timeout: 15_000 }
/** More waiting calls than this in one window are dropped; a page that misses one is refreshed by the next. */
const waitingMax = 1_000

export function makeWake(pool: Pool, options: { onError?: (error: Error) => void } = {}): Wake {
  const waiting = new Map<string, { channel: string; payload: string }>()
  let timer: NodeJS.Timeout | undefined
  let client: pg.Client | undefined
  let sending: Promise<void> = Promise.resolve()
  let closed = false

  const connection = async (): Promise<pg.Client> => {
    if (client) return client
    const own = connectionOf(pool, 'heliox-wake')
    const fresh = new pg.Client({ ...own, options: [own.options, notOnDisk].filter(Boolean).join(' ') })
    const forget = (): void => {
      if (client === fresh) client = undefined
    }
    fresh.on('error', (error) => {
      forget()
      options.onError?.(error)
    })
    fresh.on('end', forget)
    await fresh.connect()
    client = fresh
    return fresh
  }
  const flush = async (): Promise<void> => {
    const batch = [...waiting.values()]
    waiting.clear()
    if (batch.length === 0) return
    try {
      const to = await connection()
      const values = [batch.map((n) => n.channel), batch.map((n) => n.payload)]
      // By name: after each submit it is planned no more than the submit is.
      await to.query({ name: 'notify', text: 'SELECT pg_notify(c, p) FROM unnest($1::text[], $2::text[]) AS n(c, p)', values })
    } catch (error) {
      options.onError?.(error as Error)
    }
  }
  const add = (channel: string, payload: string): void => {
    if (closed || waiting.size >= waitingMax) return
    waiting.set(`${channel} ${payload}`, { channel, payload })
    timer ??= setTimeout(() => {
      timer = undefined
      sending = sending.then(flush)
    }, coalesceMs)
  }
  return {
    outbox: (schema) => add(outboxChannel, schema),
    journey: ({ tenantId, intakeId }) => add(journeyChannel, JSON.stringify({ tenantId, intakeId })),
    ops: ({ tenantId, is, id }) => add(opsChannel, JSON.stringify({ tenantId, is, id })),
    clinic: (tenantId) => add(clinicChannel, JSON.stringify({ tenantId })),
    async close() {
      closed = true
      clearTimeout(timer)
      await sending.then(flush)
      await client?.end()
    },
  }
}

/** The same server and login as the pool, for a connection that stays open; an outage ends a wait here too, in place of keeping it for ever. */
export function connectionOf(pool: Pool, application: string): pg.ClientConfig {
  const { connectionString, host, port, user, database, options } = pool.options
  return { connectionString, host, port, user, database, options, password: pool.options.password, application_name: application, ...noticesLoss, ...waits }
}
