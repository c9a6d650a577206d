/** The knobs of the control port: fault modes that a test sets, and counters of what was really done. */
export const modes = [
  'answers',
  'rejects',
  'drops',
  'stalls',
  'throttles',
  'refuses-key',
  'answers-garbage',
  'accepts-then-drops',
  // Beyond the list that every simulator has:
  'breaks',
  'answers-truncated',
  'answers-foreign',
  'answers-document',
] as const
export type Mode = (typeof modes)[number]

export class Control {
  #mode: Mode = 'answers'
  #times: number | null = null
  #effects = new Map<string, number>()

  set(mode: Mode, times: number | null): void {
    this.#mode = mode
    this.#times = times
  }
  peek(): Mode {
    return this.#mode
  }
  /** The mode for this call; a mode with a count wears off. */
  take(): Mode {
    const mode = this.#mode
    if (this.#times !== null) {
      this.#times -= 1
      if (this.#times <= 0) this.set('answers', null)
    }
    return mode
  }
  did(key: string): void {
    this.#effects.set(key, (this.#effects.get(key) ?? 0) + 1)
  }
  effects(): Record<string, { count: number; byKey: Record<string, number> }> {
    const count = [...this.#effects.values()].reduce((sum, n) => sum + n, 0)
    return { checkEligibility: { count, byKey: Object.fromEntries(this.#effects) } }
  }
  reset(): void {
    this.set('answers', null)
    this.#effects.clear()
  }
}
