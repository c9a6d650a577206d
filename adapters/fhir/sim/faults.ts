import { everyMode, SimFaults } from '../../sim-faults.ts'
import type { SimJournal } from '../../sim-journal.ts'

/** What the simulator does wrong, for how many requests. From the second line on: beyond what every simulator knows. */
export const modes = [
  ...everyMode,
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
  readonly #faults: SimFaults<string>

  constructor(journal: SimJournal) {
    this.#faults = new SimFaults(journal, modes)
  }

  set(mode: unknown, times: unknown): boolean {
    return this.#faults.set(mode, times)
  }
  take({ isWrite, hasIfMatch }: Kind): string {
    return this.#faults.take((mode) => (mode === 'touched-meanwhile' ? isWrite && hasIfMatch : isWrite || !onWritesOnly.includes(mode)))
  }
}
