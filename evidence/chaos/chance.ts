/** Numbers that follow from a seed alone (mulberry32): the same seed is the same run. */
export class Chance {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }
  /** From 0 up to, but not, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  /** Both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }
  /** So often in the long run. */
  isLucky(share: number): boolean {
    return this.next() < share
  }
  one<T>(of: readonly T[]): T {
    const found = of[this.whole(0, of.length - 1)]
    if (found === undefined) throw new Error('nothing to choose from')
    return found
  }
  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items]
    for (let i = left.length - 1; i > 0; i -= 1) {
      const j = this.whole(0, i)
      const [a, b] = [left[i] as T, left[j] as T]
      left[i] = b
      left[j] = a
    }
    return left
  }
}
