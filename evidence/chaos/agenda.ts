/**
 * The runs of a lane, in their order. One at which nobody came is made once more after all others, before it counts as not met: by then the
 * breaker that was open is closed, and the file that was late is there.
 */
export class Agenda<Run> {
  readonly #first: Run[]
  readonly #again: Run[] = []
  readonly #givenUp: Run[] = []
  #isSecondTry = false

  constructor(runs: readonly Run[]) {
    this.#first = [...runs]
  }

  /** How many are to be made yet, second tries among them. */
  get left(): number {
    return this.#first.length + this.#again.length
  }

  /** Undefined: all were made. */
  next(): Run | undefined {
    this.#isSecondTry = this.#first.length === 0
    return this.#first.shift() ?? this.#again.shift()
  }

  /** Nobody came to the one that `next` gave. */
  missed(run: Run): void {
    if (this.#isSecondTry) this.#givenUp.push(run)
    else this.#again.push(run)
  }

  /** Nobody came, the second time either; those that wait for it are among them when a lane stops early. */
  notMet(): Run[] {
    return [...this.#givenUp, ...this.#again]
  }
}
