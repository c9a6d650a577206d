import { answersOf } from '../codec/answer.ts'
import { readClaimAck } from '../codec/claim-ack.ts'
import type { Found, Transaction } from '../codec/found.ts'
import { readFunctionalAck } from '../codec/functional-ack.ts'
import { segmentsOf } from '../codec/segment.ts'
import { readTa1 } from '../codec/ta1.ts'
import { treeOf } from '../codec/tree.ts'

/**
 * One item of a file as one line of JSON, so that a file of any size can be read line by line. A 271 carries `answers`, each with its
 * `verdict`; a 999 or 997 `groupAcknowledgement`, a TA1 `acknowledgement`, a 277 `claimAcknowledgement`.
 */
export function jsonLine(found: Found): string {
  const item = asJson(found)
  // JSON.stringify leaves the controls above ASCII as they are, and a terminal may obey them.
  return JSON.stringify(item).replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function asJson(found: Found): unknown {
  if (found.is === 'transaction') return { is: found.is, ...transactionAsJson(found.transaction) }
  if (found.is === 'ta1') return { is: found.is, at: found.at, elements: found.elements, acknowledgement: readTa1(found.elements) }
  if (found.is === 'interchange-end') return { is: found.is, control: found.head.elements[13], groups: found.groups, problems: found.problems }
  return found
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
