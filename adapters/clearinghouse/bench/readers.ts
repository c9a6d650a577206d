import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Transaction } from '../codec/found.ts'

/** What a reader found: proof of its work, so that none can win by reading less. */
export interface Counted {
  sets: number
  /** Cells, segments or answers; the same in every round. */
  work: number
}
export type Reader = (file: string) => Counted | Promise<Counted>

const pieceBytes = 262_144
/**
 * A file in pieces, never the whole of it in memory. Two buffers take turns, one read while the other is worked on: the reader copies
 * what it keeps, and a stream's fresh buffers would be counted as memory until somebody sweeps them.
 */
async function* pieces(file: string): AsyncGenerator<Uint8Array> {
  await using handle = await open(file)
  let [current, next] = [Buffer.allocUnsafeSlow(pieceBytes), Buffer.allocUnsafeSlow(pieceBytes)]
  let reading = handle.read(current)
  for (let { bytesRead } = await reading; bytesRead > 0; { bytesRead } = await reading) {
    reading = handle.read(next)
    yield current.subarray(0, bytesRead)
    ;[current, next] = [next, current]
  }
}

/** B, the bound of every ratio: the same text cut at every terminator and element separator, keeping nothing. */
const split = async (): Promise<Reader> => (file) => {
  let [sets, work] = [0, 0]
  for (const segment of readFileSync(file, 'utf8').split('~')) {
    const cells = segment.split('*')
    work += cells.length
    if (cells[0] === 'ST') sets += 1
  }
  return { sets, work }
}

const verify = async (): Promise<Reader> => {
  const { verifyX12Stream } = await import('../codec/verify.ts')
  return async (file) => {
    const { intact, transactions, accounting } = await verifyX12Stream(pieces(file))
    if (!intact) throw new Error('the generated file does not verify')
    return { sets: transactions, work: accounting.segments }
  }
}

const verdict = async (): Promise<Reader> => {
  const { verdictsOf } = await import('../codec/verdict.ts')
  return reading((transaction) => verdictsOf(transaction).length)
}
const answer = async (): Promise<Reader> => {
  const { answersOf } = await import('../codec/answer.ts')
  return reading((transaction) => answersOf(transaction).length)
}

async function reading(take: (transaction: Transaction) => number): Promise<Reader> {
  const { readX12Stream } = await import('../codec/read.ts')
  return async (file) => {
    let [sets, work] = [0, 0]
    for await (const found of readX12Stream(pieces(file))) {
      if (found.is !== 'transaction') continue
      sets += 1
      work += take(found.transaction)
    }
    return { sets, work }
  }
}

/** As it comes out of the box. Its stream corrupts data, so there is nothing to compare that with. */
const nodex12 = async (): Promise<Reader> => {
  const { X12Interchange, X12Parser } = (await import('node-x12')).default
  return (file) => {
    const parsed = new X12Parser().parse(readFileSync(file, 'utf8'))
    if (!(parsed instanceof X12Interchange)) throw new Error('node-x12 read something else')
    const transactions = parsed.functionalGroups.flatMap((group) => group.transactions)
    return { sets: transactions.length, work: transactions.reduce((sum, transaction) => sum + transaction.segments.length, 0) }
  }
}

/** Loads the reader's code first: loading is no part of reading. */
export const readers: Readonly<Record<string, () => Promise<Reader>>> = { split, verify, verdict, answer, nodex12 }
