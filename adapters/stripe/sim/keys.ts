import type { SimClock } from '../../sim-clock.ts'
import type { SimJournal } from '../../sim-journal.ts'
import type { Reply } from './replies.ts'

interface Kept {
  fingerprint: string
  reply: Reply
  at: number
}

/** Idempotency keys as Stripe keeps them: the first result comes again, a 402 or 500 too; other parameters are refused. */
export class Keys {
  #kept = new Map<string, Kept>()
  readonly #clock: SimClock
  readonly #memoryMs: number
  readonly #keep: (key: string, kept: Kept) => void
  readonly forget: () => void

  constructor(journal: SimJournal, clock: SimClock, memoryMs: number) {
    this.#clock = clock
    this.#memoryMs = memoryMs
    this.#keep = journal.change('key', (key, kept) => {
      this.#kept.set(key, kept)
    })
    this.forget = journal.change('keys-forgotten', () => {
      this.#kept.clear()
    })
  }
  look(key: string, fingerprint: string): { is: 'new' } | { is: 'replay'; reply: Reply } | { is: 'conflict' } {
    const kept = this.#kept.get(key)
    if (!kept || this.#clock.nowMs() - kept.at > this.#memoryMs) return { is: 'new' }
    return kept.fingerprint === fingerprint ? { is: 'replay', reply: kept.reply } : { is: 'conflict' }
  }
  keep(key: string, fingerprint: string, reply: Reply): void {
    this.#keep(key, { fingerprint, reply, at: this.#clock.nowMs() })
  }
}
