import { type Clock, type ContextName, contextNames, limits, type Log, type Stop } from '@heliox/core/kit'
import type { OutboxRow, OutboxSource } from '@heliox/core/ports'
import type { Bus } from '../bus/index.ts'

/**
 * Outbox rows to the bus, at least once and in no order. Woken after a commit; a slow poll catches what a lost wake left.
 * A row is marked only when its confirm came: `unknown` and `refused` rows stay and are published again. Rows are locked while
 * the confirms are awaited, so two relays never publish the same row at the same time, and a killed one frees its rows at once.
 */
export interface RelayParts {
  source: OutboxSource
  bus: Pick<Bus, 'publish'>
  clock: Clock
  stop: Stop
  log: Log
  pollMs?: number
}

export interface Relay {
  /** Ends after the batch in hand; its unconfirmed rows stay for the next relay. */
  close(): Promise<void>
}

export async function startRelay({ source, bus, clock, stop, log, pollMs = 1_000 }: RelayParts): Promise<Relay> {
  let closing = false
  const due = new Set<string>(contextNames)
  let rouse: () => void = () => undefined

  const publish = async (rows: OutboxRow[]): Promise<ReadonlySet<string>> => {
    await stop('claim')
    const answers = bus.publish(rows.map((row) => ({ id: row.id, routingKey: row.routingKey, body: row.envelope })))
    await stop('publish')
    const outcomes = await answers
    await stop('confirm')
    const open = outcomes.filter((outcome) => outcome !== 'confirmed').length
    if (open > 0) log.warn({ schema: rows[0]?.schema, rows: rows.length, open }, 'not all rows were confirmed; they stay and are published again')
    const confirmed = new Set(rows.filter((_, i) => outcomes[i] === 'confirmed').map((row) => row.id))
    await stop('mark')
    return confirmed
  }

  const drain = async (schema: string): Promise<void> => {
    try {
      const claimed = await source.drain(schema, limits.outboxBatchMax, clock.now(), publish)
      if (claimed > 0) log.info({ schema, rows: claimed }, 'relayed')
      if (claimed === limits.outboxBatchMax) due.add(schema)
    } catch (error) {
      // The database or the bus is away: the rows are safe, the poll comes round again.
      log.warn({ schema, errorName: (error as Error).name }, 'a batch failed; its rows stay')
    }
  }

  const unlisten = await source.onWake((schema) => {
    if ((contextNames as readonly string[]).includes(schema)) due.add(schema as ContextName)
    rouse()
  })
  const poll = setInterval(() => {
    for (const schema of contextNames) due.add(schema)
    rouse()
  }, pollMs)

  const loop = (async () => {
    while (!closing) {
      const now = [...due]
      due.clear()
      if (now.length > 0) await Promise.all(now.map(drain))
      if (due.size > 0 || closing) continue
      await new Promise<void>((resolve) => {
        rouse = resolve
        if (due.size > 0 || closing) resolve()
      })
    }
  })()

  return {
    async close() {
      closing = true
      clearInterval(poll)
      rouse()
      await loop
      await unlisten()
    },
  }
}
