import { marksAt, readDocument, verdictsAt } from './oracle.ts'

/** What a reader makes of a document, as far as the run looks at it. */
export interface Seen {
  /** No problem anywhere, and at least one interchange. */
  intact: boolean
  sets: readonly SeenSet[]
  /** Set when a promise that needs no oracle is broken: bytes unaccounted for, two ways to the verdict that differ. */
  broken?: string
}
export interface SeenSet {
  set: string
  control: string
  /** Bytes from the start of the file: the set's ST, its length, the ISA it stands under. */
  at: number
  bytes: number
  isaAt: number
  damaged: boolean
  verdicts: readonly string[]
}
export type ReadDocument = (bytes: Uint8Array, pieceBytes: number) => Seen

/**
 * The promises of the reader for one document, or what breaks them: never a verdict from a damaged set; where the whole envelope
 * verifies, exactly the oracle's sets and verdicts; and the two agree whether it verifies.
 */
export function brokenPromise(text: string, pieceBytes: number, read: ReadDocument): string | undefined {
  const seen = read(Buffer.from(text, 'latin1'), pieceBytes)
  if (seen.broken) return seen.broken
  const damaged = seen.sets.find((set) => set.damaged && set.verdicts.some((verdict) => verdict !== 'unknown'))
  if (damaged) return `a verdict from a set that the reader itself calls damaged, at ${damaged.at}`
  const oracle = readDocument(text)
  if (oracle.whole !== seen.intact) return oracle.whole ? 'the reader calls a whole document damaged' : 'the reader calls a damaged document whole'
  if (oracle.whole) {
    const list = (sets: readonly Pick<SeenSet, 'set' | 'control' | 'at' | 'verdicts'>[]) =>
      sets.map((s) => `${s.set} ${s.control} at ${s.at}: ${s.verdicts.join(' ')}`).join('; ')
    return list(oracle.sets) === list(seen.sets) ? undefined : `oracle [${list(oracle.sets)}], reader [${list(seen.sets)}]`
  }
  for (const set of seen.sets) {
    if (set.verdicts.every((verdict) => verdict === 'unknown')) continue
    const marks = marksAt(text, set.isaAt)
    const own = marks && verdictsAt(text, set, marks)
    if (!own) return `a ${set.verdicts.join(' ')} from a set that does not verify, at ${set.at}`
    if (own.join(' ') !== set.verdicts.join(' ')) return `in a damaged file, at ${set.at}: oracle [${own.join(' ')}], reader [${set.verdicts.join(' ')}]`
  }
  return undefined
}
