import { type FaultKind, faultPolicy, type Replay, type RetryNumbers } from '@heliox/core/kit'

/** Why nobody asks now, and until when: too many failures, or the payer's own hours. */
export interface ShutDoor {
  is: 'breaker' | 'hours'
  opensInMs: number
  /** So long after it opens, those who wait come one by one. */
  spreadMs: number
}

interface FaultFacts {
  kind: FaultKind
  retryAfterMs: number | undefined
  replay: Replay
  hasReconcile: boolean
  /** The waits between tries. How many there may be is stored. */
  retry: Omit<RetryNumbers, 'attemptsMax'>
  /** Of this round, the one that just failed included. */
  attempt: number
  triesMax: number
  /** For so long this round may still try; none is left when it is negative. */
  leftMs: number
  /** So much longer where the payer is closed. */
  patienceMs: number
  /** A refused key shuts the door, and what is to go there waits for it. */
  waitsForKey: boolean
  /** Raised before anything left that could have the effect. */
  beforeEffect: boolean
  /** Nothing was sent this time, and what became of the send before is still not known. */
  earlierUnknown: boolean
  door: ShutDoor | undefined
  /** 0 to 1, seedable. */
  jitter: number
}
export type FaultDecision =
  | { is: 'retry'; outcome: 'failed' | 'unknown'; delayMs: number; waits?: ShutDoor['is'] }
  | { is: 'hold'; outcome: 'failed' | 'unknown' }

/** The table of `core/kit/fault.ts`, read for one attempt of one operation. Pure. */
export function afterFault(facts: FaultFacts): FaultDecision {
  const { door, leftMs, jitter } = facts
  const policy = faultPolicy[facts.kind]
  // "Unavailable" of a question about an earlier send does not make that send a failure.
  const outcome = outcomeOf(facts.replay, facts.earlierUnknown ? 'unknown' : facts.beforeEffect ? 'failed' : policy.outcome)
  // Sent again, the same bytes do no harm; or we can ask first what became of them; or there is nothing to ask about.
  const replayable = facts.replay !== 'never' || facts.hasReconcile || facts.beforeEffect
  const waits = facts.kind === 'credentials' && facts.waitsForKey
  if ((policy.retry === 'no' && !waits) || (policy.retry === 'if-replayable' && !replayable)) return { is: 'hold', outcome }
  if (door) {
    // A door that is shut is no try: nothing was asked, or nothing could have been answered.
    const delayMs = Math.round(door.opensInMs + door.spreadMs * jitter)
    const tooLong = delayMs > (door.is === 'hours' ? facts.patienceMs : leftMs)
    return tooLong ? { is: 'hold', outcome } : { is: 'retry', outcome, delayMs, waits: door.is }
  }
  const delayMs = Math.max(backoffMs(facts.retry, facts.attempt, jitter), facts.retryAfterMs ?? 0)
  const tooOften = facts.attempt >= facts.triesMax
  const tooOld = delayMs > leftMs
  return tooOften || tooOld ? { is: 'hold', outcome } : { is: 'retry', outcome, delayMs }
}

/** An operation that may be sent again at will leaves no riddle: not having its answer is all that a fault of it means. */
export const outcomeOf = (replay: Replay, outcome: 'failed' | 'unknown'): 'failed' | 'unknown' => (replay === 'safe' ? 'failed' : outcome)

/** Doubles from the first delay up to the largest, and takes half of it by chance: a partner that comes back is not met by everyone at once. */
export function backoffMs(retry: FaultFacts['retry'], attempt: number, jitter: number): number {
  const full = Math.min(retry.delayMsMax, retry.firstDelayMs * 2 ** Math.max(0, attempt - 1))
  return Math.round(full / 2 + (full / 2) * jitter)
}
