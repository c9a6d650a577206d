import type { BreakerNumbers } from '@heliox/core/kit'
import CircuitBreaker from 'opossum'

/**
 * A breaker per (tenant, partner, operation), in this process only.
 *
 * opossum keeps the state and the rolling window; it never runs a call. We ask for admission, make the call ourselves with a
 * timeout of its own, and report what came of it. Fired around the call, opossum (measured on 9.0.0, read again on 10.0.0)
 * - opens on the very first failure (`volumeThreshold` is 0 by default),
 * - lets a timed-out call run on, or aborts every other call in flight with its one AbortController,
 * - counts its own capacity rejections as failures of the partner,
 * - turns an error filtered by `errorFilter` into a success, which closes a half-open breaker,
 * - writes its defaults into the options object that it was handed.
 * So: `timeout: false`, no capacity, no errorFilter, no AbortController, a fresh options object per breaker; and what says
 * nothing about the partner's health (throttled, credentials, contract) is never reported to it at all.
 */
export interface Breakers {
  admit(key: string, numbers: BreakerNumbers): Admission
  state(key: string): BreakerState
  /** Stops every timer. */
  close(): void
}

export type BreakerState = 'closed' | 'open' | 'half-open'
/** `ignored`: neither the partner's success nor its failure. */
export type Outcome = 'answered' | 'failed' | 'ignored'
export type Admission = { is: 'open'; retryAfterMs: number } | { is: 'admitted'; report(outcome: Outcome): Promise<void> }

/** Statistics over a minute: in opossum's ten seconds a 20 s partner would never reach its volume threshold. */
const windowMs = 60_000
const windowBuckets = 12
/** While a probe is out, the others come back after this. */
const whileProbingMs = 1_000

interface Entry {
  circuit: CircuitBreaker<[boolean], void>
  resetTimeoutMs: number
  openedAtMs: number
  probing: boolean
}

export function makeBreakers(onChange: (key: string, state: BreakerState) => void = () => undefined): Breakers {
  const entries = new Map<string, Entry>()

  function entryOf(key: string, numbers: BreakerNumbers): Entry {
    const known = entries.get(key)
    if (known) return known
    const circuit = new CircuitBreaker<[boolean], void>(replay, {
      name: key,
      timeout: false,
      errorThresholdPercentage: numbers.errorThresholdPercent,
      volumeThreshold: numbers.volumeThreshold,
      resetTimeout: numbers.resetTimeoutMs,
      rollingCountTimeout: windowMs,
      rollingCountBuckets: windowBuckets,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    })
    const entry: Entry = { circuit, resetTimeoutMs: numbers.resetTimeoutMs, openedAtMs: 0, probing: false }
    circuit.on('open', () => {
      entry.openedAtMs = performance.now()
      onChange(key, 'open')
    })
    circuit.on('halfOpen', () => onChange(key, 'half-open'))
    circuit.on('close', () => onChange(key, 'closed'))
    entries.set(key, entry)
    return entry
  }

  return {
    admit(key, numbers) {
      const entry = entryOf(key, numbers)
      const state = stateOf(entry)
      if (state === 'open') return { is: 'open', retryAfterMs: Math.max(1, Math.ceil(entry.openedAtMs + entry.resetTimeoutMs - performance.now())) }
      if (state === 'half-open' && entry.probing) return { is: 'open', retryAfterMs: whileProbingMs }
      const isProbe = state === 'half-open'
      entry.probing = isProbe
      let reported = false
      return {
        is: 'admitted',
        async report(outcome) {
          if (reported) return
          reported = true
          if (isProbe) entry.probing = false
          if (outcome === 'ignored') return
          // A call that was let in before the breaker opened says nothing about the partner of now: only the probe may close it.
          if (!isProbe && stateOf(entry) !== 'closed') return
          await settled(entry.circuit.fire(outcome === 'failed'))
        },
      }
    },
    state(key) {
      const entry = entries.get(key)
      return entry ? stateOf(entry) : 'closed'
    },
    close() {
      for (const { circuit } of entries.values()) circuit.shutdown()
      entries.clear()
    },
  }
}

function stateOf({ circuit }: Entry): BreakerState {
  if (circuit.opened) return 'open'
  return circuit.halfOpen ? 'half-open' : 'closed'
}

/** What opossum "runs": the outcome that we saw. */
async function replay(failed: boolean): Promise<void> {
  if (failed) throw new Error('the partner failed')
}

async function settled(promise: Promise<void>): Promise<void> {
  await Promise.allSettled([promise])
}
