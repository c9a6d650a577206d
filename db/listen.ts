import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Pool } from './pool.ts'
import { connectionOf } from './wake.ts'

const delaysMs = [100, 250, 500, 1_000, 2_000, 5_000]

/**
 * LISTEN on a connection of its own that comes back by itself. `onUp` runs after every (re)connect: whatever was said in
 * between was not heard, so the caller looks for itself. Resolves once the first LISTEN stands; the result ends it.
 */
export async function listen(
  pool: Pool,
  channels: readonly string[],
  handlers: { onPayload(payload: string, channel: string): void; onUp?(): void; onError?(error: Error): void },
): Promise<() => Promise<void>> {
  const stop = new AbortController()
  let client: pg.Client | undefined
  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client(connectionOf(pool, 'heliox-listen'))
    fresh.on('error', (error) => handlers.onError?.(error))
    fresh.on('notification', (message) => handlers.onPayload(message.payload ?? '', message.channel))
    await fresh.connect()
    try {
      await fresh.query(channels.map((channel) => `LISTEN ${pg.escapeIdentifier(channel)}`).join('; '))
    } catch (error) {
      await fresh.end()
      throw error
    }
    return fresh
  }
  const up = (fresh: pg.Client): void => {
    client = fresh
    fresh.once('end', () => {
      if (client !== fresh) return
      client = undefined
      running = stop.signal.aborted ? Promise.resolve() : reconnect()
    })
    handlers.onUp?.()
  }
  const reconnect = async (): Promise<void> => {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      try {
        const fresh = await connect()
        if (stop.signal.aborted) await fresh.end()
        else up(fresh)
        return
      } catch (error) {
        handlers.onError?.(error as Error)
        const delayMs = delaysMs[Math.min(attempt, delaysMs.length - 1)] as number
        await sleep(delayMs, undefined, { signal: stop.signal }).catch(() => undefined) // stopped while waiting
      }
    }
  }
  let running: Promise<void> = Promise.resolve()
  up(await connect())
  return async () => {
    stop.abort()
    await client?.end()
    await running
  }
}
