import { z } from 'zod'
import type { Contract, ValueOf } from './contract.ts'
import type { EventType } from './event.ts'
import type { FaultKind } from './fault.ts'
import type { AnswerSigns } from './signs.ts'

/** "No" is an answer; a fault is thrown (`PartnerFault`). */
/** `signs`: what was seen of it, where its contract has no room for that; else `signsOf` tells them. */
export type Answer<O, R> = ({ is: 'ok'; value: O } | { is: 'rejected'; value: R }) & { signs?: AnswerSigns | undefined }

/**
 * Thrown by `call`: the partner answered, and only a person can say which of it is meant. The delivery waits with these options, sealed.
 * Nothing failed, and nothing follows from it until somebody chose.
 */
export class MustChoose extends Error {
  readonly options: unknown
  /** `options`: as `Operation.choice.options` says. */
  constructor(options: unknown) {
    super('a person must choose')
    this.name = 'MustChoose'
    this.options = options
  }
}
export interface ChoiceSpec<O> {
  /** What the person chooses from. May hold PHI: it is opened with a purpose, and audited. */
  readonly options: Contract
  /** For staff: what is to be chosen. No patient's data. */
  readonly staffText: string
  /** The answer that follows when option `which` is chosen (from 0; null: none of them). Undefined: there is no such option. Pure. */
  pick(options: unknown, which: number | null): O | undefined
}

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
  /** Where this partner may call us for this clinic; undefined: it may not. What follows it as a query comes back in `WebhookCall.url`. */
  hookUrl?: string | undefined
  /** Aborts at the operation's `timeoutMs`. */
  signal: AbortSignal
  log: Log
  /** The hub's clock. */
  now(): Date
  /** Real patients: what is for development only refuses (never fail open). */
  production: boolean
  /** Bytes of the region's buckets; the scanner is the only adapter that moves file bytes. */
  objects: ObjectStore
  numbers: ControlNumbers
  locks: Locks
}

/** One at a time, over all engines: for partners whose own "only if it is not there" races. */
export interface Locks {
  /**
   * Runs `work` while nobody else of this tenant and partner does under this key, or under one of these. Waits for at most the time that the call has left, then
   * throws a `PartnerFault` that says that nothing was sent. No lock for ever: it ends with the engine that holds it.
   * Several are taken together: asking for one inside of another could wait for ever. `key` stands in the database for that time: an id of ours or a keyed hash, never a patient's data.
   */
  serially<T>(key: string | readonly string[], work: () => Promise<T>): Promise<T>
  /** A hash with the tenant's key, for keys that are made of what a patient told us. */
  keyOf(parts: readonly string[]): Promise<string>
}

/**
 * Gap-safe counters, one per partner and direction. The same key has the same number and moment for ever, so that whoever sends
 * again sends the same bytes; a new key takes the next number. None is used twice, and none is skipped: a partner may count.
 */
export interface ControlNumbers {
  /** `sequence`: whose counter, for example sender and receiver of an interchange. 1 to 999,999,999, in order of asking. */
  take(sequence: string, key: string): Promise<{ number: number; takenAt: Date }>
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
  /** How long it stays open at first; each failed probe doubles it, up to sixteen times as long. */
  resetTimeoutMs: number
  /** So many plausible successes in a row close it again; one may be luck, or a lie. Default 3. */
  plausibleToClose?: number
  /**
   * One refused key opens it: whatever follows would be refused too, and some partners lock the account. What is to go there waits for the key, as behind
   * any open breaker, in place of becoming an item of its own. Only where nothing was done when a key is refused.
   */
  opensOnRefusedKey?: boolean
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
  /** Its name in flows and ledger, where two majors of one operation stand side by side. Default: its key in `operations`. */
  readonly name?: string
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
  /** Required where `call` may throw `MustChoose`. Only for `safe` operations: choosing must not hide what was done. */
  readonly choice?: ChoiceSpec<ValueOf<O>>
  /**
   * What is answered in place of holding, once tries have run out or the breaker is open: the "no" of a door that has another one
   * beside it. Undefined: a person decides, as usual. Pure. Only for `safe` operations: elsewhere an unknown outcome would be hidden.
   */
  instead?(input: ValueOf<I>, kind: FaultKind): Answer<ValueOf<O>, ValueOf<R>> | undefined
  /** Behind the partner, who is asked: its own breaker, its own incident, its own hours. Undefined: nobody in particular. Pure. */
  payerOf?(input: ValueOf<I>): string | undefined
  /** What can be seen of an answer, for the rules of plausibility. Undefined: there is nothing to judge. Pure. */
  signsOf?(input: ValueOf<I>, answer: Answer<ValueOf<O>, ValueOf<R>>): AnswerSigns | undefined
  /** What became of an earlier send whose outcome is unknown. Required for `never`, and for `keyed` past its memory. */
  reconcile?(input: ValueOf<I>, ctx: CallContext<C, S>): Promise<Answer<ValueOf<O>, ValueOf<R>> | 'not-found' | 'cannot-tell'>
}

/** A file that a partner left for us, whole. */
export interface ReceivedFile {
  /** The partner's name for it; may hold anything, so it is never logged. */
  name: string
  bytes: Buffer
  /** How far it goes in the partner's own order of changes, as `collect` wants to hear it next time. Open text: no patient's data. */
  cursor?: string | undefined
}
/** The newest file that we have of a door. */
export interface LastKept {
  keptAt: Date
  /** Of that file; null: it said none. */
  cursor: string | null
}

/** A call of the partner, as it came. */
export interface WebhookCall {
  /** The address that was called, as the partner knows it: on the hub's public name, whatever proxies stand before it. With its query. */
  url: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** The raw bytes: signatures are over these, never over what was parsed and written again. */
  body: Buffer
}
/** The secrets that prove a call of the partner's, by their names. */
export const isHookSecret = (name: string): boolean => name.startsWith('webhook')
export interface WebhookSpec<S> {
  readonly bodyBytesMax: number
  /**
   * Whether it comes from the partner, and not again from somebody who listened (`too-old`). Pure. Of the secrets there are those alone
   * whose names begin with `webhook`: the process that takes the call never opens the others.
   */
  verify(call: WebhookCall, secrets: Pick<S, Extract<keyof S, `webhook${string}`>>, now: Date): 'genuine' | 'not-genuine' | 'too-old'
  /** What is kept of a genuine call; default: its body. The same call gives the same bytes, so that one that comes twice is known. */
  keeps?(call: WebhookCall): Buffer
  /** What the partner is told once it is kept; default: a word in JSON. */
  readonly reply?: { readonly contentType: string; readonly body: string }
}
/** What a reader of kept files may ask the hub for. */
export interface ReadTools {
  /** As `Locks.keyOf`: a hash with the tenant's key, where a value itself may not travel. */
  keyOf(parts: readonly string[]): Promise<string>
}

/**
 * What comes in without being asked for: the hub looks every `everyMs`, keeps each file durably (sealed, with its hash) before the
 * adapter may take it away at the partner, then reads it item by item; each item is an event. Killed anywhere, it goes on from there.
 */
export interface Receiver<C, S, Item extends Contract = Contract> {
  readonly summary: string
  readonly version: number
  /** The event that carries one item. Codes, amounts and ids of our own: no PHI. */
  readonly event: EventType
  readonly item: Item
  readonly everyMs: number
  /** One look takes at most this long; what is left is taken by the next. */
  readonly timeoutMs: number
  readonly fileBytesMax: number
  /** Whether this connection has such a door at all. */
  enabled(config: C): boolean
  /**
   * Offers every file that is whole to `keep`, and takes it away at the partner only after `keep` said that it is safe. `known`: the
   * same bytes were kept before. `last`: the newest one that we have of this door; null: none yet. Throws `PartnerFault`.
   */
  collect(ctx: CallContext<C, S>, keep: (file: ReceivedFile) => Promise<'kept' | 'known'>, last: LastKept | null): Promise<void>
  /** Where the partner calls us: each genuine call is a file, kept before it is answered. Nothing is collected then, and no secret opened to read it. */
  readonly webhook?: WebhookSpec<S>
  /** Deterministic: the same bytes give the same items in the same order. What cannot be read is an item that says so; it does not throw. */
  read(bytes: AsyncIterable<Uint8Array>, config: C, tools: ReadTools): AsyncIterable<ValueOf<Item>>
}

export interface Health {
  ok: boolean
  /** Safe for staff. */
  text: string
}

/** A JWK without its private half. */
export type PublicKey = Readonly<Record<string, string>>

export interface Adapter {
  readonly id: string
  readonly title: string
  readonly config: z.ZodObject
  readonly secrets: z.ZodObject
  health(ctx: CallContext<never, never>): Promise<Health>
  readonly operations: Readonly<Record<string, Operation<never, never>>>
  readonly receive: Readonly<Record<string, Receiver<never, never>>>
  /** Public halves of keys among the secrets, which the partner fetches from us to check our signatures. Pure. */
  publicKeys?(secrets: never): readonly PublicKey[]
}

type ReceiverBuilder<C, S> = <Item extends Contract>(spec: Receiver<C, S, Item>) => Receiver<C, S, Item>
type OperationBuilder<C, S> = <I extends Contract, O extends Contract, R extends Contract>(spec: Operation<C, S, I, O, R>) => Operation<C, S, I, O, R>

/**
 * THE definition of a partner. From it come nodes, editor forms, credential form, contract suite, runbook, redaction
 * list and the contracts on the wires. Throws at load when a shape is not JSON or a replay kind lacks what it needs.
 */
export function defineAdapter<const Id extends string, C extends z.ZodObject, S extends z.ZodObject, Ops, In = Record<never, never>>(spec: {
  id: Id
  title: string
  config: C
  secrets: S
  health(ctx: CallContext<z.output<C>, z.output<S>>): Promise<Health>
  operations(op: OperationBuilder<z.output<C>, z.output<S>>): Ops
  receive?(receiver: ReceiverBuilder<z.output<C>, z.output<S>>): In
  publicKeys?(secrets: z.output<S>): readonly PublicKey[]
}): Adapter & { readonly id: Id; readonly config: C; readonly secrets: S; readonly operations: Ops; readonly receive: In } {
  const operations = spec.operations((operation) => operation)
  const receive = spec.receive?.((receiver) => receiver) ?? {}
  for (const [name, receiver] of Object.entries(receive as Record<string, Receiver<never, never>>)) {
    z.toJSONSchema(receiver.item.schema)
    if (receiver.webhook && !Object.keys(spec.secrets.shape).some(isHookSecret))
      throw new Error(`${spec.id}.${name}: a webhook needs a secret whose name begins with 'webhook'`)
    if (receiver.item.phi) throw new Error(`${spec.id}.${name}: an item travels on the bus, so its contract may hold no PHI`)
  }
  for (const shape of [spec.config, spec.secrets]) z.toJSONSchema(shape)
  for (const [name, op] of Object.entries(operations as Record<string, Operation<never, never>>)) {
    for (const contract of [op.input, op.output, op.rejection]) z.toJSONSchema(contract.schema)
    if (op.replay === 'never' && !op.reconcile) throw new Error(`${spec.id}.${name}: replay 'never' needs reconcile`)
    if (op.replay === 'keyed' && op.keyedForMs === undefined) throw new Error(`${spec.id}.${name}: replay 'keyed' needs keyedForMs`)
    if (op.replay === 'keyed' && !op.reconcile) throw new Error(`${spec.id}.${name}: replay 'keyed' needs reconcile for when the partner has forgotten`)
    if (op.reconcile && op.settleMs === undefined) throw new Error(`${spec.id}.${name}: reconcile needs settleMs`)
    if (op.choice && op.replay !== 'safe') throw new Error(`${spec.id}.${name}: only a 'safe' operation may let a person choose`)
    if (op.choice) z.toJSONSchema(op.choice.options.schema)
    if (op.instead && op.replay !== 'safe') throw new Error(`${spec.id}.${name}: only a 'safe' operation may answer something in place of a fault`)
    if (op.settleMs !== undefined && op.settleMs <= op.breaker.timeoutMs) throw new Error(`${spec.id}.${name}: settleMs must be longer than timeoutMs`)
  }
  const types = namedOperations(spec.id, operations as Adapter['operations']).map((named) => named.type)
  const twice = types.find((type, index) => types.indexOf(type) !== index)
  if (twice !== undefined) throw new Error(`${twice} is there twice`)
  // The erased `Adapter` view is for code that handles any adapter; the intersection keeps the exact types for its own tests.
  return { ...spec, operations, receive } as never
}

/** An operation with the names by which the rest of the hub knows it. */
export interface NamedOperation {
  /** In the adapter's definition. */
  readonly key: string
  /** In the node type, the same for all its majors. */
  readonly name: string
  /** The node type: `clearinghouse.checkEligibility.v2`. */
  readonly type: string
  /** In ledger rows, override items and breaker keys: the bare name for v1, as rows written before there was a second major say it. */
  readonly label: string
  readonly operation: Operation<never, never>
}
/** Every operation of a partner; nobody reads the keys of `operations` as names. */
export const operationsOf = (adapter: Pick<Adapter, 'id' | 'operations'>): readonly NamedOperation[] => namedOperations(adapter.id, adapter.operations)

const namedOperations = (adapterId: string, operations: Adapter['operations']): readonly NamedOperation[] =>
  Object.entries(operations).map(([key, operation]) => {
    const { name = key, version } = operation
    return { key, name, type: operationType(adapterId, name, version), label: version === 1 ? name : `${name}.v${version}`, operation }
  })

/** `clearinghouse.checkEligibility.v1` */
const operationType = (adapterId: string, name: string, version: number): string => `${adapterId}.${name}.v${version}`
