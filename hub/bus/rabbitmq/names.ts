import { delayMsMax } from '../bus.ts'
import { deadQueue } from '../topology.ts'

/** Everything the hub publishes goes through this topic exchange; the key is the event type. */
export const eventsExchange = 'hub.events'

/** Headers of ours. The key survives delays and dead letters, where AMQP's own routing key is a queue's name. */
export const headers = { key: 'x-hub-key', reason: 'x-hub-reason', diedAt: 'x-hub-died-at' } as const

/**
 * A time to live belongs to a queue, not to a message: RabbitMQ expires only what has reached the head, so one long delay would
 * hold every shorter one behind it. Hence one queue per step; a delay takes the next step up. All are made at the start: RabbitMQ
 * 3.10 loses a quorum queue, and what it confirmed into it, when it is killed within about a second of its making [measured].
 */
export const delayStepsMs = [100, 250, 500, 1_000, 2_500, 5_000, 15_000, 30_000, delayMsMax] as const
export const delayStep = (delayMs: number): number => delayStepsMs.find((step) => step >= delayMs) ?? delayMsMax
export const delayName = (stepMs: number): string => `hub.delay.${stepMs}`

/** A quorum queue is bounded, so that a flow that nobody consumes fills its own queue and not the broker. */
const queueLengthMax = 200_000
/** Version 4 limits deliveries to 20 where nothing is said, and 3.10 knows no "unlimited". Listing dead letters counts as delivery. */
const uncounted = 1_000_000

const quorum = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' } as const

/** Dead-lettering at least once needs all three: the strategy, reject-publish, and a durable target. Otherwise it silently loses. */
const deadLetterTo = (exchange: string, key?: string) => ({
  'x-dead-letter-exchange': exchange,
  ...(key === undefined ? {} : { 'x-dead-letter-routing-key': key }),
  'x-dead-letter-strategy': 'at-least-once',
})

/** RabbitMQ's limit counts the deliveries after the first. */
export const workQueueArguments = (queue: string, deliveriesMax: number) => ({
  ...quorum,
  'x-delivery-limit': deliveriesMax - 1,
  'x-max-length': queueLengthMax,
  ...deadLetterTo('', deadQueue(queue)),
})
export const deadQueueArguments = { ...quorum, 'x-delivery-limit': uncounted } as const
/** When it expires, the message's own routing key (a queue's name) leads through the default exchange back to that queue. */
export const delayQueueArguments = (stepMs: number) => ({ ...quorum, 'x-message-ttl': stepMs, 'x-delivery-limit': uncounted, ...deadLetterTo('') })
