import type { BreakerCause, BreakerState } from '../messaging/breakers.ts'

/** Whom a breaker is about. Two calls share one when all four agree. */
export interface BreakerRef {
  tenantId: string
  partner: string
  /** One payer behind the partner; null: the partner itself, whoever it is asked about. */
  payerId: string | null
  /** The ledger's label: two majors have each their own. */
  operation: string
}

/** A breaker that lets no ordinary call through. */
export interface OpenBreaker extends BreakerRef {
  state: Exclude<BreakerState, 'closed'>
  /** Nobody tries before. */
  probeAt: Date
  /** One is trying, until then at most. */
  probeUntil: Date | null
  /** How long it stays open after the last failure; waiting deliveries spread over as long again. */
  resetMs: number
  cause: BreakerCause
}

/** `lease` tells this try from the next one, so that whoever comes late says nothing about another's. */
export type ProbeClaim = { is: 'closed' } | { is: 'wait'; breaker: OpenBreaker } | { is: 'probe'; lease: number; breaker: OpenBreaker }

/** What came of a try. `ignored`: nothing that says how the partner is. */
export type ProbeEnd = { is: 'plausible' } | { is: 'failed'; cause: BreakerCause } | { is: 'ignored' }

/**
 * What every engine knows of the partners' doors, kept in the database so that all copies agree and a new one starts with it. Closed is
 * the absence of a row, so that an ordinary call asks for nothing.
 */
export interface BreakerStore {
  /** All of this cell that are not closed. */
  notClosed(): Promise<OpenBreaker[]>
  /** The first writer wins: one that is open already keeps its times. */
  trip(ref: BreakerRef, cause: BreakerCause, numbers: { resetMs: number; plausibleToClose: number }, now: Date): Promise<OpenBreaker>
  /** The right to try, for one engine at a time. A try that nobody ends is over after `leaseMs`. */
  claimProbe(ref: BreakerRef, leaseMs: number, now: Date): Promise<ProbeClaim>
  /**
   * So many believed answers in a row close it, and end its incident, in one commit. A failure opens it again, each time for twice as long,
   * up to sixteen times. `late`: the try was no longer this caller's, and changed nothing.
   */
  endProbe(ref: BreakerRef, lease: number, end: ProbeEnd, now: Date): Promise<{ is: 'closed' | 'late' } | { is: 'not-closed'; breaker: OpenBreaker }>
  /** Calls back when some engine may have changed one. May stay silent: whoever must know looks for itself, too. */
  onChange(handler: () => void): Promise<() => Promise<void>>
}
