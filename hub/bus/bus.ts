import { type Clock, limits } from '@heliox/core/kit'

/**
 * The bus, said once for both drivers. It promises at-least-once and no order: a handler must bear seeing a message
 * twice. It carries ids, codes and amounts, never PHI. Longer delays than `delayMsMax` are rows with `available_at`, not messages.
 */

/** A queue and the exact routing keys it takes. Declared by every process that needs it; declaring again is harmless. */
export interface QueueSpec {
  /** `flow.eligibility`, `reporting`. */
  readonly name: string
  readonly bindings: readonly string[]
  /** A message is handed out at most this often before it becomes a dead letter. The same number on both drivers. */
  readonly deliveriesMax: number
}

export interface BusMessage {
  /** The outbox row's id. Not the envelope's: a redelivery is a new row with the same envelope. */
  readonly id: string
  readonly routingKey: string
  /** JSON: an `Envelope`. */
  readonly body: unknown
}

/**
 * `confirmed`: every bound queue has it durably. `unknown`: no confirm in time, it may or may not be there: publish it again.
 * `refused`: it is certainly not (completely) there: no queue takes the key, the queue is full, or the message is too large.
 */
export type PublishOutcome = 'confirmed' | 'unknown' | 'refused'

export interface Delivery {
  readonly id: string
  readonly queue: string
  /** The key it was published with; kept through delays, dead letters and requeues. */
  readonly routingKey: string
  /** Parsed JSON, not validated. What is not JSON never reaches a handler: it is a dead letter at once. */
  readonly body: unknown
  /** 1 at the first hand-out. A crash, a lost connection and a throw count; `later` starts again at 1. */
  readonly deliveryCount: number
  /** Aborted when the delivery is no longer ours (connection lost, heartbeat missed): the verdict will be ignored. */
  readonly signal: AbortSignal
}

export type Verdict =
  | { readonly is: 'ack' }
  /** Not now: comes back after `delayMs` at the earliest (at most `delayMsMax`, longer is cut), to any consumer of the queue. */
  | { readonly is: 'later'; readonly delayMs: number }
  /** `reason` is safe for staff: no patient data. */
  | { readonly is: 'dead'; readonly reason: string }

/** A throw is a bug: the message is handed out again until `deliveriesMax`, then becomes a dead letter. */
export type Handler = (delivery: Delivery) => Promise<Verdict>

export interface Subscription {
  /** Takes no more, waits for handlers that run, settles what they answer. */
  close(): Promise<void>
}

export interface DeadLetter {
  readonly id: string
  readonly queue: string
  readonly routingKey: string
  readonly body: unknown
  readonly reason: string
  /** ISO time, from the broker's or the database's clock. */
  readonly diedAt: string | null
}

export interface QueueDepth {
  readonly queue: string
  /** Waiting for a consumer. */
  readonly ready: number
  readonly dead: number
}

export interface Bus {
  readonly driver: 'postgres' | 'rabbitmq'
  /** All or error. Bindings are only ever added. Safe in many processes at once. */
  declare(queues: readonly QueueSpec[]): Promise<void>
  /** One outcome per message, in order. Never throws for a broker's fault and never hangs: `confirmTimeoutMs` ends it. */
  publish(messages: readonly BusMessage[]): Promise<PublishOutcome[]>
  /** `prefetch`: handlers in flight. The queue must have been declared on this bus. */
  consume(queue: string, options: { prefetch: number }, handler: Handler): Promise<Subscription>
  /** The first `limit` that are wanted; at most `deadLettersSeenMax` are looked through for them. */
  deadLetters(queue: string, limit: number, wanted?: (letter: DeadLetter) => boolean): Promise<DeadLetter[]>
  /**
   * Back to its queue with a fresh count, with this body in place of its own if there is one; id and routing key stay. What may be
   * corrected is for the caller to say. False when there is no such dead letter; throws when nobody can say that it went back.
   */
  requeue(queue: string, id: string, corrected?: object): Promise<boolean>
  /** Of the queues declared on this bus. */
  depths(): Promise<QueueDepth[]>
  /** Whether the broker answers now (health page). */
  healthy(): Promise<boolean>
  /** Closes subscriptions as their `close` does, then connections. */
  close(): Promise<void>
}

/** What a driver logs with; pino's logger fits. */
export interface BusLog {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export interface BusOptions {
  /** `engine-1`: how the connection is named at the broker. */
  process: string
  log: BusLog
  clock: Clock
  confirmTimeoutMs?: number
}

/** An event's payload may have `limits.eventBytesMax`; the rest is for the envelope around it. */
export const messageBytesMax = limits.eventBytesMax + 4 * 1024
export const delayMsMax = 60_000
export const deadLettersSeenMax = 10_000
export const confirmTimeoutMsDefault = 10_000
