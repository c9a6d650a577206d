import { SimEffects } from '../../sim-effects.ts'
import { everyMode, SimFaults } from '../../sim-faults.ts'
import type { SimJournal } from '../../sim-journal.ts'

const modes = [...everyMode, 'breaks', 'is-away'] as const
export type Mode = (typeof modes)[number]
/** At which step of a session it shows. Whoever only greets is not touched by what is about a mail. */
export const stepOf: Readonly<Record<Exclude<Mode, 'answers'>, 'connect' | 'auth' | 'rcpt' | 'data'>> = {
  drops: 'connect',
  'answers-garbage': 'connect',
  'is-away': 'connect',
  'refuses-key': 'auth',
  rejects: 'rcpt',
  stalls: 'rcpt',
  throttles: 'rcpt',
  breaks: 'data',
  'accepts-then-drops': 'data',
}

/** What it does wrong, for how many sessions; and what was really taken, by its Message-ID. */
export class Control {
  readonly #faults: SimFaults<Mode>
  readonly effects: SimEffects<'sendMail'>

  constructor(journal: SimJournal) {
    this.#faults = new SimFaults(journal, modes)
    this.effects = new SimEffects(journal, { operation: 'sendMail', change: 'taken' })
  }

  set(mode: unknown, times: unknown): boolean {
    return this.#faults.set(mode, times)
  }
  /** The mode where it belongs to this step. */
  take(step: (typeof stepOf)[keyof typeof stepOf]): Mode {
    return this.#faults.take((mode) => mode !== 'answers' && stepOf[mode] === step)
  }
  reset(): void {
    this.#faults.clear()
    this.effects.forget()
  }
}
