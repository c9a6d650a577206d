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
  'accepts-then-breaks',
  'breaks',
] as const
export type Mode = (typeof modes)[number]
/** About the sending itself: a list is given as usual. */
const onSending: ReadonlySet<Mode> = new Set(['rejects', 'accepts-then-drops', 'accepts-then-breaks'])

/** What it does wrong, for how many requests; and what was really sent, by whose it is. */
export class Control {
  #mode: Mode = 'answers'
  #times: number | null = null
  readonly #sent = new Map<string, number>()
  readonly #is: (mode: Mode, times: number | null) => void
  readonly sent: (key: string) => void
  readonly reset: () => void

  constructor(journal: SimJournal) {
    this.#is = journal.change('fault', (mode, times) => {
      this.#mode = mode
      this.#times = times
    })
    this.sent = journal.change('sent', (key) => void this.#sent.set(key, (this.#sent.get(key) ?? 0) + 1))
    this.reset = journal.change('effects-forgotten', () => {
      this.#mode = 'answers'
      this.#times = null
      this.#sent.clear()
    })
  }

  set(mode: unknown, times: unknown): boolean {
    if (!modes.includes(mode as Mode) || !(times == null || (Number.isInteger(times) && (times as number) > 0))) return false
    this.#is(mode as Mode, (times as number | null | undefined) ?? null)
    return true
  }
  /** Of this request; counts down only when it applies. */
  take(isSending: boolean): Mode {
    const mode = this.#mode
    if (mode === 'answers' || (onSending.has(mode) && !isSending)) return 'answers'
    if (this.#times === 1) this.#is('answers', null)
    else if (this.#times !== null) this.#is(mode, this.#times - 1)
    return mode
  }
  effects() {
    return { sendMessage: { count: [...this.#sent.values()].reduce((sum, n) => sum + n, 0), byKey: Object.fromEntries(this.#sent) } }
  }
  /** One by one: tests that kill things read them so. */
  each(): { operation: 'sendMessage'; key: string; times: number }[] {
    return [...this.#sent].map(([key, times]) => ({ operation: 'sendMessage', key, times }))
  }
}
