import type { SimJournal } from '../../sim-journal.ts'
import type { SimClock } from './clock.ts'

/** What was really done: every effect can be counted, by its key. */
const effectNames = ['checkEligibility', 'submitBatch', 'batchInquiry', 'repeatedInquiry', 'duplicateInquiry', 'duplicateInterchange'] as const
type EffectName = (typeof effectNames)[number]

/** Whose an inquiry was: its trace, and the member id that was asked about. */
interface Whose {
  trace: string
  member: string
}
interface Effect extends Partial<Whose> {
  operation: EffectName
  key: string
  times: number
}

export class Effects {
  #effects = new Map<string, Effect>()
  readonly #did: (operation: EffectName, key: string, whose: Partial<Whose>) => void
  readonly clear: () => void

  constructor(journal: SimJournal) {
    this.#did = journal.change('did', (operation, key, whose) => {
      const id = `${operation} ${key}`
      this.#effects.set(id, { operation, key, ...whose, times: (this.#effects.get(id)?.times ?? 0) + 1 })
    })
    this.clear = journal.change('effects-forgotten', () => this.#effects.clear())
  }
  did(operation: EffectName, key: string, whose: Partial<Whose> = {}): void {
    this.#did(operation, key, whose)
  }
  all(): Record<string, { count: number; byKey: Record<string, number> }> {
    const all: Record<string, { count: number; byKey: Record<string, number> }> = { checkEligibility: { count: 0, byKey: {} } }
    for (const { operation, key, times } of this.#effects.values()) {
      all[operation] ??= { count: 0, byKey: {} }
      all[operation].count += times
      all[operation].byKey[key] = times
    }
    return all
  }
  /** One by one, with what tells whose it is. */
  each(): Effect[] {
    return [...this.#effects.values()]
  }
}

/** What came and what was done about it. Codes, traces and numbers; no member's value, and no name that a sender gave a file. */
interface LogLine {
  at: string
  what: string
  [fact: string]: string | number
}
const linesMax = 10_000

export class Log {
  #lines: LogLine[] = []
  readonly #clock: SimClock
  readonly #add: (line: LogLine) => void
  readonly clear: () => void

  constructor(journal: SimJournal, clock: SimClock) {
    this.#clock = clock
    this.#add = journal.change('log', (line) => {
      if (this.#lines.length >= linesMax) this.#lines.shift()
      this.#lines.push(line)
    })
    this.clear = journal.change('log-forgotten', () => {
      this.#lines = []
    })
  }
  add(what: string, facts: Record<string, string | number> = {}): void {
    this.#add({ at: this.#clock.now().toISOString(), what, ...facts })
  }
  lines(): readonly LogLine[] {
    return this.#lines
  }
}

/** A map that forgets its oldest. `name`: of its changes in the journal. */
export class Memory<V> {
  readonly #values = new Map<string, V>()
  readonly set: (key: string, value: V) => void
  readonly clear: () => void

  constructor(journal: SimJournal, name: string, max: number) {
    this.set = journal.change(name, (key, value) => {
      this.#values.delete(key)
      this.#values.set(key, value)
      const oldest = this.#values.keys().next()
      if (this.#values.size > max && !oldest.done) this.#values.delete(oldest.value)
    })
    this.clear = journal.change(`${name}-forgotten`, () => this.#values.clear())
  }
  get(key: string): V | undefined {
    return this.#values.get(key)
  }
  has(key: string): boolean {
    return this.#values.has(key)
  }
}
