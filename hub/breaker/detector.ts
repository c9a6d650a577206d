import type { BreakerNumbers } from '@heliox/core/kit'
import CircuitBreaker from 'opossum'

/**
 * When one process has seen enough failures: opossum's rolling window, and nothing else of it. It never runs a call: we make the call
 * ourselves, with a timeout of its own, and tell what came of it. Fired around the call, opossum (measured on 9.0.0, read again on 10.0.0)
 * - opens on the very first failure (`volumeThreshold` is 0 by default),
 * - lets a timed-out call run on, or aborts every other call in flight with its one AbortController,
 * - counts its own capacity rejections as failures of the partner,
 * - turns an error filtered by `errorFilter` into a success, which closes a half-open breaker,
 * - closes after one success, which may be luck or a lie,
 * - keeps its state to itself, so that two processes disagree,
 * - takes what arrives over HTTP 200 as a success, whatever it says,
 * - writes its defaults into the options object that it was handed.
 * So: `timeout: false`, no capacity, no errorFilter, no AbortController, a fresh options object per detector, thrown away once it opens;
 * open and half-open are rows in the database (`breaker.ts`); and what says nothing about the partner's health (throttled, credentials,
 * contract) is never told to it at all.
 */
export interface Detector {
  /** True when it is enough: the breaker has to open. */
  saw(failed: boolean): Promise<boolean>
  /** Stops its timers. */
  close(): void
}

/** Statistics over a minute: in opossum's ten seconds a 20 s partner would never reach its volume threshold. */
const windowMs = 60_000
const windowBuckets = 12

export function makeDetector(name: string, numbers: BreakerNumbers): Detector {
  const circuit = new CircuitBreaker<[boolean], void>(replay, {
    name,
    timeout: false,
    errorThresholdPercentage: numbers.errorThresholdPercent,
    volumeThreshold: numbers.volumeThreshold,
    resetTimeout: numbers.resetTimeoutMs,
    rollingCountTimeout: windowMs,
    rollingCountBuckets: windowBuckets,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  })
  return {
    async saw(failed) {
      if (circuit.opened) return true
      await Promise.allSettled([circuit.fire(failed)])
      return circuit.opened
    },
    close: () => circuit.shutdown(),
  }
}

/** What opossum "runs": the outcome that we saw. */
async function replay(failed: boolean): Promise<void> {
  if (failed) throw new Error('the partner failed')
}
