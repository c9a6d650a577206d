/** A few places for many: each has one at most, and nobody waits inside for somebody else. */
export interface Places {
  /** False when all are taken, or this one has one already. */
  enter(id: string, work: () => Promise<void>): boolean
  /** When one of them is free. */
  free(): Promise<void>
  /** When everybody has left. */
  empty(): Promise<void>
}

export function makePlaces(placesMax: number): Places {
  const inside = new Map<string, Promise<void>>()
  return {
    enter(id, work) {
      if (inside.size >= placesMax || inside.has(id)) return false
      inside.set(
        id,
        work().finally(() => inside.delete(id)),
      )
      return true
    },
    free: async () => {
      while (inside.size >= placesMax) await Promise.race([...inside.values()].map((left) => left.catch(() => undefined)))
    },
    empty: async () => {
      await Promise.allSettled([...inside.values()])
    },
  }
}
