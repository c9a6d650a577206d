import { answersOf } from '../codec/answer.ts'
import { readClaimAck } from '../codec/claim-ack.ts'
import { labelOf } from '../codec/coder.ts'
import type { Segment, Transaction } from '../codec/found.ts'
import { type FunctionalAck, readFunctionalAck, type SetAck } from '../codec/functional-ack.ts'
import type { LabelTable } from '../codec/labels.ts'
import { readTa1 } from '../codec/ta1.ts'
import { explainAnswer } from './explain-answer.ts'
import { explainInquiry } from './explain-inquiry.ts'
import { printable, setInWords } from './words.ts'

const outcomes: Readonly<Record<FunctionalAck['outcome'], string>> = {
  accepted: 'accepted',
  'accepted-with-errors': 'accepted, with errors',
  partial: 'accepted in part',
  rejected: 'rejected',
  unreadable: 'cannot be read',
}

/** What a TA1 says, in a sentence. */
export function explainTa1(elements: Segment): string {
  const { isa13, outcome, note } = readTa1(elements)
  const about = isa13 === null ? 'an interchange without a number' : `interchange ${isa13}`
  const why = note.code === '' || note.code === '000' ? '' : `: ${note.label ?? 'a note that we do not know'} (TA105 ${printable(note.code)})`
  return `Acknowledges ${about} (TA1): ${outcomes[outcome]}${why}.${outcome === 'rejected' ? ' Nothing in it was processed.' : ''}`
}

/** What a transaction says, in sentences. One that does not verify says nothing. */
export function* explainTransaction(transaction: Transaction): Generator<string> {
  const { set, control, problems } = transaction
  if (set === '271') for (const answer of answersOf(transaction)) yield* explainAnswer(answer)
  else if (problems.length > 0) yield `${setInWords(set)} ${printable(control)} (${printable(set)}) does not verify: nothing may be concluded from it.`
  else if (set === '999' || set === '997') yield* explainGroup(readFunctionalAck(transaction))
  else if (set === '277') yield explainClaims(transaction)
  else if (set === '270') yield* explainInquiry(transaction)
  else yield `${setInWords(set)} ${printable(control)} (${printable(set)}): not explained here; 'x12 read' shows it.`
}

function* explainGroup(ack: FunctionalAck): Generator<string> {
  const { included, accepted } = ack.counts
  const counts = included === null || accepted === null ? '' : `, ${accepted} of ${included} sets`
  yield `Acknowledges group ${ack.gs06 ?? 'without a number'} (${ack.set}): ${outcomes[ack.outcome]}${counts}.`
  for (const one of ack.sets) yield `  Set ${printable(one.st02)}: ${outcomes[one.outcome]}${reasons(one)}.`
  const unnamed = { accepted: 'accepted', rejected: 'rejected', unknown: 'not told' }[ack.unnamed]
  if (included === null || ack.sets.length < included) yield `  Sets not named: ${unnamed}.`
}

/** Why, in our words, with the place; never the copy of the data. */
function reasons({ codes, places }: SetAck): string {
  const all = [
    ...codes.map((code) => codeInWords('setNote', code)),
    ...places.flatMap(({ segment, position, loop, segmentCode, elements }) => {
      const where = `segment ${position ?? '?'}, ${printable(segment)}${loop === '' ? '' : ` of loop ${printable(loop)}`}`
      return elements.length === 0
        ? [`${where}: ${codeInWords('segmentNote', segmentCode)}`]
        : elements.map(({ element, code }) => `${where}, element ${printable(element)}: ${codeInWords('elementNote', code)}`)
    }),
  ]
  return all.length === 0 ? '' : ` (${all.join('; ')})`
}
const codeInWords = (table: LabelTable, code: string): string => {
  const label = labelOf(table, code)
  return label === undefined ? `code ${printable(code)}` : `${label} (${code})`
}

function explainClaims(transaction: Transaction): string {
  const { outcome, accepted, rejected } = readClaimAck(transaction)
  return `Acknowledges claims (277): ${outcome}; ${accepted} times accepted, ${rejected} times rejected.`
}
