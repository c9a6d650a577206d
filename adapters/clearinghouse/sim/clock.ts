import { SimJournal } from '../../sim-journal.ts'

export interface ClockSetting {
  now?: Date
  /** Simulated milliseconds per real one; 0.001 to 100,000. */
  speed?: number
  frozen?: boolean
}
interface ClockReading {
  now: string
  speed: number
  frozen: boolean
}
interface Due {
  at: number
  order: number
  what: string
  run(): void
}

/** All that a later process needs to go on from here; `realMs` is of the machine's own monotonic clock. */
interface Reckoning {
  nowMs: number
  realMs: number
  speed: number
  frozen: boolean
}

/** The same for every process until the machine itself starts anew; never set back. */
const realMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** A real timer is set for at most this long; it then looks again. */
const realWaitMsMax = 60_000

/**
 * The simulator's own time. Everything it does later hangs on it, so whoever moves the clock gets what is due on the way, in its
 * order, each at its own moment.
 */
export class SimClock {
  #base: number
  #baseReal = realMs()
  #speed: number
  #frozen: boolean
  #waiting: Due[] = []
  #order = 0
  #timer: NodeJS.Timeout | undefined
  readonly #journal: SimJournal
  readonly #reckon: (from: Reckoning) => void

  constructor(setting: ClockSetting = {}, journal = new SimJournal()) {
    this.#journal = journal
    this.#base = (setting.now ?? new Date()).getTime()
    this.#speed = setting.speed ?? 1
    this.#frozen = setting.frozen ?? false
    this.#reckon = journal.change('clock', (from) => {
      this.#base = from.nowMs
      this.#baseReal = from.realMs
      this.#speed = from.speed
      this.#frozen = from.frozen
    })
  }

  nowMs(): number {
    return this.#frozen ? this.#base : this.#base + Math.max(0, realMs() - this.#baseReal) * this.#speed
  }
  now(): Date {
    return new Date(this.nowMs())
  }
  reading(): ClockReading {
    return { now: this.now().toISOString(), speed: this.#speed, frozen: this.#frozen }
  }
  /** What is still to come, soonest first. */
  waiting(): { due: string; what: string }[] {
    return this.#waiting.map(({ at, what }) => ({ due: new Date(at).toISOString(), what }))
  }

  /** Backward: what waits keeps its moment. Forward: what is due happens first. */
  set(setting: ClockSetting): void {
    this.#journal.together(() => {
      const now = setting.now?.getTime() ?? this.nowMs()
      this.#runUntil(now)
      this.#reckon({ nowMs: now, realMs: realMs(), speed: setting.speed ?? this.#speed, frozen: setting.frozen ?? this.#frozen })
    })
    this.#arm()
  }
  advance(ms: number): void {
    this.set({ now: new Date(this.nowMs() + ms) })
  }

  /** Runs once at that moment or, if it has passed, with the next turn of the event loop. Returns how to call it off. */
  at(moment: Date, what: string, run: () => void): () => void {
    this.#order += 1
    const due: Due = { at: moment.getTime(), order: this.#order, what, run }
    this.#waiting.push(due)
    this.#waiting.sort((a, b) => a.at - b.at || a.order - b.order)
    this.#arm()
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== due)
    }
  }
  after(ms: number, what: string, run: () => void): () => void {
    return this.at(new Date(this.nowMs() + ms), what, run)
  }
  forget(): void {
    this.#waiting = []
    this.#arm()
  }
  stop(): void {
    this.#waiting = []
    clearTimeout(this.#timer)
  }

  /** While a due thing runs the clock shows its moment: what it plans in turn is counted from there. */
  #runUntil(until: number): void {
    const [frozen, base, baseReal] = [this.#frozen, this.#base, this.#baseReal]
    this.#frozen = true
    try {
      for (let due = this.#waiting[0]; due && due.at <= until; due = this.#waiting[0]) {
        this.#waiting.shift()
        this.#base = due.at
        due.run()
      }
    } finally {
      this.#frozen = frozen
      this.#base = base
      this.#baseReal = baseReal
    }
  }
  #arm(): void {
    clearTimeout(this.#timer)
    const next = this.#waiting[0]
    if (!next || this.#frozen) return
    const realMs = Math.max(0, (next.at - this.nowMs()) / this.#speed)
    this.#timer = setTimeout(
      () => {
        this.#runUntil(this.nowMs())
        this.#arm()
      },
      Math.min(realMs, realWaitMsMax),
    )
    this.#timer.unref()
  }
}
