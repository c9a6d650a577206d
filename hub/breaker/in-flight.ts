/**
 * Calls in flight per key, counted by us: opossum's own capacity counts a full house as a failure of the partner.
 * Nobody waits here; who is over the limit hands the delivery back delayed.
 */
export interface InFlight {
  /** Undefined when the limit is reached; otherwise the function that gives the place back (harmless twice). */
  enter(key: string, inFlightMax: number): (() => void) | undefined
  count(key: string): number
}

export function makeInFlight(): InFlight {
  const counts = new Map<string, number>()
  const count = (key: string): number => counts.get(key) ?? 0
  return {
    count,
    enter(key, inFlightMax) {
      if (count(key) >= inFlightMax) return undefined
      counts.set(key, count(key) + 1)
      let left = false
      return () => {
        if (left) return
        left = true
        const rest = count(key) - 1
        if (rest > 0) counts.set(key, rest)
        else counts.delete(key)
      }
    },
  }
}
