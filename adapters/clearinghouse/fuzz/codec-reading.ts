import { answersOf } from '../codec/answer.ts'
import { readClaimAck } from '../codec/claim-ack.ts'
import { problemsOf, type Transaction } from '../codec/found.ts'
import { readFunctionalAck } from '../codec/functional-ack.ts'
import { readX12 } from '../codec/read.ts'
import { readTa1 } from '../codec/ta1.ts'
import { verdictsOf } from '../codec/verdict.ts'
import { verifyX12 } from '../codec/verify.ts'
import type { ReadDocument, Seen, SeenSet } from './check.ts'

/** Cuts the bytes as a transport might: pieces of one size, the last one shorter. */
export function* pieces(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  const size = pieceBytes === 0 ? bytes.length : pieceBytes
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Our reader, with everything that it may be asked about a document; `answers`: the full answers too. */
export const codecReading =
  (answers: boolean): ReadDocument =>
  (bytes, pieceBytes) => {
    const sets: SeenSet[] = []
    let [problems, interchanges] = [0, 0]
    let broken: string | undefined
    for (const found of readX12(pieces(bytes, pieceBytes))) {
      problems += problemsOf(found).length
      if (found.is === 'interchange') interchanges += 1
      else if (found.is === 'ta1') readTa1(found.elements)
      else if (found.is === 'transaction') {
        const { set, control, at, bytes: length, interchange } = found.transaction
        const { verdicts, differs } = judged(found.transaction, answers)
        if (differs) broken = `the answers of the set at ${at} say something else than its verdicts`
        sets.push({ set, control, at, bytes: length, isaAt: interchange.at, damaged: found.transaction.problems.length > 0, verdicts })
      } else if (found.is === 'end') {
        const { segments, separators, junk } = found.accounting
        if (segments + separators + junk !== bytes.length) broken = 'the accounting misses bytes'
      }
    }
    const seen: Seen = { intact: problems === 0 && interchanges > 0, sets, broken }
    if (answers && verifyX12(pieces(bytes, pieceBytes)).intact !== seen.intact) seen.broken ??= 'the verify pass says something else than the reading'
    return seen
  }

function judged(transaction: Transaction, answers: boolean): { verdicts: string[]; differs: boolean } {
  if (transaction.set === '999' || transaction.set === '997') readFunctionalAck(transaction)
  if (transaction.set === '277') readClaimAck(transaction)
  if (transaction.set !== '271') return { verdicts: [], differs: false }
  const verdicts = verdictsOf(transaction).map(({ verdict }) => verdict)
  const differs =
    answers &&
    answersOf(transaction)
      .map(({ verdict }) => verdict)
      .join() !== verdicts.join()
  return { verdicts, differs }
}
