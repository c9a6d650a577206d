import { Random } from '../../fixtures/random.ts'

/** What a scripted year draws: the same seed is the same year, on every machine. */
export class Chance {
  #numbers: Random
  constructor(seed: number) {
    this.#numbers = new Random(seed)
  }
  /** 0 up to 1. */
  next(): number {
    return this.#numbers.next() / 4_294_967_296
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
