import { type BreakerNumbers, type Clock, type Log, limits, machineMs } from '@heliox/core/kit'
import type { BreakerCause, BreakerState } from '@heliox/core/messaging'
import type { BreakerRef, BreakerStore, OpenBreaker } from '@heliox/core/ports'
import { errorFields } from '../log/index.ts'
import { type Detector, makeDetector } from './detector.ts'
import { keyOf } from './key.ts'
import { makeKnown } from './known.ts'

/**
 * A breaker per (tenant, partner, payer, operation), one for all engines.
 *
 * Closed is the ordinary case and costs nothing: a look into this process's memory, and a detector of its own that counts. Open and
 * half-open are rows in the database, so that all copies stop together, one of them at a time tries, and a process that starts knows at
 * once. Copies hear of a change by a notice, and look for themselves each second, since a notice may be lost.
 *
 * When the database cannot be asked, what is known stays: closed lets through (nothing of ours happens without the database anyhow), open
 * keeps shut, since the right to try cannot be had. An opening that could not be written counts here, and is written when it can be.
 */
export interface Breakers {
  /** Closed: without asking anybody. */
  admit(ref: BreakerRef, numbers: BreakerNumbers): Promise<Admission>
  /** What is known here, without a try. */
  state(ref: BreakerRef): BreakerState
  /** Reads what is not closed, and follows it from then on. Before the first call. */
  start(): Promise<void>
  /** Stops every timer. */
  close(): Promise<void>
}

/** `ignored`: neither the partner's success nor its failure. `atOnce`: one such failure is enough. */
export type Outcome = { is: 'answered' } | { is: 'failed'; cause: BreakerCause; atOnce?: boolean } | { is: 'ignored' }
export type Admission =
  | { is: 'open'; until: Date /** So long after it, those who wait come one by one. */; spreadMs: number; cause: BreakerCause }
  | { is: 'admitted'; report(outcome: Outcome): Promise<void> }

export interface BreakersDeps {
  store: BreakerStore
  clock: Clock
  log: Log
  /** How often it looks for itself. */
  pollMs?: number
}

/** Believed answers in a row that close one, where the operation does not say. */
const plausibleToCloseDefault = 3
/** While another tries, the rest come back after this. */
const whileProbingMs = 1_000
/** Counting breakers in memory at once; the one asked longest ago is forgotten first, and with it a minute of counts. */
const detectorsMax = 5_000

export function makeBreakers({ store, clock, log, pollMs = 1_000 }: BreakersDeps): Breakers {
  const known = makeKnown({ store, clock, log, pollMs, onClosed: forget })
  const detectors = new Map<string, Detector>()

  function forget(key: string): void {
    detectors.get(key)?.close()
    detectors.delete(key)
  }

  function detectorOf(key: string, numbers: BreakerNumbers): Detector {
    const detector = detectors.get(key) ?? makeDetector(key, numbers)
    // Moved to the end: the first is then the one asked longest ago.
    detectors.delete(key)
    detectors.set(key, detector)
    if (detectors.size > detectorsMax) forget(detectors.keys().next().value as string)
    return detector
  }

  function admitClosed(ref: BreakerRef, numbers: BreakerNumbers): Admission {
    const key = keyOf(ref)
    const detector = detectorOf(key, numbers)
    let reported = false
    return {
      is: 'admitted',
      async report(outcome) {
        if (reported) return
        reported = true
        // A call that was let in before it opened says nothing about the partner of now: only a try may close it.
        if (outcome.is === 'ignored' || detectors.get(key) !== detector || known.get(key)) return
        const enough = await detector.saw(outcome.is === 'failed')
        if (!(enough || (outcome.is === 'failed' && outcome.atOnce)) || outcome.is !== 'failed' || detectors.get(key) !== detector) return
        forget(key)
        await known.trip(ref, outcome.cause, { resetMs: numbers.resetTimeoutMs, plausibleToClose: numbers.plausibleToClose ?? plausibleToCloseDefault })
      },
    }
  }

  function shut(breaker: OpenBreaker): Admission {
    const nowMs = clock.now().getTime()
    const soonMs = nowMs + machineMs(clock, whileProbingMs)
    return { is: 'open', until: new Date(Math.max(breaker.probeAt.getTime(), soonMs)), spreadMs: breaker.resetMs, cause: breaker.cause }
  }

  async function admitTry(ref: BreakerRef, numbers: BreakerNumbers, breaker: OpenBreaker): Promise<Admission> {
    const now = clock.now()
    const busy = breaker.probeUntil !== null && breaker.probeUntil > now
    if (busy || breaker.probeAt > now) return shut(breaker)
    const key = keyOf(ref)
    // A question about an earlier send may be followed by the send itself.
    const leaseMs = machineMs(clock, 2 * numbers.timeoutMs + limits.leaseMarginMs)
    const claim = await store.claimProbe(ref, leaseMs, now).catch((error: unknown) => {
      log.warn({ breaker: key, ...errorFields(error) }, 'the right to try a partner could not be asked for')
      return { is: 'wait' as const, breaker }
    })
    if (claim.is === 'closed') {
      known.closed(key)
      return admitClosed(ref, numbers)
    }
    known.set(claim.breaker)
    if (claim.is === 'wait') return shut(claim.breaker)
    let reported = false
    return {
      is: 'admitted',
      async report(outcome) {
        if (reported) return
        reported = true
        await known.endProbe(ref, claim.lease, outcome.is === 'answered' ? { is: 'plausible' } : outcome)
      },
    }
  }

  return {
    async admit(ref, numbers) {
      const breaker = known.get(keyOf(ref))
      return breaker ? admitTry(ref, numbers, breaker) : admitClosed(ref, numbers)
    },
    state: (ref) => known.get(keyOf(ref))?.state ?? 'closed',
    start: () => known.start(),
    async close() {
      await known.close()
      for (const key of [...detectors.keys()]) forget(key)
    },
  }
}
