import { SimEffects } from '../../sim-effects.ts'
import { everyMode, SimFaults } from '../../sim-faults.ts'
import type { SimJournal } from '../../sim-journal.ts'

const modes = [...everyMode, 'accepts-then-breaks', 'breaks'] as const
export type Mode = (typeof modes)[number]
/** About the sending itself: a list is given as usual. */
const onSending: ReadonlySet<Mode> = new Set(['rejects', 'accepts-then-drops', 'accepts-then-breaks'])

/** What it does wrong, for how many requests; and what was really sent, by whose it is. */
export class Control {
  readonly #faults: SimFaults<Mode>
  readonly effects: SimEffects<'sendMessage'>

  constructor(journal: SimJournal) {
    this.#faults = new SimFaults(journal, modes)
    this.effects = new SimEffects(journal, { operation: 'sendMessage', change: 'sent' })
  }

  set(mode: unknown, times: unknown): boolean {
    return this.#faults.set(mode, times)
  }
  take(isSending: boolean): Mode {
    return this.#faults.take((mode) => isSending || !onSending.has(mode))
  }
  reset(): void {
    this.#faults.clear()
    this.effects.forget()
  }
}
