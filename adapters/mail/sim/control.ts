import type { SimJournal } from '../../sim-journal.ts'

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
  'is-away',
] as const
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
  #mode: Mode = 'answers'
  #times: number | null = null
  readonly #taken = new Map<string, number>()
  readonly #is: (mode: Mode, times: number | null) => void
  readonly taken: (key: string) => void
  readonly reset: () => void

  constructor(journal: SimJournal) {
    this.#is = journal.change('fault', (mode, times) => {
      this.#mode = mode
      this.#times = times
    })
    this.taken = journal.change('taken', (key) => void this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1))
    this.reset = journal.change('effects-forgotten', () => {
      this.#mode = 'answers'
      this.#times = null
      this.#taken.clear()
    })
  }

  set(mode: unknown, times: unknown): boolean {
    if (!modes.includes(mode as Mode) || !(times == null || (Number.isInteger(times) && (times as number) > 0))) return false
    this.#is(mode as Mode, (times as number | null | undefined) ?? null)
    return true
  }
  /** The mode where it belongs to this step; counts down only then. */
  take(step: (typeof stepOf)[keyof typeof stepOf]): Mode {
    const mode = this.#mode
    if (mode === 'answers' || stepOf[mode] !== step) return 'answers'
    if (this.#times === 1) this.#is('answers', null)
    else if (this.#times !== null) this.#is(mode, this.#times - 1)
    return mode
  }
  effects() {
    return { sendMail: { count: [...this.#taken.values()].reduce((sum, n) => sum + n, 0), byKey: Object.fromEntries(this.#taken) } }
  }
  /** One by one: tests that kill things read them so. */
  each(): { operation: 'sendMail'; key: string; times: number }[] {
    return [...this.#taken].map(([key, times]) => ({ operation: 'sendMail', key, times }))
  }
}
