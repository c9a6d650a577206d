import type { SimJournal } from './sim-journal.ts'

/** What every simulated partner can do wrong; the contract suite plays them all. */
export const everyMode = ['answers', 'rejects', 'drops', 'stalls', 'throttles', 'refuses-key', 'answers-garbage', 'accepts-then-drops'] as const

/** What a test told it to do wrong, and for how many requests (null: until told otherwise). */
export class SimFaults<Mode extends string> {
  readonly #modes: readonly Mode[]
  #mode: Mode | 'answers' = 'answers'
  #times: number | null = null
  readonly #is: (mode: Mode | 'answers', times: number | null) => void

  constructor(journal: SimJournal, modes: readonly Mode[]) {
    this.#modes = modes
    this.#is = journal.change('fault', (mode, times) => {
      this.#mode = mode
      this.#times = times
    })
  }

  /** As it came over the wire; false: no such mode, or not such a number. */
  set(mode: unknown, times: unknown): boolean {
    if (!this.#modes.includes(mode as Mode) || !(times == null || (Number.isInteger(times) && (times as number) > 0))) return false
    this.#is(mode as Mode, (times as number | null | undefined) ?? null)
    return true
  }
  clear(): void {
    this.#is('answers', null)
  }
  /** The mode of this request; counts down only when it is for it. */
  take(isForIt: (mode: Mode) => boolean): Mode | 'answers' {
    const mode = this.#mode
    if (mode === 'answers' || !isForIt(mode)) return 'answers'
    if (this.#times === 1) this.clear()
    else if (this.#times !== null) this.#is(mode, this.#times - 1)
    return mode
  }
}
