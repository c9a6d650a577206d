import type { SimJournal } from '../../sim-journal.ts'

/** Fault modes that a test sets, and counters of what was really done. */
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
  'accepts-then-breaks',
] as const
export type Mode = (typeof modes)[number]
/** These speak about the card, so they wait for the SetupIntent; the others hit whatever comes first. */
const cardModes: ReadonlySet<Mode> = new Set(['rejects', 'answers-garbage', 'accepts-then-drops', 'accepts-then-breaks'])

/** Whose an effect is: our metadata on the object, and the card's token. */
export interface Whose {
  payment: string | null
  patient: string | null
  token: string | null
}
type Operation = 'createCustomer' | 'storeCard'
interface Effect extends Whose {
  operation: Operation
  key: string
  times: number
}
const operations: readonly Operation[] = ['createCustomer', 'storeCard']

export class Control {
  #mode: Mode = 'answers'
  #times: number | null = null
  #effects = new Map<string, Effect>()
  readonly set: (mode: Mode, times: number | null) => void
  readonly did: (operation: Operation, key: string, whose: Whose) => void
  readonly #forget: () => void

  constructor(journal: SimJournal) {
    this.set = journal.change('fault', (mode, times) => {
      this.#mode = mode
      this.#times = times
    })
    this.did = journal.change('did', (operation, key, whose) => {
      const id = `${operation} ${key}`
      this.#effects.set(id, { operation, key, ...whose, times: (this.#effects.get(id)?.times ?? 0) + 1 })
    })
    this.#forget = journal.change('effects-forgotten', () => {
      this.#effects.clear()
    })
  }

  /** The mode for a read: it is played, but does not wear off. */
  peek(): Mode {
    return cardModes.has(this.#mode) ? 'answers' : this.#mode
  }
  take(isCard: boolean): Mode {
    const mode = this.#mode
    if (cardModes.has(mode) && !isCard) return 'answers'
    if (this.#times !== null) {
      if (this.#times <= 1) this.set('answers', null)
      else this.set(mode, this.#times - 1)
    }
    return mode
  }
  effects(): Record<string, { count: number; byKey: Record<string, number> }> {
    return Object.fromEntries(
      operations.map((operation) => {
        const all = this.each().filter((one) => one.operation === operation)
        return [operation, { count: all.reduce((sum, { times }) => sum + times, 0), byKey: Object.fromEntries(all.map(({ key, times }) => [key, times])) }]
      }),
    )
  }
  /** One by one, with what tells whose it is. */
  each(): Effect[] {
    return [...this.#effects.values()]
  }
  reset(): void {
    this.set('answers', null)
    this.#forget()
  }
}
