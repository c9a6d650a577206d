import { storageFaultOf } from '@heliox/core/kit'

/** Serialization, deadlock, a lock that was not to be had: the same again may well succeed. */
const conflicts = new Set(['40001', '40P01', '55P03'])

/** Whether our own storage was out of reach, full or closed to writes, so that the same delivery may well succeed later. */
export function isTransient(error: unknown): boolean {
  if (storageFaultOf(error)) return true
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (conflicts.has(String((at as { code?: unknown }).code))) return true
    if (at instanceof AggregateError && at.errors.some(isTransient)) return true
  }
  return false
}
