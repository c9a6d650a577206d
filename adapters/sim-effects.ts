import type { SimJournal } from './sim-journal.ts'

export interface SimCount {
  count: number
  byKey: Record<string, number>
}

/** As `GET /_sim/effects` says it. */
export const countOf = (effects: Iterable<{ key: string; times: number }>): SimCount => {
  const all = [...effects]
  return { count: all.reduce((sum, { times }) => sum + times, 0), byKey: Object.fromEntries(all.map(({ key, times }) => [key, times])) }
}

/** Of a partner that does one thing for us: how often it was really done, by whose it is. */
export class SimEffects<Operation extends string> {
  readonly #operation: Operation
  readonly #times = new Map<string, number>()
  readonly did: (key: string) => void
  readonly forget: () => void

  /** `change`: its name in the journal. */
  constructor(journal: SimJournal, { operation, change }: { operation: Operation; change: string }) {
    this.#operation = operation
    this.did = journal.change(change, (key) => void this.#times.set(key, (this.#times.get(key) ?? 0) + 1))
    this.forget = journal.change('effects-forgotten', () => this.#times.clear())
  }

  counts(): Record<string, SimCount> {
    return { [this.#operation]: countOf(this.each()) }
  }
  /** One by one: tests that kill things read them so. */
  each(): { operation: Operation; key: string; times: number }[] {
    return [...this.#times].map(([key, times]) => ({ operation: this.#operation, key, times }))
  }
}
