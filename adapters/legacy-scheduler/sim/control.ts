import type { SimJournal } from '../../sim-journal.ts'

export const modes = ['answers', 'rejects', 'drops', 'stalls', 'throttles', 'refuses-key', 'answers-garbage', 'accepts-then-drops', 'fails', 'is-away']
/** These are about what is asked for, so a look that goes before it is spared. */
const onTheAct = ['rejects', 'accepts-then-drops']
export const operations = ['readAppointment', 'putAppointment', 'listAppointments', 'setMode'] as const
export type Operation = (typeof operations)[number]

/** What it does wrong, for how many requests; and what was really done, by key. */
export class Control {
  #mode = 'answers'
  #times: number | null = null
  #effects = new Map<string, { operation: Operation; key: string; times: number }>()
  readonly #is: (mode: string, times: number | null) => void
  readonly #did: (operation: Operation, key: string, more: number) => void
  readonly reset: () => void

  constructor(journal: SimJournal) {
    this.#is = journal.change('fault', (mode, times) => {
      this.#mode = mode
      this.#times = times
    })
    this.#did = journal.change('did', (operation, key, more) => {
      const id = `${operation} ${key}`
      const times = this.#effects.get(id)?.times ?? 0
      this.#effects.set(id, { operation, key, times: times + more })
    })
    this.reset = journal.change('effects-forgotten', () => {
      this.#mode = 'answers'
      this.#times = null
      this.#effects.clear()
    })
  }

  set(mode: unknown, times: unknown): boolean {
    if (typeof mode !== 'string' || !modes.includes(mode)) return false
    if (times !== null && times !== undefined && (!Number.isInteger(times) || (times as number) < 1)) return false
    this.#is(mode, (times as number | null | undefined) ?? null)
    return true
  }
  /** Of this request; counts down only when it applies. */
  take(isAct: boolean): string {
    const mode = this.#mode
    if (mode === 'answers' || (onTheAct.includes(mode) && !isAct)) return 'answers'
    if (this.#times === 1) this.#is('answers', null)
    else if (this.#times !== null) this.#is(mode, this.#times - 1)
    return mode
  }

  wrote(operation: Operation, key: string): void {
    this.#did(operation, key, 1)
  }
  /** A question is one, however often it is put under its key. */
  asked(operation: Operation, key: string): void {
    if (!this.#effects.has(`${operation} ${key}`)) this.#did(operation, key, 1)
  }
  effects(): Record<string, { count: number; byKey: Record<string, number> }> {
    return Object.fromEntries(
      operations.map((operation) => {
        const all = this.each().filter((effect) => effect.operation === operation)
        return [operation, { count: all.reduce((sum, { times }) => sum + times, 0), byKey: Object.fromEntries(all.map(({ key, times }) => [key, times])) }]
      }),
    )
  }
  each(): { operation: Operation; key: string; times: number }[] {
    return [...this.#effects.values()]
  }
}
