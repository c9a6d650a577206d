/**
 * The closed list of what can go wrong at a partner, and the one table that says what follows.
 * A "no" is not in it: a partner that answers "no" has answered (`rejected`).
 */
export type FaultKind = 'unavailable' | 'throttled' | 'timeout' | 'uncertain' | 'credentials' | 'contract'

interface FaultPolicy {
  /** `if-replayable`: only where the operation's replay kind lets the same bytes be sent again or reconciled. */
  retry: 'yes' | 'if-replayable' | 'no'
  tripsBreaker: boolean
  /** Did the partner possibly do it? Then the ledger ends in `unknown`, never in `failed`. */
  outcome: 'failed' | 'unknown'
}

export const faultPolicy = {
  unavailable: { retry: 'yes', tripsBreaker: true, outcome: 'failed' },
  throttled: { retry: 'yes', tripsBreaker: false, outcome: 'failed' },
  timeout: { retry: 'if-replayable', tripsBreaker: true, outcome: 'unknown' },
  uncertain: { retry: 'if-replayable', tripsBreaker: true, outcome: 'unknown' },
  credentials: { retry: 'no', tripsBreaker: false, outcome: 'failed' },
  contract: { retry: 'no', tripsBreaker: false, outcome: 'unknown' },
} as const satisfies Record<FaultKind, FaultPolicy>

export const faultKinds = Object.keys(faultPolicy) as FaultKind[]

/** Whose fault it is: the partner's we speak to, or one payer's behind it. A payer that cannot answer must not close the door to all others. */
export type FaultScope = 'partner' | 'payer'

interface FaultOptions {
  detail?: string | undefined
  retryAfterMs?: number | undefined
  scope?: FaultScope
  beforeEffect?: boolean
  cause?: unknown
}

/** `message` is safe to show to staff; `detail` goes to the log only. Neither holds a patient's data. */
export class PartnerFault extends Error {
  readonly kind: FaultKind
  readonly detail: string | undefined
  readonly retryAfterMs: number | undefined
  readonly scope: FaultScope
  /** Raised before anything left that could have the effect (questions may have): it did not happen this time, whatever the kind leaves open. */
  readonly beforeEffect: boolean
  constructor(kind: FaultKind, message: string, options: FaultOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'PartnerFault'
    this.kind = kind
    this.detail = options.detail
    this.retryAfterMs = options.retryAfterMs
    this.scope = options.scope ?? 'partner'
    this.beforeEffect = options.beforeEffect ?? false
  }
}
