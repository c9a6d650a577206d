import type { SimJournal } from '../../sim-journal.ts'
import { isVendor, type Rules, type Vendor, vendors } from './vendors.ts'

const overRules = ['conditionalCreate', 'conditionalUpdate', 'transaction', 'batch', 'versioned'] as const
interface KnobValues extends Partial<Record<(typeof overRules)[number], boolean>> {
  /** Between the look of a write and the write itself. 0: nobody can come in between. */
  raceWindowMs: number
  /** A write is begun so much later, whether or not its sender still waits. */
  commitDelayMs: number
  /** `ignored`: as if the parameter were not there, which finds everybody. */
  unknownParameters: 'ignored' | 'refused'
  vendor: Vendor
}
const delayMsMax = 60_000

/** How this server is made, as far as a test may choose it. */
export class Knobs {
  readonly #defaults: KnobValues
  #values: KnobValues
  readonly #are: (values: KnobValues) => void

  constructor(journal: SimJournal, vendor: Vendor) {
    this.#defaults = { raceWindowMs: 0, commitDelayMs: 0, unknownParameters: 'ignored', vendor }
    this.#values = this.#defaults
    this.#are = journal.change('knobs', (values) => {
      this.#values = values
    })
  }
  get values(): Readonly<KnobValues> {
    return this.#values
  }
  rules(): Rules {
    const over = overRules.flatMap((name) => (this.#values[name] === undefined ? [] : [[name, this.#values[name]]]))
    return { ...vendors[this.#values.vendor], ...Object.fromEntries(over) }
  }
  /** False: there is no such knob, or it cannot stand there. What is not named stays. */
  turn(wanted: unknown): boolean {
    if (typeof wanted !== 'object' || wanted === null || !Object.entries(wanted).every(([name, value]) => this.#fits(name, value))) return false
    this.#are({ ...this.#values, ...wanted })
    return true
  }
  reset(): void {
    if (this.#values !== this.#defaults) this.#are(this.#defaults)
  }
  #fits(name: string, value: unknown): boolean {
    if (name === 'raceWindowMs' || name === 'commitDelayMs') return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= delayMsMax
    if (name === 'unknownParameters') return value === 'ignored' || value === 'refused'
    if (name === 'vendor') return isVendor(value)
    return (overRules as readonly string[]).includes(name) && typeof value === 'boolean'
  }
}
