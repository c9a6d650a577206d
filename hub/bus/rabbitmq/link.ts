import { errorFields } from '@heliox/hub/log'
import amqp, { type ChannelModel, type RecoveringChannelModel } from 'amqplib'
import type { BusLog } from '../bus.ts'

/** A dead peer without a heartbeat is noticed after about eleven minutes. */
const heartbeatSeconds = 5
const connectTimeoutMs = 5_000
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

/** One connection that comes back by itself, with back-off, and tells who needs to know. */
export class Link {
  #recovering: RecoveringChannelModel | undefined
  #model: ChannelModel | undefined
  #whenUp: ((model: ChannelModel) => Promise<void>)[] = []
  readonly #log: BusLog
  readonly #name: string

  constructor(name: string, log: BusLog) {
    this.#name = name
    this.#log = log
  }

  /** Fails after about 15 s when the broker cannot be reached at all: a wrong address should not look like a slow one. */
  async open(amqpUrl: string): Promise<void> {
    const url = new URL(amqpUrl)
    url.searchParams.set('heartbeat', String(heartbeatSeconds))
    const recovering = await amqp.connect(url.href, {
      // Without it Nagle and delayed acks make it 63 ms a message in place of about 1.5.
      noDelay: true,
      timeout: connectTimeoutMs,
      clientProperties: { connection_name: this.#name },
      recovery: { initialDelay: 100, maxDelay: 3_000, factor: 2, jitter: 0.2, initialMaxRetries: 8, waitForConnect: false },
    })
    this.#recovering = recovering
    recovering.on('error', (error) => this.#log.warn(errorFields(error), 'bus connection failed'))
    recovering.on('disconnect', (error) => {
      this.#model = undefined
      this.#log.warn(errorFields(error), 'bus connection lost')
    })
    recovering.on('connect', (model) => {
      this.#model = model
      this.#log.info({ connection: this.#name }, 'bus connected')
      void this.#tellAll(model)
    })
    try {
      await recovering.waitForConnect()
    } catch (error) {
      throw new Error(`the message broker cannot be reached at ${url.host} (vhost ${url.pathname.slice(1) || '/'})`, { cause: error })
    }
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

  /** Called at every reconnect (not for the connection that is there already), in order of registration. */
  whenUp(tell: (model: ChannelModel) => Promise<void>): void {
    this.#whenUp.push(tell)
  }

  forget(tell: (model: ChannelModel) => Promise<void>): void {
    this.#whenUp = this.#whenUp.filter((other) => other !== tell)
  }

  async close(): Promise<void> {
    this.#whenUp = []
    this.#model = undefined
    if (this.#recovering) await within(closeTimeoutMs, this.#recovering.close())
  }
}
