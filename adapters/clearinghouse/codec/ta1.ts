import { coder, rowOf } from './coder.ts'
import type { Segment } from './found.ts'
import type { Coded } from './labels.ts'

/** What became of one interchange of ours. It says nothing about what was in it. */
interface InterchangeAck {
  /** TA101 as a number, because some write it without its zeros (`101` is `000000101`); null when it is none. */
  isa13: number | null
  outcome: 'accepted' | 'accepted-with-errors' | 'rejected' | 'unreadable'
  /** TA105. */
  note: Coded
}

const note = coder('interchangeNote')
/** R: nothing in the interchange was processed. A code that nobody knows is not accepted: a person looks. */
const outcomes: Readonly<Record<string, InterchangeAck['outcome']>> = { A: 'accepted', E: 'accepted-with-errors', R: 'rejected' }

export function readTa1(ta1: Segment): InterchangeAck {
  return { isa13: controlNumber(ta1[1]), outcome: rowOf(outcomes, ta1[4]) ?? 'unreadable', note: note(ta1[5] ?? '') }
}

/** A control number, compared as a number; null for anything that is none, so that `12X` is never 12. */
export const controlNumber = (text: string | undefined): number | null => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : null)
