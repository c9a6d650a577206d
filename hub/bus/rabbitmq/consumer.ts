import { setTimeout as sleep } from 'node:timers/promises'
import { errorFields } from '@heliox/hub/log'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { BusLog, Delivery, Handler, Subscription } from '../bus.ts'
import { judge, type Outcome, shortReason } from '../delivery.ts'
import { deadQueue } from '../topology.ts'
import { closeTimeoutMs, type Link, within } from './link.ts'
import { delayName, delayStep, headers } from './names.ts'
import type { Publisher } from './publisher.ts'

const reopenDelayMs = 1_000
const copyAgainMs = 1_000

interface ConsumerNeeds {
  link: Link
  publisher: Publisher
  log: BusLog
  now(): Date
}

/** One channel, one queue, at most `prefetch` handlers at once. Comes back after a lost connection or channel. */
export class Consumer implements Subscription {
  #channel: Channel | undefined
  #opening: Promise<void> | undefined
  #tag = ''
  #lost = new AbortController()
  readonly #closing = new AbortController()
  #reopen: NodeJS.Timeout | undefined
  readonly #running = new Set<Promise<void>>()
  readonly #queue: string
  readonly #prefetch: number
  readonly #handler: Handler
  readonly #needs: ConsumerNeeds
  readonly #up = (model: ChannelModel) => this.#open(model)

  constructor(queue: string, prefetch: number, handler: Handler, needs: ConsumerNeeds) {
    this.#queue = queue
    this.#prefetch = prefetch
    this.#handler = handler
    this.#needs = needs
    needs.link.whenUp(this.#up)
  }

  /** While the connection is down, the link opens us as soon as it is back. */
  async start(): Promise<void> {
    const model = this.#needs.link.model
    if (!model) return
    try {
      await this.#open(model)
    } catch (error) {
      if (this.#needs.link.model === model) throw error
    }
  }

  /** One at a time: the link and our own timer may both come, and a second channel would take as many messages again. */
  async #open(model: ChannelModel): Promise<void> {
    // Whoever began that one hears of its failure; here it only means that it is our turn.
    while (this.#opening) await this.#opening.catch(() => undefined)
    if (this.#isClosing || this.#channel) return
    this.#opening = this.#openChannel(model).finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  get #isClosing(): boolean {
    return this.#closing.signal.aborted
  }

  async #openChannel(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel()
    const lost = new AbortController()
    channel.on('error', (error) => this.#needs.log.warn({ queue: this.#queue, ...errorFields(error) }, 'consumer channel failed'))
    channel.on('close', () => {
      lost.abort()
      if (this.#channel !== channel) return
      this.#channel = undefined
      this.#openAgainSoon()
    })
    await channel.prefetch(this.#prefetch)
    // Closed meanwhile: nobody would end this channel any more.
    if (this.#isClosing) return within(closeTimeoutMs, channel.close())
    this.#channel = channel
    this.#lost = lost
    const { consumerTag } = await channel.consume(this.#queue, (message) => (message ? this.#take(channel, message, lost.signal) : this.#cancelled(channel)))
    this.#tag = consumerTag
  }

  /** The broker ended the consumer (the queue was deleted, or moved). Closing the channel leads to opening again. */
  #cancelled(channel: Channel): void {
    this.#needs.log.warn({ queue: this.#queue }, 'consumer cancelled by the broker')
    void channel.close().catch(() => undefined)
  }

  /** After a lost connection the link calls us; this is for a channel that died alone. */
  #openAgainSoon(): void {
    if (this.#isClosing || this.#reopen) return
    this.#reopen = setTimeout(() => {
      this.#reopen = undefined
      const model = this.#needs.link.model
      if (model) this.#open(model).catch(() => this.#openAgainSoon())
    }, reopenDelayMs)
  }

  #take(channel: Channel, message: ConsumeMessage, signal: AbortSignal): void {
    const run = this.#handle(channel, message, signal).catch((error) => {
      // Only a channel that closed under us gets here; the broker hands the message out again.
      this.#needs.log.warn({ queue: this.#queue, ...errorFields(error) }, 'delivery not settled')
    })
    this.#running.add(run)
    void run.finally(() => this.#running.delete(run))
  }

  async #handle(channel: Channel, message: ConsumeMessage, signal: AbortSignal): Promise<void> {
    const delivery = this.#delivery(message, signal)
    const outcome: Outcome = delivery ? await judge(this.#handler, delivery) : { is: 'dead', reason: 'the message is not JSON' }
    if (signal.aborted) return
    await this.#settle(channel, message, outcome, signal)
  }

  #delivery(message: ConsumeMessage, signal: AbortSignal): Delivery | undefined {
    let body: unknown
    try {
      body = JSON.parse(message.content.toString('utf8'))
    } catch {
      return undefined
    }
    const own = message.properties.headers ?? {}
    return {
      id: String(message.properties.messageId ?? ''),
      queue: this.#queue,
      routingKey: keyOf(message),
      body,
      deliveryCount: Number(own['x-delivery-count'] ?? 0) + 1,
      signal,
    }
  }

  async #settle(channel: Channel, message: ConsumeMessage, outcome: Outcome, signal: AbortSignal): Promise<void> {
    if (outcome.is === 'ack') return channel.ack(message)
    if (outcome.is === 'failed') {
      this.#needs.log.error({ queue: this.#queue, deliveryId: message.properties.messageId, ...errorFields(outcome.error) }, 'handler failed')
      // reject, not nack: RabbitMQ 4.3 no longer counts a nack towards the delivery limit.
      return channel.reject(message, true)
    }
    // A copy first, then the ack: a crash between the two gives a second copy, never none.
    if (outcome.is === 'later') {
      if (await this.#delay(message, outcome.delayMs, signal)) channel.ack(message)
      return
    }
    const why = { [headers.reason]: shortReason(outcome.reason), [headers.diedAt]: this.#needs.now().toISOString() }
    const copied = await this.#copy(message, '', deadQueue(this.#queue), why)
    // Without a copy of ours the broker dead-letters it by itself; only the reason is lost.
    return copied ? channel.ack(message) : channel.reject(message, false)
  }

  /**
   * Until the copy is confirmed, or the delivery is no longer ours. Never handed back in its place: that comes again at once and
   * counts, so that a message that only had to wait would be a dead letter within a second of a lost publish connection.
   */
  async #delay(message: ConsumeMessage, delayMs: number, signal: AbortSignal): Promise<boolean> {
    const copy = () => this.#copy(message, delayName(delayStep(delayMs)), this.#queue, {})
    if (await copy()) return !signal.aborted
    this.#needs.log.warn({ queue: this.#queue, deliveryId: message.properties.messageId }, 'delay not confirmed; trying again')
    const over = AbortSignal.any([signal, this.#closing.signal])
    while (!over.aborted) {
      await sleep(copyAgainMs, undefined, { signal: over }).catch(() => undefined)
      if (!over.aborted && (await copy())) return !signal.aborted
    }
    return false
  }

  async #copy(message: ConsumeMessage, exchange: string, key: string, extra: Record<string, string>): Promise<boolean> {
    const [outcome] = await this.#needs.publisher.send([{ exchange, key, content: message.content, options: optionsOf(message, extra) }])
    return outcome === 'confirmed'
  }

  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#reopen)
    this.#needs.link.forget(this.#up)
    if (this.#opening) await within(closeTimeoutMs, this.#opening)
    const channel = this.#channel
    // What the broker already sent us beyond the running handlers goes back when the channel closes.
    if (channel) await within(closeTimeoutMs, channel.cancel(this.#tag))
    await Promise.all(this.#running)
    if (channel) await within(closeTimeoutMs, channel.close())
    this.#lost.abort()
  }
}

/** The key it was published with. */
export const keyOf = (message: { fields: { routingKey: string }; properties: { headers?: Record<string, unknown> } }): string =>
  String(message.properties.headers?.[headers.key] ?? message.fields.routingKey)

/** Only our own headers travel on: with RabbitMQ's death headers a second delay would look like a cycle and be dropped. */
export function optionsOf(message: Parameters<typeof keyOf>[0] & { properties: { messageId?: unknown } }, extra: Record<string, string>) {
  return { messageId: String(message.properties.messageId ?? ''), contentType: 'application/json', headers: { [headers.key]: keyOf(message), ...extra } }
}
