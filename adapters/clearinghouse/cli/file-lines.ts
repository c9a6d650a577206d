import type { Found, GroupHead, InterchangeHead } from '../codec/found.ts'
import { allProblemsOf } from './all-problems.ts'
import { explainTa1, explainTransaction } from './explain-transaction.ts'
import type { Note } from './notes.ts'
import { segmentLine } from './segment-line.ts'
import { transactionLines } from './transaction-lines.ts'
import { interchangeInWords, printable, problemInWords } from './words.ts'

/** The items of one file as `x12 read` shows them. It remembers the group that it is in, so that each head is shown once. */
export function treeView(): (found: Found, note: Note) => Iterable<string> {
  let groupAt = -1
  return function* (found, note) {
    if (found.is === 'interchange') {
      yield `${interchangeInWords(found.head)}, version ${printable(found.head.version)}, at byte ${found.head.at}`
      if (note.provisional) yield `  ! ${beforehand}`
    } else if (found.is === 'ta1') yield `  ${segmentLine(found.elements, found.interchange.delimiters, 'TA1')}${mark(note)}`
    else if (found.is === 'transaction') {
      const { group } = found.transaction
      if (group && group.at !== groupAt) {
        groupAt = group.at
        yield `  ${groupInWords(group)}`
      }
      if (note.repeatedControl) yield `    ! ${repeated(found.transaction.control)}`
      yield* transactionLines(found.transaction, '    ', mark(note))
    } else yield* endLines(found)
  }
}
const groupInWords = ({ control, functionalId, sender, receiver, version }: GroupHead): string =>
  `group ${printable(control)} (${printable(functionalId)}) from ${printable(sender)} to ${printable(receiver)}, ${printable(version)}`

/** The same for `x12 explain`: what it says, in plain words. */
export function* explainLines(found: Found, note: Note): Generator<string> {
  const lead = note.provisional ? 'Provisional: ' : ''
  if (found.is === 'interchange') {
    yield `${capital(interchangeInWords(found.head))}:`
    if (note.provisional) yield `  ! ${beforehand}`
  } else if (found.is === 'ta1') yield `  ${lead}${explainTa1(found.elements)}`
  else if (found.is === 'transaction') {
    if (note.repeatedControl) yield `  ! ${repeated(found.transaction.control)}`
    for (const line of explainTransaction(found.transaction)) yield line.startsWith(' ') ? `  ${line}` : `  ${lead}${line}`
    for (const problem of allProblemsOf(found)) yield `  ! ${problemInWords(problem)}`
  } else yield* endLines(found)
}

const beforehand = 'this interchange is damaged, see its end: all that it says is provisional, and no answer to act on'
const mark = ({ provisional }: Note): string => (provisional ? '  (provisional)' : '')
const repeated = (control: string): string => `number ${printable(control)} stands twice in this group, which X12 forbids: the two may contradict each other`

function* endLines(found: Exclude<Found, { is: 'interchange' | 'ta1' | 'transaction' }>): Generator<string> {
  if (found.is === 'junk')
    yield `${found.harmless ? '' : '! '}${found.bytes} ${found.bytes === 1 ? 'byte' : 'bytes'} at ${found.at} that are no part of any segment${found.harmless ? ' (blanks, line ends, a byte order mark or the like)' : ''}`
  for (const problem of found.problems) yield `! ${problemInWords(problem)}`
  if (found.is === 'interchange-end' && found.problems.length > 0) yield `! ${damaged(found.head)}`
}
const damaged = ({ elements }: InterchangeHead): string =>
  `interchange ${printable((elements[13] ?? '').trim())} is damaged: whatever it says above is provisional`
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
