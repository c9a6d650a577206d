import { type FaultKind, faultPolicy, limits, type Replay, type RetryNumbers } from '@heliox/core/kit'

export interface FaultFacts {
  kind: FaultKind
  retryAfterMs: number | undefined
  replay: Replay
  hasReconcile: boolean
  retry: RetryNumbers
  /** Of this generation, the one that just failed included. */
  attempt: number
  /** Since the first attempt, or since a person asked for another round of them. */
  ageMs: number
  /** Nothing was sent this time, and what became of the send before is still not known. */
  earlierUnknown: boolean
  /** 0 to 1, seedable. */
  jitter: number
}
export type FaultDecision = { is: 'retry'; outcome: 'failed' | 'unknown'; delayMs: number } | { is: 'hold'; outcome: 'failed' | 'unknown' }

/** The table of `core/kit/fault.ts`, read for one attempt of one operation. Pure. */
export function afterFault(facts: FaultFacts): FaultDecision {
  const policy = faultPolicy[facts.kind]
  // "Unavailable" of a question about an earlier send does not make that send a failure.
  const outcome = outcomeOf(facts.replay, facts.earlierUnknown ? 'unknown' : policy.outcome)
  // Sent again, the same bytes do no harm; or we can ask first what became of them.
  const replayable = facts.replay !== 'never' || facts.hasReconcile
  const allowed = policy.retry === 'yes' || (policy.retry === 'if-replayable' && replayable)
  const delayMs = Math.max(backoffMs(facts.retry, facts.attempt, facts.jitter), facts.retryAfterMs ?? 0)
  const tooOften = facts.attempt >= facts.retry.attemptsMax
  const tooOld = facts.ageMs + delayMs > limits.attemptAgeMsMax
  return allowed && !tooOften && !tooOld ? { is: 'retry', outcome, delayMs } : { is: 'hold', outcome }
}

/** An operation that may be sent again at will leaves no riddle: not having its answer is all that a fault of it means. */
export const outcomeOf = (replay: Replay, outcome: 'failed' | 'unknown'): 'failed' | 'unknown' => (replay === 'safe' ? 'failed' : outcome)

/** Doubles from the first delay up to the largest, and takes half of it by chance: a partner that comes back is not met by everyone at once. */
export function backoffMs(retry: RetryNumbers, attempt: number, jitter: number): number {
  const full = Math.min(retry.delayMsMax, retry.firstDelayMs * 2 ** Math.max(0, attempt - 1))
  return Math.round(full / 2 + (full / 2) * jitter)
}
