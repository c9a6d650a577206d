interface Waiting {
  tenantId: string
  enter(): void
}
export interface Places {
  /** Undefined when none came free before `signal` aborted; else what gives it back. */
  take(tenantId: string, signal: AbortSignal): Promise<(() => void) | undefined>
}

/**
 * Places that clinics share: no clinic has more than `ofOneMax`, and one that comes free goes to the clinic that has the fewest, among these to
 * who waits longest. What one clinic's partner is slow at is waited for by that clinic.
 */
export function makePlaces(max: number, ofOneMax: number): Places {
  let taken = 0
  const byTenant = new Map<string, number>()
  /** The longest wait first. */
  const waiting = new Set<Waiting>()
  const heldBy = (tenantId: string): number => byTenant.get(tenantId) ?? 0
  const count = (tenantId: string, by: 1 | -1): void => {
    taken += by
    const held = heldBy(tenantId) + by
    if (held === 0) byTenant.delete(tenantId)
    else byTenant.set(tenantId, held)
  }
  /** The place is taken here and not when they wake: nobody comes between. */
  const letIn = (): void => {
    while (taken < max) {
      const [next] = [...waiting].filter(({ tenantId }) => heldBy(tenantId) < ofOneMax).sort((a, b) => heldBy(a.tenantId) - heldBy(b.tenantId))
      if (!next) return
      waiting.delete(next)
      count(next.tenantId, 1)
      next.enter()
    }
  }
  return {
    async take(tenantId, signal) {
      const turn = Promise.withResolvers<void>()
      let entered = false
      const mine: Waiting = {
        tenantId,
        enter() {
          entered = true
          turn.resolve()
        },
      }
      const free = (): void => {
        count(tenantId, -1)
        letIn()
      }
      waiting.add(mine)
      letIn()
      if (await orAborted(turn.promise, signal)) return free
      waiting.delete(mine)
      // Both at once: the place goes to the next.
      if (entered) free()
      return undefined
    },
  }
}

/** True when it came first; throws what it throws. */
export function orAborted(what: Promise<void>, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve, reject) => {
    const aborted = (): void => resolve(false)
    signal.addEventListener('abort', aborted, { once: true })
    what.finally(() => signal.removeEventListener('abort', aborted)).then(() => resolve(true), reject)
  })
}
