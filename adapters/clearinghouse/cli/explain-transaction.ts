import { answersOf } from '../codec/answer.ts'
import { readClaimAck } from '../codec/claim-ack.ts'
import type { Segment, Transaction } from '../codec/found.ts'
import { type FunctionalAck, readFunctionalAck, reasonsOfSet } from '../codec/functional-ack.ts'
import { segmentsOf } from '../codec/segment.ts'
import { readTa1 } from '../codec/ta1.ts'
import { explainAnswer } from './explain-answer.ts'
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
  for (const one of ack.sets) yield `  Set ${printable(one.st02)}: ${outcomes[one.outcome]}${reasons(reasonsOfSet(one))}.`
  const unnamed = { accepted: 'accepted', rejected: 'rejected', unknown: 'not told' }[ack.unnamed]
  yield `  Sets not named: ${unnamed}.`
}
const reasons = (codes: readonly string[]): string => (codes.length === 0 ? '' : ` (${codes.map(printable).join(', ')})`)

function explainClaims(transaction: Transaction): string {
  const { outcome, accepted, rejected } = readClaimAck(transaction)
  return `Acknowledges claims (277): ${outcome}; ${accepted} times accepted, ${rejected} times rejected.`
}

function* explainInquiry(transaction: Transaction): Generator<string> {
  let payer = 'the payer'
  for (const [tag, first = '', second = '', name = '', given = ''] of segmentsOf(transaction)) {
    if (tag === 'NM1' && first === 'PR') payer = `${name}`
    if (tag === 'NM1' && (first === 'IL' || first === '03'))
      yield `Asks ${printable(payer)} about ${printable(`${given} ${name}`.trim())}${first === '03' ? ' (dependent)' : ''}.`
    if (tag === 'TRN') yield `  Trace ${printable(second)}.`
  }
}
