import { storageFaultOf } from '@heliox/core/kit'
import { type RefusalCode, refusals } from './errors.ts'

type StorageCode = Extract<RefusalCode, `storage-${string}`>

/** How a failure of our own database is told to whoever asked; undefined: it is something else. */
export function storageRefusal(error: unknown): StorageCode | undefined {
  const fault = storageFaultOf(error)
  if (fault === undefined) return undefined
  return fault === 'away' ? 'storage-away' : 'storage-read-only'
}

/**
 * Whether writes were refused a moment ago. A full disk cannot be asked about: a small write fits into what was taken before, the next
 * one does not. So readiness goes by the last refused write, for as long as we tell people to wait.
 */
export class RefusedWrites {
  #untilMs = 0

  saw(code: RefusalCode): void {
    if (code === 'storage-read-only') this.#untilMs = performance.now() + refusals[code].retryAfterSeconds * 1_000
  }
  get lately(): boolean {
    return performance.now() < this.#untilMs
  }
}
