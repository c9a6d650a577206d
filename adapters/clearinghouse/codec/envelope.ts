import type { Delimiters } from './delimiters.ts'
import { X12Problem } from './problem.ts'
import { element, type Segment, tokenize } from './segments.ts'

/** One ST..SE, without its envelope segments. */
export interface Transaction {
  /** ST01, ST02, ST03; GS08 where ST03 is empty. */
  set: string
  control: string
  version: string
  body: readonly Segment[]
}
export interface Interchange {
  delimiters: Delimiters
  usage: string
  control: string
  /** TA1 segments between ISA and the first GS: what the receiver made of our envelope. */
  acknowledgements: readonly Segment[]
  transactions: readonly Transaction[]
}

/**
 * Verifies the whole envelope before a single verdict is read: every trailer is there, every count and control number agrees.
 * A truncated or spliced interchange stops here.
 */
export function readInterchange(text: string): Interchange {
  const { delimiters, segments } = tokenize(text)
  const cursor = new Cursor(segments)
  const isa = cursor.take('ISA')
  if (element(isa, 12) !== '00501') throw new X12Problem('unsupported-version', 'ISA12')
  const acknowledgements: Segment[] = []
  while (cursor.peek() === 'TA1') acknowledgements.push(cursor.take('TA1'))
  const transactions: Transaction[] = []
  let groups = 0
  while (cursor.peek() === 'GS') {
    transactions.push(...readGroup(cursor))
    groups += 1
  }
  const iea = cursor.take('IEA')
  sameCount(iea, 1, groups, 'IEA01')
  sameControl(element(isa, 13), element(iea, 2), 'IEA02')
  if (!cursor.atEnd()) throw new X12Problem(cursor.peek() === 'ISA' ? 'several-interchanges' : 'envelope-order', cursor.place())
  return { delimiters, usage: element(isa, 15), control: element(isa, 13), acknowledgements, transactions }
}

function readGroup(cursor: Cursor): Transaction[] {
  const gs = cursor.take('GS')
  const transactions: Transaction[] = []
  while (cursor.peek() === 'ST') transactions.push(readTransaction(cursor, element(gs, 8)))
  const ge = cursor.take('GE')
  sameCount(ge, 1, transactions.length, 'GE01')
  sameControl(element(gs, 6), element(ge, 2), 'GE02')
  return transactions
}

function readTransaction(cursor: Cursor, groupVersion: string): Transaction {
  const st = cursor.take('ST')
  const body: Segment[] = []
  while (!envelopeTags.has(cursor.peek())) body.push(cursor.next())
  const se = cursor.take('SE')
  sameCount(se, 1, body.length + 2, 'SE01')
  sameControl(element(st, 2), element(se, 2), 'SE02')
  return { set: element(st, 1), control: element(st, 2), version: element(st, 3) || groupVersion, body }
}

/** `''` is the end of the file: it ends a transaction too, and then the missing trailer is the problem. */
const envelopeTags = new Set(['ISA', 'TA1', 'GS', 'ST', 'SE', 'GE', 'IEA', ''])

/** Compared as digits and as text, never through a lenient parseInt: `12X` is not 12. */
function sameCount(trailer: Segment, number: number, actual: number, place: string): void {
  const said = element(trailer, number)
  if (!/^\d{1,10}$/.test(said) || Number(said) !== actual) throw new X12Problem('count-mismatch', place)
}
function sameControl(header: string, trailer: string, place: string): void {
  if (header === '' || header !== trailer) throw new X12Problem('control-number-mismatch', place)
}

class Cursor {
  readonly #segments: readonly Segment[]
  #next = 0
  constructor(segments: readonly Segment[]) {
    this.#segments = segments
  }
  peek(): string {
    return this.#segments[this.#next]?.tag ?? ''
  }
  next(): Segment {
    const segment = this.#segments[this.#next]
    if (!segment) throw new X12Problem('truncated', this.place())
    this.#next += 1
    return segment
  }
  take(tag: string): Segment {
    if (this.atEnd()) throw new X12Problem('truncated', this.place())
    if (this.peek() !== tag) throw new X12Problem('envelope-order', this.place())
    return this.next()
  }
  atEnd(): boolean {
    return this.#next >= this.#segments.length
  }
  place(): string {
    return `segment ${this.#next}`
  }
}
