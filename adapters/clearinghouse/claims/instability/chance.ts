/** Numbers by seed: mulberry32. The same seed is the same year, on every machine. */
export class Chance {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }
  /** 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  between(from: number, to: number): number {
    return from + this.next() * (to - from)
  }
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1))
  }
  pick<T>(of: readonly T[]): T {
    const one = of[Math.floor(this.next() * of.length)]
    if (one === undefined) throw new Error('there is nothing to pick from')
    return one
  }
  happens(share: number): boolean {
    return this.next() < share
  }
  /** Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }
}
