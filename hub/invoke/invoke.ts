import {
  type Adapter,
  type Answer,
  type CallContext,
  type Clock,
  canonicalJson,
  type Envelope,
  faultPolicy,
  type Log,
  limits,
  type ObjectStore,
  type Operation,
  operationType,
  PartnerFault,
  type Stop,
  sha256Hex,
} from '@heliox/core/kit'
import type { HoldCause } from '@heliox/core/messaging'
import type { ConnectionStore, EffectLedger, Invoke, Invoked, LedgerEnd, LedgerStart, StepRef } from '@heliox/core/ports'
import type { Breakers, InFlight, Outcome } from '../breaker/index.ts'
import { errorFields } from '../log/index.ts'
import { afterFault, outcomeOf } from './after-fault.ts'
import { holdFor } from './hold-texts.ts'
import { callWithin } from './one-call.ts'
import { issuesOf, StepFailure } from './step-failure.ts'

export interface InvokeDeps {
  adapters: readonly Adapter[]
  ledger: EffectLedger
  connections: ConnectionStore
  objects: ObjectStore
  breakers: Breakers
  inFlight: InFlight
  log: Log
  clock: Clock
  stop: Stop
  production: boolean
  /** Name of this process: the owner of a lease. */
  process: string
  /** 0 to 1; spreads retries. */
  random(): number
}

type AnyOperation = Operation<unknown, unknown>
interface Target {
  adapter: Adapter
  name: string
  op: AnyOperation
}
type Go = Extract<LedgerStart, { is: 'go' }>
type Reconciled = Answer<unknown, unknown> | 'not-found' | 'cannot-tell'

/** The bus delays by up to a minute; a longer wait is taken in pieces. */
const handBackMsMax = 60_000

/**
 * The one path to a partner: parse -> ledger -> breaker -> call -> parse -> fault policy -> ledger.
 *
 * The promise: one effect per ledger key and generation, whatever is redelivered. What is sent are the bytes that the ledger
 * stored with the first attempt. Between `ledger-start` and `ledger-end` a crash leaves a lease that expires; what happened
 * then is UNKNOWN, and the next delivery asks the partner (`reconcile`) or sends again only where that does no harm.
 */
export function makeInvoke(deps: InvokeDeps): Invoke {
  const targets = new Map<string, Target>()
  for (const adapter of deps.adapters) {
    for (const [name, op] of Object.entries(adapter.operations)) {
      // Config, secrets and input are parsed by the shapes of this very definition before they reach it.
      targets.set(operationType(adapter.id, name, op.version), { adapter, name, op: op as AnyOperation })
    }
  }

  return async (type, input, at) => {
    const target = targets.get(type)
    if (!target) throw new StepFailure('bug', `This engine has no operation ${type}.`)
    const parsed = target.op.input.schema.safeParse(input)
    if (!parsed.success) throw new StepFailure('contract', `What the flow handed to ${type} is not ${target.op.input.id} (${issuesOf(parsed.error)}).`)

    const leave = deps.inFlight.enter(`${at.ref.tenantId}/${target.adapter.id}`, target.op.breaker.inFlightMax)
    if (!leave) return { is: 'later', delayMs: limits.handBackMs }
    try {
      return await once(deps, target, canonicalJson(parsed.data), at)
    } finally {
      leave()
    }
  }
}

async function once(deps: InvokeDeps, target: Target, input: string, at: { ref: StepRef; envelope: Envelope }): Promise<Invoked> {
  const { adapter, name, op } = target
  const { ref } = at
  // Before the lease: a database that fails here must not leave a lease behind.
  const connection = await deps.connections.connection(ref.tenantId, adapter.id)
  const start = await deps.ledger.start(ref, { partner: adapter.id, operation: name }, input, {
    owner: deps.process,
    // A reconcile may be followed by a call, each with its own limit.
    leaseMs: op.breaker.timeoutMs * (op.reconcile ? 2 : 1) + limits.leaseMarginMs,
    replay: op.replay,
    keyedForMs: op.keyedForMs ?? null,
    now: deps.clock.now(),
  })
  if (start.is === 'held') return { is: 'held' }
  if (start.is === 'busy') return { is: 'later', delayMs: Math.min(Math.max(start.retryAfterMs, limits.handBackMs), handBackMsMax) }
  if (start.is === 'done') return fromLedger(target, start)

  await deps.stop('ledger-start', ref.flow)
  const end = await attempt(deps, target, start, connection, at)
  const recorded = await deps.ledger.end(ref, start.effectId, start.fencing, end, deps.clock.now())
  // The lease was lost meanwhile: whoever holds it now decides, and the redelivery reads the ledger.
  if (recorded === 'late') {
    deps.log.warn(about(target, ref, start.attempt), 'the lease was lost before the answer could be recorded')
    return { is: 'later', delayMs: limits.handBackMs }
  }
  await deps.stop('ledger-end', ref.flow)
  if (end.is === 'answered') return { is: 'answered', port: end.port, value: end.value, manual: false }
  return end.is === 'held' ? { is: 'held' } : { is: 'retrying' }
}

/** The answer is there already, from an earlier delivery or by hand; by hand it may be anything, so it is parsed again. */
function fromLedger({ op }: Target, done: Extract<LedgerStart, { is: 'done' }>): Invoked {
  const contract = done.port === 'ok' ? op.output : op.rejection
  const parsed = contract.schema.safeParse(done.value)
  if (!parsed.success) throw new StepFailure('contract', `The answer in the ledger is not ${contract.id} (${issuesOf(parsed.error)}).`)
  return { is: 'answered', port: done.port, value: parsed.data, manual: done.manual }
}

/** One attempt under a lease, to the sentence that ends it. Never throws for what a partner, an adapter or a person did. */
async function attempt(
  deps: InvokeDeps,
  target: Target,
  start: Go,
  connection: { config: unknown; secrets: unknown } | undefined,
  at: { ref: StepRef; envelope: Envelope },
): Promise<LedgerEnd> {
  const { adapter, op } = target
  const { ref, envelope } = at
  const neverSent = start.mode === 'first' ? 'failed' : 'unknown'
  const hold = (cause: HoldCause, outcome: 'failed' | 'unknown', more?: string): LedgerEnd => ({
    is: 'held',
    outcome: outcomeOf(op.replay, outcome),
    cause,
    ...holdFor(cause, adapter.title, more),
    envelope,
  })

  const config = adapter.config.safeParse(connection?.config)
  const secrets = adapter.secrets.safeParse(connection?.secrets)
  if (!connection || !config.success || !secrets.success) return hold('no-connection', neverSent)
  const input = op.input.schema.safeParse(parseJson(start.input))
  if (!input.success) return hold('contract', neverSent, `The stored input is not ${op.input.id}.`)

  const breakerKey = `${ref.tenantId}/${adapter.id}/${target.name}`
  const admission = deps.breakers.admit(breakerKey, op.breaker)
  let outcome: Outcome = 'ignored'
  // Whether the send before this one is still a riddle; from the moment of our own call it no longer matters.
  let earlierUnknown = start.mode === 'reconcile'
  try {
    if (admission.is === 'open') throw new PartnerFault('unavailable', 'We are giving it a rest after many failures.', { retryAfterMs: admission.retryAfterMs })
    const context = (signal: AbortSignal): CallContext<unknown, unknown> => ({
      config: config.data,
      secrets: secrets.data,
      idempotencyKey: idempotencyKey(ref, start.generation),
      signal,
      log: deps.log,
      now: () => deps.clock.now(),
      production: deps.production,
      objects: deps.objects,
    })
    if (start.mode === 'reconcile') {
      const { reconcile } = op
      if (!reconcile) return hold('uncertain', 'unknown')
      const found: Reconciled = await sent(deps, target, ref, (signal) => reconcile.call(op, input.data as never, context(signal)))
      outcome = 'answered'
      if (found === 'cannot-tell') return hold('uncertain', 'unknown')
      if (found !== 'not-found') return answered(target, found, true)
      earlierUnknown = false
    }
    const answer = await sent(deps, target, ref, (signal) => op.call(input.data as never, context(signal)))
    const end = answered(target, answer, false)
    outcome = 'answered'
    return end
  } catch (error) {
    if (!(error instanceof PartnerFault)) {
      // Ours, or the adapter's: not the partner's fault, and nobody knows how far it came.
      deps.log.error({ ...about(target, ref, start.attempt), ...errorFields(error) }, 'the adapter threw what is not a fault')
      return hold('bug', 'unknown')
    }
    outcome = faultPolicy[error.kind].tripsBreaker && admission.is === 'admitted' ? 'failed' : 'ignored'
    deps.log.warn({ ...about(target, ref, start.attempt), fault: error.kind, detail: error.detail }, error.message)
    const now = deps.clock.now()
    const decision = afterFault({
      kind: error.kind,
      retryAfterMs: error.retryAfterMs,
      replay: op.replay,
      hasReconcile: op.reconcile !== undefined,
      retry: op.retry,
      attempt: start.attempt,
      ageMs: now.getTime() - Date.parse(start.firstSentAt),
      earlierUnknown,
      jitter: deps.random(),
    })
    if (decision.is === 'hold') return hold(error.kind, decision.outcome, error.message)
    return {
      is: 'retry',
      outcome: decision.outcome,
      cause: error.kind,
      at: new Date(now.getTime() + decision.delayMs),
      redeliver: { ...envelope, attempt: envelope.attempt + 1 },
    }
  } finally {
    if (admission.is === 'admitted') await admission.report(outcome)
  }
}

/** One request to the partner, between its two barriers. */
async function sent<T>(deps: InvokeDeps, { op }: Target, ref: StepRef, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const running = callWithin(op.breaker.timeoutMs, call)
  // Looked at here, so that a rejection during the barrier is not an unhandled one.
  const settled = Promise.allSettled([running])
  await deps.stop('partner-call-sent', ref.flow)
  await settled
  await deps.stop('partner-answered', ref.flow)
  return await running
}

/** Parses the answer by the contract of its port: what does not fit is a fault, never a guess. */
function answered({ op }: Target, answer: Answer<unknown, unknown>, reconciled: boolean): LedgerEnd {
  const contract = answer.is === 'ok' ? op.output : op.rejection
  const parsed = contract.schema.safeParse(answer.value)
  if (!parsed.success) throw new PartnerFault('contract', `The answer is not ${contract.id}.`, { detail: issuesOf(parsed.error) })
  return { is: 'answered', port: answer.is, value: parsed.data, reconciled }
}

/** The same for every attempt of one generation, on every process. */
function idempotencyKey(ref: StepRef, generation: number): string {
  return `hx_${sha256Hex([ref.tenantId, ref.rootId, ref.flow, ref.step, generation].join('/')).slice(0, 40)}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function about({ adapter, name }: Target, ref: StepRef, attemptNumber: number): Record<string, unknown> {
  return {
    tenantId: ref.tenantId,
    rootId: ref.rootId,
    intakeId: ref.intakeId,
    flow: ref.flow,
    version: ref.version,
    step: ref.step,
    partner: adapter.id,
    operation: name,
    attempt: attemptNumber,
  }
}
