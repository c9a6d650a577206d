import type { Channel, ChannelModel } from 'amqplib'
import {
  type Bus,
  type BusMessage,
  type BusOptions,
  confirmTimeoutMsDefault,
  type DeadLetter,
  type Handler,
  messageBytesMax,
  type PublishOutcome,
  type QueueDepth,
  type QueueSpec,
  type Subscription,
} from '../bus.ts'
import { correctedContent } from '../delivery.ts'
import { deadQueue } from '../topology.ts'
import { Consumer } from './consumer.ts'
import { listDead, requeueDead } from './dead-letters.ts'
import { brokerUrls, closeTimeoutMs, Link, within } from './link.ts'
import { deadQueueArguments, delayName, delayQueueArguments, delayStepsMs, eventsExchange, headers, workQueueArguments } from './names.ts'
import { type Outgoing, Publisher } from './publisher.ts'

/**
 * RabbitMQ 3.10 to 4.x. Two connections: a broker short of memory stops reading from publishers, and consumers must still be able
 * to ack then. `amqpUrl`: one address, or those of a cluster's nodes with commas between them.
 */
export async function openRabbitMq(amqpUrl: string, options: BusOptions): Promise<Bus> {
  const publishing = new Link(`${options.process} publish`, options.log)
  const consuming = new Link(`${options.process} consume`, options.log)
  const bus = new RabbitMqBus(publishing, consuming, options)
  try {
    const urls = brokerUrls(amqpUrl)
    await publishing.open(urls)
    await consuming.open(urls)
    await bus.start()
    return bus
  } catch (error) {
    await bus.close()
    throw error
  }
}

class RabbitMqBus implements Bus {
  readonly driver = 'rabbitmq'
  readonly #publishing: Link
  readonly #consuming: Link
  readonly #options: BusOptions
  readonly #publisher: Publisher
  readonly #declared = new Map<string, QueueSpec>()
  readonly #subscriptions = new Set<Subscription>()

  constructor(publishing: Link, consuming: Link, options: BusOptions) {
    this.#publishing = publishing
    this.#consuming = consuming
    this.#options = options
    // First in line at a reconnect: a broker that came back empty gets its queues before anyone consumes.
    consuming.whenUp((model) => this.#makeAll(model))
    this.#publisher = new Publisher(publishing, options.confirmTimeoutMs ?? confirmTimeoutMsDefault, options.log)
  }

  async start(): Promise<void> {
    await this.#makeAll(this.#up())
  }

  #up(): ChannelModel {
    const model = this.#consuming.model
    if (!model) throw new Error('the message broker is not connected')
    return model
  }

  async #makeAll(model: ChannelModel): Promise<void> {
    await onChannel(model, async (channel) => {
      await channel.assertExchange(eventsExchange, 'topic', { durable: true })
      for (const stepMs of delayStepsMs) await makeDelay(channel, stepMs)
      for (const spec of this.#declared.values()) await makeQueue(channel, spec)
    })
  }

  async declare(queues: readonly QueueSpec[]): Promise<void> {
    await onChannel(this.#up(), async (channel) => {
      for (const spec of queues) await makeQueue(channel, spec)
    })
    for (const spec of queues) this.#declared.set(spec.name, spec)
  }

  async publish(messages: readonly BusMessage[]): Promise<PublishOutcome[]> {
    const outgoing = messages.map(toOutgoing)
    const sent = await this.#publisher.send(outgoing.filter((message) => message !== undefined))
    let next = 0
    return outgoing.map((message) => (message ? (sent[next++] ?? 'unknown') : 'refused'))
  }

  async consume(queue: string, { prefetch }: { prefetch: number }, handler: Handler): Promise<Subscription> {
    if (!this.#declared.has(queue)) throw new Error(`${queue} was not declared`)
    const consumer = new Consumer(queue, prefetch, handler, {
      link: this.#consuming,
      publisher: this.#publisher,
      log: this.#options.log,
      now: () => this.#options.clock.now(),
    })
    const subscription: Subscription = {
      close: async () => {
        this.#subscriptions.delete(subscription)
        await consumer.close()
      },
    }
    this.#subscriptions.add(subscription)
    try {
      await consumer.start()
    } catch (error) {
      await subscription.close()
      throw error
    }
    return subscription
  }

  async deadLetters(queue: string, limit: number, wanted: (letter: DeadLetter) => boolean = () => true): Promise<DeadLetter[]> {
    return listDead(this.#up(), { queue, limit, deliveriesMax: this.#declared.get(queue)?.deliveriesMax, wanted })
  }

  async requeue(queue: string, id: string, corrected?: object): Promise<boolean> {
    return requeueDead(this.#up(), this.#publisher, { queue, id, content: corrected && correctedContent(corrected) })
  }

  async depths(): Promise<QueueDepth[]> {
    return onChannel(this.#up(), async (channel) => {
      const depths: QueueDepth[] = []
      for (const queue of this.#declared.keys()) {
        const ready = (await channel.checkQueue(queue)).messageCount
        depths.push({ queue, ready, dead: (await channel.checkQueue(deadQueue(queue))).messageCount })
      }
      return depths
    })
  }

  async healthy(): Promise<boolean> {
    const model = this.#consuming.model
    if (!model || !this.#publishing.model) return false
    return onChannel(model, async (channel) => {
      await channel.checkExchange(eventsExchange)
      return true
    }).catch(() => false)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()))
    await this.#publisher.close()
    await Promise.all([this.#publishing.close(), this.#consuming.close()])
  }
}

function toOutgoing(message: BusMessage): Outgoing | undefined {
  const content = Buffer.from(JSON.stringify(message.body), 'utf8')
  if (content.byteLength > messageBytesMax) return undefined
  const options = { messageId: message.id, contentType: 'application/json', headers: { [headers.key]: message.routingKey } }
  return { exchange: eventsExchange, key: message.routingKey, content, options }
}

async function makeQueue(channel: Channel, spec: QueueSpec): Promise<void> {
  if (spec.deliveriesMax < 1) throw new Error(`${spec.name}: deliveriesMax must be at least 1`)
  await channel.assertQueue(deadQueue(spec.name), { durable: true, arguments: deadQueueArguments })
  await channel.assertQueue(spec.name, { durable: true, arguments: workQueueArguments(spec.name, spec.deliveriesMax) })
  for (const key of spec.bindings) await channel.bindQueue(spec.name, eventsExchange, key)
}

async function makeDelay(channel: Channel, stepMs: number): Promise<void> {
  const name = delayName(stepMs)
  await channel.assertExchange(name, 'fanout', { durable: true })
  await channel.assertQueue(name, { durable: true, arguments: delayQueueArguments(stepMs) })
  await channel.bindQueue(name, name, '')
}

/** A channel for a few commands. Its own, because a refused command closes the channel it was sent on. */
async function onChannel<T>(model: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await model.createChannel()
  // The error is also the rejection of the command that caused it.
  channel.on('error', () => undefined)
  try {
    return await use(channel)
  } finally {
    await within(closeTimeoutMs, channel.close())
  }
}
