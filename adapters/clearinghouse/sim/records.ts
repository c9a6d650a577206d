/** What was really done: every effect can be counted, by its key. */
const effectNames = ['checkEligibility', 'submitBatch', 'batchInquiry', 'repeatedInquiry', 'duplicateInquiry', 'duplicateInterchange'] as const
type EffectName = (typeof effectNames)[number]

export class Effects {
  #counts = new Map<EffectName, Map<string, number>>([['checkEligibility', new Map()]])

  did(name: EffectName, key: string): void {
    const byKey = this.#counts.get(name) ?? new Map<string, number>()
    byKey.set(key, (byKey.get(key) ?? 0) + 1)
    this.#counts.set(name, byKey)
  }
  all(): Record<string, { count: number; byKey: Record<string, number> }> {
    return Object.fromEntries(
      [...this.#counts].map(([name, byKey]) => [name, { count: [...byKey.values()].reduce((sum, n) => sum + n, 0), byKey: Object.fromEntries(byKey) }]),
    )
  }
  clear(): void {
    this.#counts = new Map([['checkEligibility', new Map()]])
  }
}

/** What came and what was done about it. Codes, traces and numbers; no member's value, and no name that a sender gave a file. */
interface LogLine {
  at: string
  what: string
  [fact: string]: string | number
}
const linesMax = 10_000

export class Journal {
  #lines: LogLine[] = []
  add(at: Date, what: string, facts: Record<string, string | number> = {}): void {
    if (this.#lines.length >= linesMax) this.#lines.shift()
    this.#lines.push({ at: at.toISOString(), what, ...facts })
  }
  lines(): readonly LogLine[] {
    return this.#lines
  }
  clear(): void {
    this.#lines = []
  }
}

/** A map that forgets its oldest. */
export class Memory<V> {
  #max: number
  #values = new Map<string, V>()
  constructor(max: number) {
    this.#max = max
  }
  get(key: string): V | undefined {
    return this.#values.get(key)
  }
  has(key: string): boolean {
    return this.#values.has(key)
  }
  set(key: string, value: V): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    const oldest = this.#values.keys().next()
    if (this.#values.size > this.#max && !oldest.done) this.#values.delete(oldest.value)
  }
  clear(): void {
    this.#values.clear()
  }
}
