import { answersOf } from '../codec/answer.ts'
import { readClaimAck } from '../codec/claim-ack.ts'
import type { Found, Transaction } from '../codec/found.ts'
import { readFunctionalAck } from '../codec/functional-ack.ts'
import { segmentsOf } from '../codec/segment.ts'
import { readTa1 } from '../codec/ta1.ts'
import { treeOf } from '../codec/tree.ts'
import type { Note } from './notes.ts'

/**
 * One item of a file as one line of JSON, so that a file of any size can be read line by line. A 271 carries `answers`, each with its
 * `verdict`; a 999 or 997 `groupAcknowledgement`, a TA1 `acknowledgement`, a 277 `claimAcknowledgement`.
 * `provisional` stands in every one of them and in the head: true where the interchange is damaged, so that nothing in it may be acted on.
 */
export function jsonLine(found: Found, note: Note): string {
  const item = asJson(found, note)
  // JSON.stringify leaves the controls above ASCII as they are, and a terminal may obey them.
  return JSON.stringify(item).replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function asJson(found: Found, { provisional, repeatedControl }: Note): unknown {
  if (found.is === 'transaction') return { is: found.is, provisional, repeatedControl, ...transactionAsJson(found.transaction) }
  if (found.is === 'ta1') return { is: found.is, provisional, at: found.at, elements: found.elements, acknowledgement: readTa1(found.elements) }
  if (found.is === 'interchange-end') return { is: found.is, control: found.head.elements[13], groups: found.groups, problems: found.problems }
  return found.is === 'interchange' ? { ...found, provisional } : found
}

function transactionAsJson(transaction: Transaction): Record<string, unknown> {
  const { set, control, version, at, bytes, group } = transaction
  const segments = segmentsOf(transaction)
  const problems = [...transaction.problems, ...treeOf(segments, transaction).problems]
  return { set, control, version, at, bytes, group, problems, ...meaning(transaction), segments }
}

function meaning(transaction: Transaction): Record<string, unknown> {
  // What the reader keeps to judge another day says nothing that the answer does not.
  if (transaction.set === '271') return { answers: answersOf(transaction).map(({ facts: _, told: __, ...answer }) => answer) }
  if (transaction.set === '999' || transaction.set === '997') return { groupAcknowledgement: readFunctionalAck(transaction) }
  return transaction.set === '277' ? { claimAcknowledgement: readClaimAck(transaction) } : {}
}
