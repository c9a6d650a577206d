/** Fault modes that a test sets, and counters of what was really done. */
export const modes = [
  'answers',
  'rejects',
  'drops',
  'stalls',
  'throttles',
  'refuses-key',
  'answers-garbage',
  'accepts-then-drops',
  'breaks',
  'accepts-then-breaks',
] as const
export type Mode = (typeof modes)[number]
/** These speak about the card, so they wait for the SetupIntent; the others hit whatever comes first. */
const cardModes: ReadonlySet<Mode> = new Set(['rejects', 'answers-garbage', 'accepts-then-drops', 'accepts-then-breaks'])

export class Control {
  #mode: Mode = 'answers'
  #times: number | null = null
  #effects: Record<string, Map<string, number>> = {}

  set(mode: Mode, times: number | null): void {
    this.#mode = mode
    this.#times = times
  }
  /** The mode for a read: it is played, but does not wear off. */
  peek(): Mode {
    return cardModes.has(this.#mode) ? 'answers' : this.#mode
  }
  take(isCard: boolean): Mode {
    const mode = this.#mode
    if (cardModes.has(mode) && !isCard) return 'answers'
    if (this.#times !== null) {
      this.#times -= 1
      if (this.#times <= 0) this.set('answers', null)
    }
    return mode
  }
  did(operation: 'createCustomer' | 'storeCard', key: string): void {
    const byKey = this.#effects[operation] ?? new Map<string, number>()
    this.#effects[operation] = byKey.set(key, (byKey.get(key) ?? 0) + 1)
  }
  effects(): Record<string, { count: number; byKey: Record<string, number> }> {
    const count = (byKey: Map<string, number>) => [...byKey.values()].reduce((sum, n) => sum + n, 0)
    const none = { createCustomer: { count: 0, byKey: {} }, storeCard: { count: 0, byKey: {} } }
    return {
      ...none,
      ...Object.fromEntries(Object.entries(this.#effects).map(([op, byKey]) => [op, { count: count(byKey), byKey: Object.fromEntries(byKey) }])),
    }
  }
  reset(): void {
    this.set('answers', null)
    this.#effects = {}
  }
}
