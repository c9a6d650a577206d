import { type Found, type GroupHead, type InterchangeHead, problemsOf } from '../codec/found.ts'
import { explainTa1, explainTransaction } from './explain-transaction.ts'
import { segmentLine } from './segment-line.ts'
import { transactionLines } from './transaction-lines.ts'
import { interchangeInWords, printable, problemInWords } from './words.ts'

/** The items of one file as `x12 read` shows them. It remembers the group that it is in, so that each head is shown once. */
export function treeView(): (found: Found) => Iterable<string> {
  let groupAt = -1
  return function* (found) {
    if (found.is === 'interchange') yield `${interchangeInWords(found.head)}, version ${printable(found.head.version)}, at byte ${found.head.at}`
    else if (found.is === 'ta1') yield `  ${segmentLine(found.elements, found.interchange.delimiters, 'TA1')}`
    else if (found.is === 'transaction') {
      const { group } = found.transaction
      if (group && group.at !== groupAt) {
        groupAt = group.at
        yield `  ${groupInWords(group)}`
      }
      yield* transactionLines(found.transaction, '    ')
    } else yield* endLines(found)
  }
}
const groupInWords = ({ control, functionalId, sender, receiver, version }: GroupHead): string =>
  `group ${printable(control)} (${printable(functionalId)}) from ${printable(sender)} to ${printable(receiver)}, ${printable(version)}`

/** The same for `x12 explain`: what it says, in plain words. */
export function* explainLines(found: Found): Generator<string> {
  if (found.is === 'interchange') yield `${capital(interchangeInWords(found.head))}:`
  else if (found.is === 'ta1') yield `  ${explainTa1(found.elements)}`
  else if (found.is === 'transaction') {
    for (const line of explainTransaction(found.transaction)) yield `  ${line}`
    for (const problem of problemsOf(found)) yield `  ! ${problemInWords(problem)}`
  } else yield* endLines(found)
}

function* endLines(found: Exclude<Found, { is: 'interchange' | 'ta1' | 'transaction' }>): Generator<string> {
  if (found.is === 'junk')
    yield `${found.harmless ? '' : '! '}${found.bytes} bytes at ${found.at} that are no part of any segment${found.harmless ? ' (blanks, line ends or the like)' : ''}`
  for (const problem of found.problems) yield `! ${problemInWords(problem)}`
  if (found.is === 'interchange-end' && found.problems.length > 0) yield `! ${damaged(found.head)}`
}
const damaged = ({ elements }: InterchangeHead): string =>
  `interchange ${printable((elements[13] ?? '').trim())} is damaged: whatever it says above is provisional`
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
