import { countOf, type SimCount } from '../../sim-effects.ts'
import { everyMode, SimFaults } from '../../sim-faults.ts'
import type { SimJournal } from '../../sim-journal.ts'

export const modes: readonly string[] = [...everyMode, 'fails', 'is-away']
/** These are about what is asked for, so a look that goes before it is spared. */
const onTheAct = ['rejects', 'accepts-then-drops']
export const operations = ['readAppointment', 'putAppointment', 'listAppointments', 'setMode'] as const
export type Operation = (typeof operations)[number]

/** What it does wrong, for how many requests; and what was really done, by key. */
export class Control {
  readonly #faults: SimFaults<string>
  #effects = new Map<string, { operation: Operation; key: string; times: number }>()
  readonly #did: (operation: Operation, key: string, more: number) => void
  readonly #forget: () => void

  constructor(journal: SimJournal) {
    this.#faults = new SimFaults(journal, modes)
    this.#did = journal.change('did', (operation, key, more) => {
      const id = `${operation} ${key}`
      const times = this.#effects.get(id)?.times ?? 0
      this.#effects.set(id, { operation, key, times: times + more })
    })
    this.#forget = journal.change('effects-forgotten', () => this.#effects.clear())
  }

  set(mode: unknown, times: unknown): boolean {
    return this.#faults.set(mode, times)
  }
  take(isAct: boolean): string {
    return this.#faults.take((mode) => isAct || !onTheAct.includes(mode))
  }
  reset(): void {
    this.#faults.clear()
    this.#forget()
  }

  wrote(operation: Operation, key: string): void {
    this.#did(operation, key, 1)
  }
  /** A question is one, however often it is put under its key. */
  asked(operation: Operation, key: string): void {
    if (!this.#effects.has(`${operation} ${key}`)) this.#did(operation, key, 1)
  }
  counts(): Record<string, SimCount> {
    return Object.fromEntries(operations.map((operation) => [operation, countOf(this.each().filter((effect) => effect.operation === operation))]))
  }
  each(): { operation: Operation; key: string; times: number }[] {
    return [...this.#effects.values()]
  }
}
