import type { BreakerStore, OpenBreaker } from '@heliox/core/ports'
import { keyOf } from './key.ts'

interface Row {
  open: OpenBreaker
  trips: number
  firstResetMs: number
  plausible: number
  plausibleToClose: number
  lease: number
  probing: boolean
}
export interface MemoryBreakers extends BreakerStore {
  /** The database is away. */
  broken: boolean
  /** How often it was asked anything. */
  asked: number
  rows: ReadonlyMap<string, Row>
}

/** For tests of what stands on it: the shared rows of breakers in memory. `db` has the real ones, with the same promises. */
export function memoryBreakers(): MemoryBreakers {
  const rows = new Map<string, Row>()
  const handlers = new Set<() => void>()
  /** Never given twice, though it closed and opened again between. */
  let lastLease = 0
  const store: MemoryBreakers = {
    broken: false,
    asked: 0,
    rows,
    async notClosed() {
      ask()
      return [...rows.values()].map((row) => ({ ...row.open }))
    },
    async trip(ref, cause, { resetMs, plausibleToClose }, now) {
      ask()
      const key = keyOf(ref)
      const there = rows.get(key)
      if (there) return { ...there.open }
      const open: OpenBreaker = { ...ref, state: 'open', probeAt: new Date(now.getTime() + resetMs), probeUntil: null, resetMs, cause }
      rows.set(key, { open, trips: 1, firstResetMs: resetMs, plausible: 0, plausibleToClose, lease: 0, probing: false })
      changed()
      return { ...open }
    },
    async claimProbe(ref, leaseMs, now) {
      ask()
      const row = rows.get(keyOf(ref))
      if (!row) return { is: 'closed' }
      const { open } = row
      if (open.probeAt > now || (open.probeUntil && open.probeUntil > now)) return { is: 'wait', breaker: { ...open } }
      lastLease += 1
      row.lease = lastLease
      row.probing = true
      Object.assign(open, { state: 'half-open', probeUntil: new Date(now.getTime() + leaseMs) })
      return { is: 'probe', lease: row.lease, breaker: { ...open } }
    },
    async endProbe(ref, lease, end, now) {
      ask()
      const row = rows.get(keyOf(ref))
      if (!row || row.lease !== lease || !row.probing) return { is: 'late' }
      row.probing = false
      row.open.probeUntil = null
      if (end.is === 'plausible') {
        row.plausible += 1
        row.open.probeAt = now
        if (row.plausible >= row.plausibleToClose) {
          rows.delete(keyOf(ref))
          changed()
          return { is: 'closed' }
        }
      }
      if (end.is === 'failed') {
        row.plausible = 0
        row.trips += 1
        const resetMs = row.firstResetMs * 2 ** Math.min(row.trips - 1, 4)
        Object.assign(row.open, { state: 'open', cause: end.cause, resetMs, probeAt: new Date(now.getTime() + resetMs) })
      }
      changed()
      return { is: 'not-closed', breaker: { ...row.open } }
    },
    async onChange(handler) {
      handlers.add(handler)
      return async () => void handlers.delete(handler)
    },
  }
  function ask(): void {
    store.asked += 1
    if (store.broken) throw new Error('the database is away')
  }
  const changed = (): void => {
    for (const handler of handlers) queueMicrotask(handler)
  }
  return store
}
