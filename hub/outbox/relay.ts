import { setImmediate as turn } from 'node:timers/promises'
import { type Clock, type ContextName, contextNames, type Log, limits, type Stop } from '@heliox/core/kit'
import type { OutboxRow, OutboxSource, Published } from '@heliox/core/ports'
import type { Bus } from '../bus/index.ts'
import { errorFields } from '../log/index.ts'
import { isTransient } from '../rounds/index.ts'

export interface RelayOptions {
  source: OutboxSource
  bus: Pick<Bus, 'publish'>
  clock: Clock
  stop: Stop
  log: Log
  schemas?: readonly ContextName[]
  batchMax?: number
  pollMs?: number
}

export interface Relay {
  /** Takes no new batch, waits for the one in hand. */
  close(): Promise<void>
}

/**
 * Moves committed rows to the bus. The rows stay locked until their confirms are in and the mark is committed with them, so a
 * relay that dies frees its rows at once and another publishes them again: at least once, never not. Woken after each commit;
 * the poll is for what a lost wake-up, a crash or a due date left behind.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const lanes = new Map((options.schemas ?? contextNames).map((schema) => [schema as string, new Lane(schema, options)]))
  const stopListening = await options.source.onWake((schema) => lanes.get(schema)?.wake())
  for (const lane of lanes.values()) lane.start()
  return {
    async close() {
      await stopListening()
      await Promise.all([...lanes.values()].map((lane) => lane.close()))
    },
  }
}

const pollMsDefault = 1_000
const unmarkedMsMax = 30_000

/** What came of a look at the outbox: more to take at once, nothing more, or rows that the bus took and the database cannot mark. */
type Drained = 'more' | 'empty' | 'unmarked'

/** One outbox, one batch at a time. */
class Lane {
  #closing = false
  #woken = true
  /** Batches in a row that the bus took and the database could not mark. */
  #unmarked = 0
  #wake: () => void = () => undefined
  #done: Promise<void> = Promise.resolve()
  readonly #schema: string
  readonly #options: RelayOptions

  constructor(schema: string, options: RelayOptions) {
    this.#schema = schema
    this.#options = options
  }

  start(): void {
    this.#done = this.#run()
  }
  wake(): void {
    this.#woken = true
    this.#wake()
  }
  async close(): Promise<void> {
    this.#closing = true
    this.wake()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      this.#woken = false
      const drained = await this.#drain()
      const pollMs = this.#options.pollMs ?? pollMsDefault
      // A full disk lets rows be claimed and not be marked: the bus would be given the same ones each second until there is room.
      if (drained === 'unmarked') await this.#rest(Math.min(pollMs * 2 ** this.#unmarked++, unmarkedMsMax), { wakes: false })
      else if (drained === 'empty' && !this.#woken) await this.#rest(pollMs, { wakes: true })
    }
  }

  async #rest(ms: number, { wakes }: { wakes: boolean }): Promise<void> {
    if (this.#closing) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        if (wakes || this.#closing) resolve()
      }
      timer = setTimeout(resolve, ms)
    })
    clearTimeout(timer)
    this.#wake = () => undefined
  }

  async #drain(): Promise<Drained> {
    const { source, clock, stop, log } = this.#options
    const batchMax = this.#options.batchMax ?? limits.outboxBatchMax
    let published: Published = { confirmed: new Set(), refused: new Set() }
    try {
      const claimed = await source.drain(this.#schema, batchMax, clock.now(), async (rows) => {
        published = await this.#publish(rows)
        return published
      })
      if (published.confirmed.size > 0) {
        this.#unmarked = 0
        await stop('mark', this.#schema)
      }
      // Refused rows are put off and out of the way. Without any answer it is the bus that is in trouble: the poll is soon enough.
      return claimed >= batchMax && published.confirmed.size + published.refused.size > 0 ? 'more' : 'empty'
    } catch (error) {
      const about = { schema: this.#schema, ...errorFields(error) }
      if (isTransient(error)) log.warn(about, 'storage could not be reached; the rows are published when it can')
      else log.error(about, 'relay batch failed; its rows are published again')
      return published.confirmed.size > 0 ? 'unmarked' : 'empty'
    }
  }

  async #publish(rows: OutboxRow[]): Promise<Published> {
    const { bus, stop, log } = this.#options
    await stop('claim', this.#schema)
    const publishing = bus.publish(rows.map((row) => ({ id: row.id, routingKey: row.routingKey, body: row.envelope })))
    await turn()
    await stop('publish', this.#schema)
    const outcomes = await publishing
    const confirmed = rows.filter((_, i) => outcomes[i] === 'confirmed')
    const refused = rows.filter((_, i) => outcomes[i] === 'refused')
    if (confirmed.length < rows.length) {
      const unknown = rows.length - confirmed.length - refused.length
      const keys = [...new Set(refused.map((row) => row.routingKey))].slice(0, 5)
      log.warn({ schema: this.#schema, confirmed: confirmed.length, unknown, refused: refused.length, refusedKeys: keys }, 'not every row was confirmed')
    }
    await stop('confirm', this.#schema)
    const ids = (of: OutboxRow[]): ReadonlySet<string> => new Set(of.map((row) => row.id))
    return { confirmed: ids(confirmed), refused: ids(refused) }
  }
}
