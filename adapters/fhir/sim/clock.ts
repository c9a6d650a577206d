import type { SimJournal } from '../../sim-journal.ts'

const advanceMsMax = 400 * 86_400_000

/** This machine's time, ahead by what a test has moved it; it stamps versions, and a restart does not set it back. */
export class SimClock {
  #aheadMs = 0
  readonly #goAhead: (ms: number) => void

  constructor(journal: SimJournal) {
    this.#goAhead = journal.change('clock', (ms) => {
      this.#aheadMs += ms
    })
  }
  nowMs(): number {
    return Date.now() + this.#aheadMs
  }
  now(): string {
    return new Date(this.nowMs()).toISOString()
  }
  /** False: forward only, and not for ever. */
  advance(ms: unknown): boolean {
    if (typeof ms !== 'number' || !(ms >= 0 && ms <= advanceMsMax)) return false
    this.#goAhead(ms)
    return true
  }
}
