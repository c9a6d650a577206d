import { appendFileSync, existsSync, openSync, readFileSync, truncateSync } from 'node:fs'

/**
 * What lets a simulated partner survive `kill -9`, as a real one does. Each part of a simulator names the changes that its memory
 * can go through; they are carried out by `apply` both when they happen and when the file is read again at the next start. A line
 * is appended synchronously before the answer is sent, so what was answered is never forgotten, and what was cut off never was.
 * A machine that loses its power may lose lines: there is no fsync, since only processes are killed here.
 */
export class SimJournal {
  readonly #applies = new Map<string, (facts: unknown[]) => void>()
  #file: number | undefined
  #line: unknown[][] = []
  #depth = 0

  /**
   * Returns how to make this change. Its facts must be JSON that nobody alters later, and hold everything that `apply` needs (the
   * moment, a random id): it makes no other change.
   */
  change<F extends unknown[]>(name: string, apply: (...facts: F) => void): (...facts: F) => void {
    if (this.#applies.has(name)) throw new Error(`two changes are named ${name}`)
    this.#applies.set(name, (facts) => apply(...(facts as F)))
    return (...facts) => {
      apply(...facts)
      if (this.#file === undefined) return
      this.#line.push([name, ...facts])
      if (this.#depth === 0) this.#write()
    }
  }

  /** All changes of this work in one line: after a kill there are all of them, or none. */
  together<T>(work: () => T): T {
    this.#depth += 1
    try {
      return work()
    } finally {
      this.#depth -= 1
      if (this.#depth === 0 && this.#line.length > 0) this.#write()
    }
  }

  /** Once, when every part has named its changes. Without a path nothing is kept. True: there was something to read. */
  open(path: string | undefined): boolean {
    if (!path) return false
    const whole = existsSync(path) ? this.#replay(path) : 0
    this.#file = openSync(path, 'a', 0o600)
    return whole > 0
  }

  /** A last line without its end was being written when the process was killed: nobody was told of it, so it is cut off. */
  #replay(path: string): number {
    const bytes = readFileSync(path)
    let at = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      for (const [name, ...facts] of this.#read(bytes.toString('utf8', at, end), path)) this.#applies.get(name)?.(facts)
      at = end + 1
    }
    if (at < bytes.length) truncateSync(path, at)
    return at
  }
  #read(line: string, path: string): [string, ...unknown[]][] {
    const changes = parsed(line)
    const isOurs = Array.isArray(changes) && changes.every((change) => Array.isArray(change) && this.#applies.has(change[0]))
    if (!isOurs) throw new Error(`${path} is no journal of this simulator, or is damaged`)
    return changes as [string, ...unknown[]][]
  }

  #write(): void {
    const text = `${JSON.stringify(this.#line)}\n`
    this.#line = []
    try {
      appendFileSync(this.#file as number, text)
    } catch (error) {
      // Memory already holds what the file does not: no answer may come from it.
      process.stderr.write(`the journal cannot be written: ${(error as NodeJS.ErrnoException).code}\n`)
      process.exit(1)
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
