import { setTimeout as sleep } from 'node:timers/promises'
import { errorFields } from '@heliox/hub/log'
import amqp, { type ChannelModel } from 'amqplib'
import type { BusLog } from '../bus.ts'

/** A dead peer without a heartbeat is noticed after about eleven minutes. */
const heartbeatSeconds = 5
const connectTimeoutMs = 5_000
/** A wrong address should not look like a slow one. */
const openWithinMs = 12_000
const firstWaitMs = 100
/** A node that comes back has waited long enough itself: whoever is late by more than this is missed there. */
const longestWaitMs = 1_000
/** A broker that does not answer is left, not waited for: what was not acked comes back by itself. */
export const closeTimeoutMs = 2_000

/** Waits for the end of `work`, good or bad, but no longer than that. */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([work.catch(() => undefined), late])
  clearTimeout(timer)
}

/** The nodes of one broker, as `AMQP_URL` lists them. */
export const brokerUrls = (list: string): URL[] =>
  list.split(',').map((one) => {
    const url = new URL(one.trim())
    url.searchParams.set('heartbeat', String(heartbeatSeconds))
    return url
  })

/** One connection that comes back by itself, to whichever node answers, and tells who needs to know. */
export class Link {
  #urls: readonly URL[] = []
  /** Counts on from the address that was taken last: the node that was just lost is asked after all others. */
  #turn = 0
  #model: ChannelModel | undefined
  #whenUp: ((model: ChannelModel) => Promise<void>)[] = []
  readonly #closing = new AbortController()
  readonly #log: BusLog
  readonly #name: string

  constructor(name: string, log: BusLog) {
    this.#name = name
    this.#log = log
  }

  /** The first address that answers, in the order given; fails when none did for a while. */
  async open(urls: readonly URL[]): Promise<void> {
    this.#urls = urls
    const deadlineMs = performance.now() + openWithinMs
    const failure = await this.#untilConnected(() => performance.now() > deadlineMs)
    if (failure === undefined) return
    const places = urls.map((url) => `${url.host} (vhost ${url.pathname.slice(1) || '/'})`).join(', ')
    throw new Error(`the message broker cannot be reached at ${places}`, { cause: failure })
  }

  /** All addresses at once in turn, then a wait that grows. What it failed with, when told to give up. */
  async #untilConnected(giveUp: () => boolean): Promise<unknown> {
    for (let round = 0; !this.#closing.signal.aborted; round += 1) {
      let failure: unknown
      for (const _ of this.#urls) {
        try {
          await this.#connect()
          return undefined
        } catch (error) {
          failure = error
        }
        if (this.#closing.signal.aborted) return undefined
      }
      if (giveUp()) return failure
      const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** round) * (0.8 + Math.random() * 0.2)
      await sleep(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
    }
    return undefined
  }

  async #connect(): Promise<void> {
    const url = this.#urls[this.#turn % this.#urls.length] as URL
    this.#turn += 1
    const model = await amqp.connect(url.href, {
      // Without it Nagle and delayed acks make it 63 ms a message in place of about 1.5.
      noDelay: true,
      timeout: connectTimeoutMs,
      clientProperties: { connection_name: this.#name },
    })
    // Without a listener an error would end the process.
    model.on('error', (error) => this.#log.warn(errorFields(error), 'bus connection failed'))
    if (this.#closing.signal.aborted) return within(closeTimeoutMs, model.close())
    model.on('close', (error) => this.#lost(model, error))
    this.#model = model
    this.#log.info({ connection: this.#name, broker: url.host }, 'bus connected')
    void this.#tellAll(model)
  }

  #lost(model: ChannelModel, error: unknown): void {
    if (this.#model !== model) return
    this.#model = undefined
    this.#log.warn(errorFields(error ?? new Error('closed')), 'bus connection lost')
    void this.#untilConnected(() => false)
  }

  async #tellAll(model: ChannelModel): Promise<void> {
    for (const tell of this.#whenUp) {
      if (this.#model !== model) return
      try {
        await tell(model)
      } catch (error) {
        // Each listener retries by its own means; one that fails does not keep the next from coming back.
        this.#log.error(errorFields(error), 'bus set-up after reconnect failed')
      }
    }
  }

  /** Undefined while the connection is down. */
  get model(): ChannelModel | undefined {
    return this.#model
  }

  /** Called at every connect (not for the connection that is there already), in order of registration. */
  whenUp(tell: (model: ChannelModel) => Promise<void>): void {
    this.#whenUp.push(tell)
  }

  forget(tell: (model: ChannelModel) => Promise<void>): void {
    this.#whenUp = this.#whenUp.filter((other) => other !== tell)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#whenUp = []
    const model = this.#model
    this.#model = undefined
    if (model) await within(closeTimeoutMs, model.close())
  }
}
