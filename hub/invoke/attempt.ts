import {
  type Answer,
  type BreakerNumbers,
  type CallContext,
  type Envelope,
  type FaultScope,
  faultPolicy,
  limits,
  MustChoose,
  machineMs,
  PartnerFault,
  sha256Hex,
} from '@heliox/core/kit'
import type { BreakerCause, HoldCause } from '@heliox/core/messaging'
import type { AskedOf, Judged, LedgerEnd, LedgerStart, StepRef } from '@heliox/core/ports'
import type { Outcome } from '../breaker/index.ts'
import { errorFields } from '../log/index.ts'
import { afterFault, outcomeOf, type ShutDoor } from './after-fault.ts'
import { about, type InvokeDeps, isLockTaken, locksOf, numbersOf, type Target } from './deps.ts'
import { closedHours, passDoors } from './doors.ts'
import { holdFor } from './hold-texts.ts'
import { abortGraceMs, callWithin } from './one-call.ts'
import { issuesOf } from './step-failure.ts'

type Go = Extract<LedgerStart, { is: 'go' }>
type Sent = Answer<unknown, unknown>
/** Why a person must act on what failed: all but a choice, where nothing did. */
type Failed = Exclude<HoldCause, 'choice'>
type Ask = (input: never, context: CallContext<unknown, unknown>) => Promise<Sent | 'not-found' | 'cannot-tell'>

/** The partner was not reached for, so it says nothing about the partner and nothing about an earlier send. */
class NothingSent extends PartnerFault {
  constructor(message: string, options: { retryAfterMs?: number } = {}, kind: 'unavailable' | 'credentials' = 'unavailable') {
    super(kind, message, options)
  }
}
/** A door is shut: the partner's or the payer's breaker, or the payer's hours. */
class DoorShut extends NothingSent {
  readonly door: ShutDoor
  readonly behind: FaultScope
  constructor(cause: BreakerCause, door: ShutDoor, behind: FaultScope) {
    super(shutWords(cause, door), {}, cause === 'credentials' ? cause : 'unavailable')
    this.door = door
    this.behind = behind
  }
}
/** Our own storage could not say whether an answer is to be believed: it is not, and the delivery comes again. */
class NotJudged extends Error {}

const shutWords = (cause: BreakerCause, door: ShutDoor): string => {
  if (door.is === 'hours') return 'The payer is closed now.'
  if (cause === 'credentials') return 'It refused our key, and nothing is sent there until the key works.'
  return cause === 'implausible' ? 'We are giving it a rest after answers that we do not believe.' : 'We are giving it a rest after many failures.'
}

/** One attempt under a lease, to the sentence that ends it. Never throws for what a partner, an adapter or a person did. */
export async function attempt(deps: InvokeDeps, target: Target, start: Go, at: { ref: StepRef; envelope: Envelope }): Promise<LedgerEnd> {
  const { adapter, op } = target
  const { ref, envelope } = at
  /** The send before this attempt: none to ask about, still a riddle, or known not to have happened. */
  let earlier: 'none' | 'unknown' | 'not-done' = start.mode === 'reconcile' ? 'unknown' : 'none'
  /** Behind the partner; what the ledger is told of whom this was about. */
  const asked: Required<Omit<AskedOf, 'keyRefused'>> & Pick<AskedOf, 'keyRefused'> = {
    payerId: null,
    scope: 'partner',
    nothingSent: true,
    effectSent: false,
    ours: false,
  }
  const ended = (cause: Failed, outcome: 'failed' | 'unknown') => ({
    ...asked,
    outcome: outcomeOf(op.replay, outcome),
    ...(earlier === 'not-done' ? { earlierNotDone: true } : {}),
    cause,
  })
  const hold = (cause: Failed, outcome: 'failed' | 'unknown', more?: string): LedgerEnd => ({
    is: 'held',
    ...ended(cause, outcome),
    ...holdFor(cause, adapter.title, more),
    envelope,
  })
  const retry = (cause: Failed, outcome: 'failed' | 'unknown', atMs: number, waits?: ShutDoor['is']): LedgerEnd => ({
    is: 'retry',
    ...ended(cause, outcome),
    ...(waits ? { waits } : {}),
    at: new Date(atMs),
    redeliver: { ...envelope, attempt: envelope.attempt + 1 },
  })
  const notSent = (): 'failed' | 'unknown' => (earlier === 'unknown' ? 'unknown' : 'failed')

  let report: (outcome: { partner: Outcome; payer: Outcome }) => Promise<void> = async () => undefined
  const outcome: { partner: Outcome; payer: Outcome } = { partner: ignored, payer: ignored }
  /** Nobody believes "not found" before this moment: the partner may still be working on what we sent. */
  let settledAtMs = Date.parse(start.lastSentAt ?? start.firstSentAt) + (op.settleMs ?? 0)
  try {
    if (start.overdue && start.mode !== 'reconcile') return hold('overdue', notSent())
    const connection = await openConnection(deps, target, start, ref)
    const config = adapter.config.safeParse(connection?.config)
    const secrets = adapter.secrets.safeParse(connection?.secrets)
    if (!connection || !config.success || !secrets.success) return hold('no-connection', notSent())
    const input = op.input.schema.safeParse(parseJson(start.input))
    if (!input.success) return hold('contract', notSent(), `The stored input is not ${op.input.id}.`)

    const payerId = op.payerOf?.(input.data as never)
    asked.payerId = payerId ?? null
    const doors = await passDoors(deps, target, ref.tenantId, payerId)
    if (doors.is === 'shut') throw new DoorShut(doors.cause, doors.door, doors.scope)
    report = doors.report

    const send = <T>(ask: (input: never, context: CallContext<unknown, unknown>) => Promise<T>, what: 'effect' | 'question'): Promise<T> => {
      keepWithinLease(deps, target, start)
      asked.nothingSent = false
      asked.effectSent = what === 'effect'
      return sent(deps, target, ref, (signal) => {
        const context: CallContext<unknown, unknown> = {
          config: config.data,
          secrets: secrets.data,
          idempotencyKey: idempotencyKey(ref, start.generation),
          hookUrl: hookUrl(deps, adapter.id, connection.hookKey),
          signal,
          log: deps.log,
          now: () => deps.clock.now(),
          production: deps.production,
          objects: deps.objects,
          numbers: numbersOf(deps, ref.tenantId),
          locks: locksOf(deps, ref.tenantId, target.adapter.id, signal),
        }
        return ask(input.data as never, context)
      })
    }

    if (start.mode === 'reconcile') {
      if (!op.reconcile) return hold('uncertain', 'unknown')
      const found = await send(op.reconcile.bind(op) as Ask, 'question')
      outcome.partner = gaveAnswer
      if (found === 'cannot-tell') return hold('uncertain', 'unknown')
      if (found !== 'not-found') return { ...answered(target, envelope, found, true), ...asked }
      const nowMs = deps.clock.now().getTime()
      // No fault of the partner's, so it is not held against it, and never the last try: asked again when it can be believed.
      if (nowMs < settledAtMs) return retry('uncertain', 'unknown', settledAtMs)
      earlier = 'not-done'
      // It is known now that nothing left, so the next look at the pin ends it as what was never sent, or sends it if it is wanted again.
      if (start.unwanted) return retry('uncertain', 'failed', nowMs)
      if (start.overdue) return hold('overdue', 'failed')
      settledAtMs = nowMs + (op.settleMs ?? 0)
    }
    const sentAtMs = performance.now()
    const answer = await send(choosing(op.call.bind(op)), 'effect')
    if (answer instanceof MustChoose) {
      const end = toChoose(target, envelope, answer)
      outcome.partner = gaveAnswer
      return { ...end, ...asked }
    }
    const latencyMs = performance.now() - sentAtMs
    const end = answered(target, envelope, answer, false)
    outcome.partner = gaveAnswer
    const { suspicions, again } = await doubts(deps, target, ref, { input: input.data, answer: { ...answer, value: end.value } as Sent, payerId, latencyMs })
    // An answer that is not believed is the payer's failure, however well it was delivered. One that we asked for again because of the doubt is not
    // held against it twice: its try goes to the next in line, who may know better.
    if (!again) outcome.payer = suspicions.length > 0 ? { is: 'failed', cause: 'implausible' } : gaveAnswer
    return { ...end, ...asked, suspicions }
  } catch (error) {
    if (error instanceof NotJudged) throw error.cause
    if (!(error instanceof PartnerFault)) {
      // Ours, or the adapter's: not the partner's fault, and nobody knows how far it came.
      deps.log.error({ ...about(target, ref, start.attempt), ...errorFields(error) }, 'the adapter threw what is not a fault')
      return hold('bug', 'unknown')
    }
    // Given up because this process ends: it says nothing about the partner, and is no try.
    const ending = deps.ending.aborted && !(error instanceof DoorShut)
    const lockTaken = isLockTaken(error)
    asked.ours = ending || lockTaken || (error instanceof NothingSent && !(error instanceof DoorShut))
    if (!asked.ours && !(error instanceof NothingSent)) {
      if (error.kind === 'credentials' && op.breaker.opensOnRefusedKey) asked.keyRefused = true
      blame(outcome, error, asked.keyRefused === true)
    }
    asked.scope = error instanceof DoorShut ? error.behind : error.scope
    if (error.beforeEffect) asked.effectSent = false
    deps.log.warn({ ...about(target, ref, start.attempt), payerId: asked.payerId, fault: error.kind, detail: error.detail }, error.message)
    const nowMs = deps.clock.now().getTime()
    const decision = afterFault({
      kind: error.kind,
      retryAfterMs: error.retryAfterMs,
      beforeEffect: error.beforeEffect,
      waitsForKey: op.breaker.opensOnRefusedKey === true,
      replay: op.replay,
      hasReconcile: op.reconcile !== undefined,
      retry: op.retry,
      attempt: start.attempt,
      triesMax: start.triesMax,
      // Another engine's turn is no wait of ours: what is left of the round, if anything, is for that one to judge.
      leftMs: ending ? Number.POSITIVE_INFINITY : Date.parse(start.retryUntil) - nowMs,
      patienceMs: Date.parse(start.retryUntilMax) - Date.parse(start.retryUntil),
      earlierUnknown: earlier === 'unknown',
      door: ending
        ? anotherEngine
        : lockTaken
          ? nextTurn
          : asked.keyRefused
            ? untilKeyWorks(op.breaker)
            : await doorAfter(deps, ref.tenantId, error, asked.payerId),
      jitter: deps.random(),
    })
    // Another door beside this one is taken at once where this one does not open soon.
    if (!ending && !lockTaken && (decision.is === 'hold' || decision.waits)) {
      const end = standIn(deps, target, start, at, error)
      if (end) return { ...end, ...asked }
    }
    if (decision.is === 'hold') return hold(error.kind, decision.outcome, error.message)
    // What was sent after a question is asked about when its own time is over, and not before.
    const notBeforeMs = earlier === 'not-done' && decision.outcome === 'unknown' ? settledAtMs : 0
    return retry(error.kind, decision.outcome, Math.max(nowMs + decision.delayMs, notBeforeMs), decision.waits)
  } finally {
    await report(outcome)
  }
}

/** The door of an engine that ends: the next one takes the delivery at once. */
const anotherEngine: ShutDoor = { is: 'breaker', opensInMs: 0, spreadMs: limits.handBackMs }
/** Behind others of ours who write the same, or who have all places of this clinic: no try, and not in the same second for all of them. */
const nextTurn: ShutDoor = { is: 'breaker', opensInMs: 0, spreadMs: 10 * limits.handBackMs }
/** The breaker that this very failure opens. */
const untilKeyWorks = ({ resetTimeoutMs }: BreakerNumbers): ShutDoor => ({ is: 'breaker', opensInMs: resetTimeoutMs, spreadMs: resetTimeoutMs })
const ignored: Outcome = { is: 'ignored' }
const gaveAnswer: Outcome = { is: 'answered' }

/** Whom a fault counts against. A payer that cannot answer said so through a partner that can. */
function blame(outcome: { partner: Outcome; payer: Outcome }, { kind, scope }: PartnerFault, atOnce: boolean): void {
  const of: Outcome = faultPolicy[kind].tripsBreaker || atOnce ? { is: 'failed', cause: kind, atOnce } : ignored
  outcome.partner = scope === 'payer' ? gaveAnswer : of
  outcome.payer = scope === 'payer' ? of : ignored
}

/** A payer that fails while its calendar says that it is closed is asked when it opens, not after a back-off. */
async function doorAfter(deps: InvokeDeps, tenantId: string, error: PartnerFault, payerId: string | null): Promise<ShutDoor | undefined> {
  if (error instanceof DoorShut) return error.door
  return error.scope === 'payer' && payerId ? closedHours(deps, tenantId, payerId) : undefined
}

/** The rules that do not believe this answer. Not to know whether any does is not to believe it. */
async function doubts(
  deps: InvokeDeps,
  { op }: Target,
  { tenantId }: StepRef,
  seen: { input: unknown; answer: Sent; payerId: string | undefined; latencyMs: number },
): Promise<Judged> {
  const signs = seen.answer.signs ?? op.signsOf?.(seen.input as never, seen.answer as never)
  if (!signs || seen.payerId === undefined) return { suspicions: [], again: false }
  try {
    return await deps.plausibility.judge(tenantId, seen.payerId, { signs, latencyMs: Math.round(seen.latencyMs) }, deps.clock.now())
  } catch (error) {
    throw new NotJudged('an answer could not be judged', { cause: error })
  }
}

/**
 * Behind the lease, so that a delivery with nothing to send opens no secrets. Our own storage that fails here is told to the
 * ledger like a partner out of reach: tried again, then held. If the ledger cannot be told either, the lease runs out.
 */
async function openConnection(deps: InvokeDeps, target: Target, start: Go, ref: StepRef) {
  try {
    return await deps.connections.connection(ref.tenantId, target.adapter.id)
  } catch (error) {
    deps.log.error({ ...about(target, ref, start.attempt), ...errorFields(error) }, 'the connection could not be opened')
    throw new NothingSent('The settings of the connection could not be opened.')
  }
}

/** After the lease another engine may send the same: nothing leaves here that could still be under way by then. */
function keepWithinLease(deps: InvokeDeps, { op }: Target, start: Go): void {
  if (deps.ending.aborted) throw new NothingSent('We are ending, and sent nothing.')
  const overAtMs = deps.clock.now().getTime() + machineMs(deps.clock, op.breaker.timeoutMs + abortGraceMs)
  if (overAtMs >= Date.parse(start.leaseUntil)) throw new NothingSent('We were too slow ourselves, and sent nothing.')
}

/** One request to the partner, between its two barriers. */
async function sent<T>(deps: InvokeDeps, { op }: Target, ref: StepRef, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const running = callWithin(op.breaker.timeoutMs, call, abortGraceMs, deps.ending)
  // Looked at here, so that a rejection during the barrier is not an unhandled one.
  const settled = Promise.allSettled([running])
  await deps.stop('partner-call-sent', ref.flow)
  await settled
  await deps.stop('partner-answered', ref.flow)
  return await running
}

/** A choice is an answer, and is handed on as one: what is thrown counts as a fault. */
const choosing =
  (call: Ask) =>
  async (input: never, context: CallContext<unknown, unknown>): Promise<Sent | MustChoose> => {
    try {
      return (await call(input, context)) as Sent
    } catch (error) {
      if (error instanceof MustChoose) return error
      throw error
    }
  }

/** What a person chooses from fits its contract like every answer. An operation that may ask nobody and does is a bug of its adapter. */
function toChoose({ op }: Target, envelope: Envelope, { options }: MustChoose): Extract<LedgerEnd, { is: 'choice' }> {
  if (!op.choice) throw new Error('the operation asks a person to choose, and says nowhere that it may')
  const parsed = op.choice.options.schema.safeParse(options)
  if (!parsed.success) throw new PartnerFault('contract', `The answer is not ${op.choice.options.id}.`, { detail: issuesOf(parsed.error) })
  return { is: 'choice', options: parsed.data, owner: 'ops', staffText: op.choice.staffText.slice(0, limits.freeTextCharsMax), envelope }
}

/** Parses the answer by the contract of its port: what does not fit is a fault, never a guess. */
function answered({ op }: Target, { traceparent }: Envelope, answer: Sent, reconciled: boolean): Extract<LedgerEnd, { is: 'answered' }> {
  const contract = answer.is === 'ok' ? op.output : op.rejection
  const parsed = contract.schema.safeParse(answer.value)
  if (!parsed.success) throw new PartnerFault('contract', `The answer is not ${contract.id}.`, { detail: issuesOf(parsed.error) })
  return { is: 'answered', port: answer.is, value: parsed.data, reconciled, suspicions: [], traceparent }
}

/**
 * What the operation answers where a person would have to be asked, or where waiting for the breaker would only keep a patient
 * waiting: the "no" of a door that has another one beside it. Not for what failed on our side: that says nothing about the door.
 */
function standIn(
  deps: InvokeDeps,
  target: Target,
  start: Go,
  at: { ref: StepRef; envelope: Envelope },
  fault: PartnerFault,
): (LedgerEnd & { is: 'answered' }) | undefined {
  const { op } = target
  if (!op.instead || op.replay !== 'safe') return undefined
  if (fault instanceof NothingSent && !(fault instanceof DoorShut)) return undefined
  try {
    const answer = op.instead(op.input.schema.parse(parseJson(start.input)) as never, fault.kind)
    return answer && { ...answered(target, at.envelope, answer, false), instead: fault.kind }
  } catch (error) {
    // A person is asked then, as for an operation that has nothing to say.
    deps.log.error({ ...about(target, at.ref, start.attempt), ...errorFields(error) }, 'what the operation answers in place of a fault is wrong')
    return undefined
  }
}

/** The door of the api at which this partner calls for this clinic (`api/routes/hooks`). */
function hookUrl({ publicUrl }: InvokeDeps, adapterId: string, hookKey: string | null | undefined): string | undefined {
  return publicUrl === undefined || !hookKey ? undefined : new URL(`/hooks/${adapterId}/${hookKey}`, publicUrl).href
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
