import { z } from 'zod'
import type { Contract, ValueOf } from './contract.ts'

/** "No" is an answer; a fault is thrown (`PartnerFault`). */
export type Answer<O, R> = { is: 'ok'; value: O } | { is: 'rejected'; value: R }

/** `safe`: a read, or idempotent by nature. `keyed`: the partner honours our key for `keyedForMs`. `never`: must not be sent twice. */
export type Replay = 'safe' | 'keyed' | 'never'

/** Answers that a person may give in the partner's place: both, only a no, none. */
export type ByHand = 'any' | 'rejected' | 'never'

/** Structured log without patient data. */
export interface Log {
  info(fields: Record<string, unknown>, text: string): void
  warn(fields: Record<string, unknown>, text: string): void
  error(fields: Record<string, unknown>, text: string): void
}

export interface CallContext<C, S> {
  config: C
  secrets: S
  /** Stable for one effect key and generation; a partner that honours keys gets this one. */
  idempotencyKey: string
  /** Aborts at the operation's `timeoutMs`. */
  signal: AbortSignal
  log: Log
  /** The hub's clock. */
  now(): Date
  /** Real patients: what is for development only refuses (never fail open). */
  production: boolean
  /** Bytes of the region's buckets; the scanner is the only adapter that moves file bytes. */
  objects: ObjectStore
}

/** Thrown by `ObjectStore.get`: for the scanner it is an answer ("too large"), so it must be told from an outage. */
export class ObjectTooLarge extends Error {
  constructor(bytesMax: number) {
    super(`the object is larger than ${bytesMax} bytes`)
    this.name = 'ObjectTooLarge'
  }
}

export interface ObjectStore {
  /** Throws `ObjectTooLarge` when the object is larger than `bytesMax`; undefined when it is not there. */
  get(bucket: 'quarantine' | 'clean', key: string, bytesMax: number): Promise<Buffer | undefined>
  put(bucket: 'quarantine' | 'clean', key: string, body: Buffer, contentType: string): Promise<void>
  remove(bucket: 'quarantine' | 'clean', key: string): Promise<void>
}

export interface BreakerNumbers {
  timeoutMs: number
  errorThresholdPercent: number
  volumeThreshold: number
  resetTimeoutMs: number
  /** In flight per (tenant, partner); over it the delivery is handed back delayed. */
  inFlightMax: number
}
export interface RetryNumbers {
  /** Attempts in all, the first one included. */
  attemptsMax: number
  firstDelayMs: number
  delayMsMax: number
}

export interface Operation<C, S, I extends Contract = Contract, O extends Contract = Contract, R extends Contract = Contract> {
  readonly summary: string
  /** Major version; part of the node type (`clearinghouse.checkEligibility.v1`). */
  readonly version: number
  readonly input: I
  readonly output: O
  readonly rejection: R
  readonly replay: Replay
  readonly keyedForMs?: number
  /**
   * How long after a send the partner may still be working on it: until then a `not-found` of `reconcile` only means "not yet".
   * Required with `reconcile`; longer than `timeoutMs`, after which we have stopped listening and the partner may not have stopped.
   */
  readonly settleMs?: number
  /** What a person may answer in the partner's place. `rejected` or `never` where a yes by hand would vouch for what nobody looked at. Default `any`. */
  readonly byHand?: ByHand
  /** False where the input is ours alone (keys of a photo): there is nothing in it that a person could put right. Default true. */
  readonly correctable?: boolean
  readonly breaker: BreakerNumbers
  readonly retry: RetryNumbers
  call(input: ValueOf<I>, ctx: CallContext<C, S>): Promise<Answer<ValueOf<O>, ValueOf<R>>>
  /** What became of an earlier send whose outcome is unknown. Required for `never`, and for `keyed` past its memory. */
  reconcile?(input: ValueOf<I>, ctx: CallContext<C, S>): Promise<Answer<ValueOf<O>, ValueOf<R>> | 'not-found' | 'cannot-tell'>
}

export interface Health {
  ok: boolean
  /** Safe for staff. */
  text: string
}

export interface Adapter {
  readonly id: string
  readonly title: string
  readonly config: z.ZodObject
  readonly secrets: z.ZodObject
  health(ctx: CallContext<never, never>): Promise<Health>
  readonly operations: Readonly<Record<string, Operation<never, never>>>
}

type OperationBuilder<C, S> = <I extends Contract, O extends Contract, R extends Contract>(spec: Operation<C, S, I, O, R>) => Operation<C, S, I, O, R>

/**
 * THE definition of a partner. From it come nodes, editor forms, credential form, contract suite, runbook, redaction
 * list and the contracts on the wires. Throws at load when a shape is not JSON or a replay kind lacks what it needs.
 */
export function defineAdapter<const Id extends string, C extends z.ZodObject, S extends z.ZodObject, Ops>(spec: {
  id: Id
  title: string
  config: C
  secrets: S
  health(ctx: CallContext<z.output<C>, z.output<S>>): Promise<Health>
  operations(op: OperationBuilder<z.output<C>, z.output<S>>): Ops
}): Adapter & { readonly id: Id; readonly config: C; readonly secrets: S; readonly operations: Ops } {
  const operations = spec.operations((operation) => operation)
  for (const shape of [spec.config, spec.secrets]) z.toJSONSchema(shape)
  for (const [name, op] of Object.entries(operations as Record<string, Operation<never, never>>)) {
    for (const contract of [op.input, op.output, op.rejection]) z.toJSONSchema(contract.schema)
    if (op.replay === 'never' && !op.reconcile) throw new Error(`${spec.id}.${name}: replay 'never' needs reconcile`)
    if (op.replay === 'keyed' && op.keyedForMs === undefined) throw new Error(`${spec.id}.${name}: replay 'keyed' needs keyedForMs`)
    if (op.replay === 'keyed' && !op.reconcile) throw new Error(`${spec.id}.${name}: replay 'keyed' needs reconcile for when the partner has forgotten`)
    if (op.reconcile && op.settleMs === undefined) throw new Error(`${spec.id}.${name}: reconcile needs settleMs`)
    if (op.settleMs !== undefined && op.settleMs <= op.breaker.timeoutMs) throw new Error(`${spec.id}.${name}: settleMs must be longer than timeoutMs`)
  }
  // The erased `Adapter` view is for code that handles any adapter; the intersection keeps the exact types for its own tests.
  return { ...spec, operations } as never
}

/** `clearinghouse.checkEligibility.v1` */
export const operationType = (adapterId: string, name: string, version: number): string => `${adapterId}.${name}.v${version}`
