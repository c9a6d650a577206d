import { everyMode } from '../../sim-faults.ts'
import type { SimJournal } from '../../sim-journal.ts'

/** The faults of the doors that a test sets; those that every simulator has, and more. */
export const modes = [...everyMode, 'breaks', 'answers-truncated', 'answers-foreign', 'answers-document', 'answers-later'] as const
export type Mode = (typeof modes)[number]

export class Control {
  #mode: Mode = 'answers'
  #times: number | null = null

  readonly set: (mode: Mode, times: number | null) => void

  constructor(journal: SimJournal) {
    this.set = journal.change('fault', (mode, times) => {
      this.#mode = mode
      this.#times = times
    })
  }
  peek(): Mode {
    return this.#mode
  }
  /** `answers-later` does not wear off: its count is how many polls are answered 202 again. */
  get polls(): number {
    return this.#times ?? 1
  }
  /** The mode for this call, if it is one of these; a mode with a count wears off. */
  take(of: readonly Mode[] = modes): Mode {
    const mode = this.#mode
    if (!of.includes(mode)) return 'answers'
    if (this.#times !== null && mode !== 'answers-later') {
      if (this.#times <= 1) this.set('answers', null)
      else this.set(mode, this.#times - 1)
    }
    return mode
  }
}
