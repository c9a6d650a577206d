import type { SimJournal } from '../../sim-journal.ts'

/** What the simulator does wrong, for how many requests. From the second line on: beyond what every simulator knows. */
export const modes = [
  ...['answers', 'rejects', 'drops', 'stalls', 'throttles', 'refuses-key', 'answers-garbage', 'accepts-then-drops'],
  ...['answers-short', 'conflicts', 'fails', 'is-away', 'redirects', 'floods'],
  ...['write-conflicts', 'precondition-fails', 'touched-meanwhile'],
]
const onWritesOnly = ['rejects', 'accepts-then-drops', 'answers-short', 'write-conflicts', 'precondition-fails']

/** What a request is, as far as it decides whether a fault is for it. */
export interface Kind {
  isWrite: boolean
  /** It names the version that it changes. */
  hasIfMatch: boolean
}

export class Faults {
  #mode = 'answers'
  #times: number | null = null
  readonly #is: (mode: string, times: number | null) => void

  constructor(journal: SimJournal) {
    this.#is = journal.change('fault', (mode, times) => {
      this.#mode = mode
      this.#times = times
    })
  }

  set(mode: unknown, times: unknown): boolean {
    if (typeof mode !== 'string' || !modes.includes(mode)) return false
    if (times !== null && times !== undefined && (!Number.isInteger(times) || (times as number) < 1)) return false
    this.#is(mode, (times as number | null | undefined) ?? null)
    return true
  }

  /** The mode of this request; counts down only when it applies. */
  take({ isWrite, hasIfMatch }: Kind): string {
    const mode = this.#mode
    const isForIt = mode === 'touched-meanwhile' ? isWrite && hasIfMatch : isWrite || !onWritesOnly.includes(mode)
    if (mode === 'answers' || !isForIt) return 'answers'
    if (this.#times === 1) this.#is('answers', null)
    else if (this.#times !== null) this.#is(mode, this.#times - 1)
    return mode
  }
}
