import { type Accounting, defaultLimits, type Found, type Limits, problemsOf } from './found.ts'
import { Framer } from './framer.ts'
import type { Problem } from './problem.ts'

/** Whether a file is whole. */
interface Verification {
  /** At least one interchange, and no problem anywhere. Harmless junk is none. */
  intact: boolean
  interchanges: number
  groups: number
  transactions: number
  damagedTransactions: number
  /** TA1 segments. */
  acknowledgements: number
  /** The first 1,000, in file order. */
  problems: readonly Problem[]
  problemCount: number
  accounting: Accounting
}

const problemsMax = 1000

/** The envelope of a whole file, without decoding what is in it: the same problems at the same places as `readX12`. */
export function verifyX12(input: Uint8Array | Iterable<Uint8Array>, limits: Partial<Limits> = {}): Verification {
  const framer = new Framer({ ...defaultLimits, ...limits }, false)
  const tally = new Tally()
  for (const chunk of input instanceof Uint8Array ? [input] : input) for (const found of framer.push(chunk)) tally.add(found)
  for (const found of framer.end()) tally.add(found)
  return tally.verification()
}

export async function verifyX12Stream(chunks: AsyncIterable<Uint8Array>, limits: Partial<Limits> = {}): Promise<Verification> {
  const tally = new Tally()
  await eachFrame(chunks, (found) => tally.add(found), limits)
  return tally.verification()
}

/** Every item of a stream in file order, its envelope alone. A call back in place of a generator: items are many and small. */
export async function eachFrame(chunks: AsyncIterable<Uint8Array>, take: (found: Found) => void, limits: Partial<Limits> = {}): Promise<void> {
  const framer = new Framer({ ...defaultLimits, ...limits }, false)
  for await (const chunk of chunks) for (const found of framer.push(chunk)) take(found)
  for (const found of framer.end()) take(found)
}

class Tally {
  #counts = { interchanges: 0, groups: 0, transactions: 0, damagedTransactions: 0, acknowledgements: 0 }
  #problems: Problem[] = []
  #problemCount = 0
  #accounting: Accounting = { bytes: 0, segments: 0, separators: 0, junk: 0 }

  add(found: Found): void {
    const problems = problemsOf(found)
    if (found.is === 'transaction') {
      this.#counts.transactions += 1
      if (problems.length > 0) this.#counts.damagedTransactions += 1
    } else if (found.is === 'interchange-end') this.#counts.groups += found.groups
    else if (found.is === 'interchange') this.#counts.interchanges += 1
    else if (found.is === 'ta1') this.#counts.acknowledgements += 1
    else if (found.is === 'end') this.#accounting = found.accounting
    this.#problemCount += problems.length
    this.#problems.push(...problems.slice(0, problemsMax - this.#problems.length))
  }

  verification(): Verification {
    const problems = this.#problems
    return {
      ...this.#counts,
      intact: this.#problemCount === 0 && this.#counts.interchanges > 0,
      problems,
      problemCount: this.#problemCount,
      accounting: this.#accounting,
    }
  }
}
