import { setTimeout as sleep } from 'node:timers/promises'
import { storageFaultOf } from '@heliox/core/kit'
import { errorFields } from '@heliox/hub/log'
import type { JobWithMetadata } from 'pg-boss'
import type { BusLog, Handler, Subscription } from '../bus.ts'
import { judge, type Outcome, shortReason } from '../delivery.ts'
import { deadQueue } from '../topology.ts'
import type { JobData } from './job.ts'
import { heartbeatEveryMs, type Store } from './store.ts'

/** The floor below the wake-ups: what another process's crash or delay made ready. */
const pollMs = 1_000
/** A timer may fire a little early, and the database compares with its own clock. */
const delaySlackMs = 15

type Job = JobWithMetadata<JobData>

/**
 * Our own loop over the library's `fetch`, in place of its workers: those take a batch and wait for all of it, so one slow
 * delivery would hold back the rest, and they look at most twice a second. Here each delivery is settled by itself, and a
 * publish wakes us at once.
 */
export class Consumer implements Subscription {
  #closing = false
  #wake: () => void = () => undefined
  #woken = false
  #loop: Promise<void> = Promise.resolve()
  #heartbeat: NodeJS.Timeout | undefined
  readonly #forget: () => void
  readonly #running = new Map<string, { done: Promise<void>; lost: AbortController }>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #store: Store
  readonly #queue: string
  readonly #prefetch: number
  readonly #handler: Handler
  readonly #log: BusLog

  constructor(store: Store, queue: string, prefetch: number, handler: Handler, log: BusLog) {
    this.#store = store
    this.#queue = queue
    this.#prefetch = prefetch
    this.#handler = handler
    this.#log = log
    this.#forget = store.onWake(queue, () => this.#wakeUp())
  }

  start(): void {
    this.#loop = this.#run()
    this.#heartbeat = setInterval(() => void this.#beat(), heartbeatEveryMs)
  }

  #wakeUp(): void {
    this.#woken = true
    this.#wake()
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      this.#woken = false
      const room = this.#prefetch - this.#running.size
      if (room > 0) {
        const jobs = await this.#fetch(room)
        for (const job of jobs) this.#take(job)
        if (jobs.length === room) this.#woken ||= this.#running.size < this.#prefetch
      }
      if (!this.#woken && !this.#closing) await this.#rest()
    }
  }

  async #fetch(batchSize: number): Promise<Job[]> {
    try {
      return await this.#store.boss.fetch<JobData>(this.#queue, { batchSize, includeMetadata: true })
    } catch (error) {
      this.#log.warn({ queue: this.#queue, ...errorFields(error) }, 'bus fetch failed')
      return []
    }
  }

  /** Until something wakes us; at most the poll interval. */
  async #rest(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, pollMs)
    })
    clearTimeout(timer)
    this.#wake = () => undefined
  }

  #take(job: Job): void {
    const lost = new AbortController()
    const done = this.#handle(job, lost.signal)
      .catch((error) => this.#log.warn({ queue: this.#queue, ...errorFields(error) }, 'delivery not settled'))
      .finally(() => {
        const wasFull = this.#running.size >= this.#prefetch
        this.#running.delete(job.id)
        if (wasFull) this.#wakeUp()
      })
    this.#running.set(job.id, { done, lost })
  }

  async #handle(job: Job, signal: AbortSignal): Promise<void> {
    const { id, key, body } = job.data
    const outcome = await judge(this.#handler, { id, queue: this.#queue, routingKey: key, body, deliveryCount: job.retryCount + 1, signal })
    if (!signal.aborted) await this.#settleInTime(job, outcome, signal)
  }

  /**
   * While the database is away or full the delivery stays ours with its place among `prefetch`, and is settled as soon as that can be. Given
   * up at once it would wait for its missed heartbeat, and count as a try: after a quarter of an hour without room all would be dead letters.
   */
  async #settleInTime(job: Job, outcome: Outcome, lost: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await this.#settle(job, outcome)
      } catch (error) {
        if (this.#closing || !storageFaultOf(error)) throw error
        this.#log.warn({ queue: this.#queue, ...errorFields(error) }, 'delivery not settled; soon again')
      }
      await sleep(pollMs)
      if (lost.aborted) return
    }
  }

  async #settle(job: Job, outcome: Outcome): Promise<void> {
    const { boss } = this.#store
    if (outcome.is === 'ack') return void (await boss.complete(this.#queue, job.id))
    if (outcome.is === 'failed') {
      this.#log.error({ queue: this.#queue, deliveryId: job.data.id, ...errorFields(outcome.error) }, 'handler failed')
      await boss.fail(this.#queue, job.id, { reason: 'handler failed' })
      return this.#wakeUp()
    }
    // One commit: a crash leaves either the job or its successor.
    await this.#store.transaction(async (db) => {
      const { affected } = (await boss.complete(this.#queue, job.id, null, { db })) as { affected?: number }
      // No longer ours (heartbeat missed): whoever has it now settles it.
      if (affected === 0) return
      if (outcome.is === 'later') await boss.insert(this.#queue, [{ data: job.data, startAfter: outcome.delayMs / 1000 }], { db })
      else await boss.insert(deadQueue(this.#queue), [{ data: { ...job.data, reason: shortReason(outcome.reason) } }], { db })
    })
    if (outcome.is === 'later') this.#wakeIn(outcome.delayMs + delaySlackMs)
  }

  #wakeIn(delayMs: number): void {
    if (this.#closing) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#wakeUp()
    }, delayMs)
    this.#timers.add(timer)
  }

  /** Keeps what runs from being handed to another; tells a handler whose delivery was handed on after all. */
  async #beat(): Promise<void> {
    const ids = [...this.#running.keys()]
    if (ids.length === 0) return
    try {
      const { affected } = (await this.#store.boss.touch(this.#queue, ids)) as { affected?: number }
      if (affected === ids.length) return
      for (const id of ids) {
        const alone = (await this.#store.boss.touch(this.#queue, id)) as { affected?: number }
        if (alone.affected === 0) this.#running.get(id)?.lost.abort()
      }
    } catch (error) {
      this.#log.warn({ queue: this.#queue, ...errorFields(error) }, 'bus heartbeat failed')
    }
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#wakeUp()
    await this.#loop
    await Promise.all([...this.#running.values()].map((run) => run.done))
    clearInterval(this.#heartbeat)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#forget()
  }
}
