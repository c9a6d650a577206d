import { countOf, type SimCount } from '../../sim-effects.ts'
import { everyMode } from '../../sim-faults.ts'
import type { SimJournal } from '../../sim-journal.ts'
import type { Decline } from './records.ts'

/** Fault modes that a test sets, and counters of what was really done. */
export const modes = [...everyMode, 'breaks', 'accepts-then-breaks'] as const
export type Mode = (typeof modes)[number]
/** These speak about the work itself, so they wait for the intent or the refund; the others hit whatever comes first. */
const workModes: ReadonlySet<Mode> = new Set(['rejects', 'answers-garbage', 'accepts-then-drops', 'accepts-then-breaks'])

/** Whose an effect is: our metadata on the object, and the method's token. */
export interface Whose {
  payment: string | null
  patient: string | null
  token: string | null
  /** Only where money was taken or given back. */
  charge?: string
  refund?: string
}
/** What is counted. `checkMethod`: an intent was looked up, once however often; the others are writes. */
export const operations = ['createCustomer', 'storeCard', 'charge', 'refund', 'checkMethod'] as const
export type Operation = (typeof operations)[number]
interface Effect extends Whose {
  operation: Operation
  key: string
  times: number
}

export class Control {
  #mode: Mode = 'answers'
  #times: number | null = null
  #decline: { decline: Decline; times: number } | null = null
  #effects = new Map<string, Effect>()
  readonly set: (mode: Mode, times: number | null) => void
  readonly did: (operation: Operation, key: string, whose: Whose) => void
  /** The next charges of methods on file are declined so. */
  readonly declineNext: (next: { decline: Decline; times: number } | null) => void
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
    this.declineNext = journal.change('decline-next', (next) => {
      this.#decline = next
    })
    this.#forget = journal.change('effects-forgotten', () => {
      this.#effects.clear()
    })
  }

  /** The mode for a read: it is played, but does not wear off. */
  peek(): Mode {
    return workModes.has(this.#mode) ? 'answers' : this.#mode
  }
  /** For a write, or for a read of the very thing that was worked on: nobody can turn down a read. */
  take(isWork: boolean, isRead = false): Mode {
    const mode = this.#mode
    if (workModes.has(mode) ? !isWork || (isRead && mode === 'rejects') : isRead) return this.peek()
    if (this.#times !== null) {
      if (this.#times <= 1) this.set('answers', null)
      else this.set(mode, this.#times - 1)
    }
    return mode
  }
  takeDecline(): Decline | null {
    const next = this.#decline
    if (!next) return null
    this.declineNext(next.times > 1 ? { ...next, times: next.times - 1 } : null)
    return next.decline
  }
  /** A read leaves nothing behind, so the second one is no second effect. */
  looked(key: string, whose: Whose): void {
    if (!this.#effects.has(`checkMethod ${key}`)) this.did('checkMethod', key, whose)
  }
  counts(): Record<string, SimCount> {
    return Object.fromEntries(operations.map((operation) => [operation, countOf(this.each().filter((effect) => effect.operation === operation))]))
  }
  /** One by one, with what tells whose it is. */
  each(): Effect[] {
    return [...this.#effects.values()]
  }
  reset(): void {
    this.set('answers', null)
    this.declineNext(null)
    this.#forget()
  }
}
