import type { SimJournal } from './sim-journal.ts'

const advanceMsMax = 400 * 86_400_000

/**
 * A simulated partner's time: this machine's, ahead by what a test has moved it. A day passes in a moment, a restart does not set it back, and what
 * the partner stamps (versions, events) follows it.
 */
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
