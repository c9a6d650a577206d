/** A few places for many: who finds none comes again in the next round, and who has waited longest comes first. */
export interface Places {
  /** False when all are taken, or this one has one already. */
  enter(id: string, work: () => Promise<void>): boolean
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
    empty: async () => {
      await Promise.allSettled([...inside.values()])
    },
  }
}
