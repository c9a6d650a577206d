import type { Found, GroupHead, InterchangeHead, Segment, Transaction } from './found.ts'
import type { Problem, ProblemCode } from './problem.ts'
import type { TransactionText } from './transaction-text.ts'

/** A transaction between its ST and its SE. */
interface OpenTransaction {
  st: Segment
  at: number
  problems: Problem[]
}
/** What the reader of bytes knows when a transaction closes. */
export interface TransactionSpan extends TransactionText {
  /** First byte behind it. */
  endAt: number
  /** ST and SE counted. */
  segments: number
  lineBreakBytes: number | null
}

/**
 * The bookkeeping of ISA..IEA, GS..GE and ST..SE: what is open, what was counted, which numbers must come back. It knows nothing of
 * bytes. A trailer that is missing closes what it should have closed, as damaged, so that siblings stand.
 */
export class EnvelopeState {
  readonly #emit: (found: Found) => void
  readonly #problemsMax: number
  #head: InterchangeHead | null = null
  #problems: Problem[] = []
  #groups = 0
  #group: GroupHead | null = null
  /** ST in the group that is open. */
  #sets = 0
  #open: OpenTransaction | null = null

  constructor(emit: (found: Found) => void, problemsMax: number) {
    this.#emit = emit
    this.#problemsMax = problemsMax
  }

  get insideInterchange(): boolean {
    return this.#head !== null
  }
  get insideTransaction(): boolean {
    return this.#open !== null
  }

  openInterchange(head: InterchangeHead): void {
    this.#head = head
    this.#problems = [...head.problems]
    this.#groups = 0
    this.#emit({ is: 'interchange', head })
  }

  /** A problem of the transaction that is open; of the interchange where none is. */
  damage(code: ProblemCode, at: number, place: string): void {
    this.#note(this.#open?.problems ?? this.#problems, { code, at, place })
  }

  acknowledgement(elements: Segment, at: number): void {
    if (!this.#head) return
    if (this.#group) this.#note(this.#problems, { code: 'envelope-order', at, place: 'TA1' })
    this.#emit({ is: 'ta1', elements, interchange: this.#head, at })
  }

  openGroup(gs: Segment, at: number): void {
    this.#closeGroupWithout('truncated', at)
    this.#groups += 1
    const [functionalId, sender, receiver, control, version] = [1, 2, 3, 6, 8].map((n) => gs[n] ?? '') as [string, string, string, string, string]
    this.#group = { functionalId, sender, receiver, control, version, at }
    this.#sets = 0
  }
  closeGroup(ge: Segment, at: number): void {
    if (!this.#group) this.#note(this.#problems, { code: 'envelope-order', at, place: 'GE' })
    else this.#compare(this.#problems, ge, { count: this.#sets, control: this.#group.control, place: 'GE', at })
    this.#group = null
  }

  openTransaction(st: Segment, at: number): void {
    const problems = [...(this.#head?.problems ?? [])]
    if (this.#group) this.#sets += 1
    else problems.push({ code: 'envelope-order', at, place: 'ST' })
    this.#open = { st, at, problems }
  }
  closeTransaction(se: Segment, at: number, span: TransactionSpan): void {
    if (!this.#open) return
    this.#compare(this.#open.problems, se, { count: span.segments, control: this.#open.st[2] ?? '', place: 'SE', at })
    this.#yieldTransaction(span)
  }
  /** Something else came where its SE belongs: the end of the file, or a segment that only stands between transactions. */
  breakTransaction(at: number, span: TransactionSpan): void {
    if (!this.#open) return
    this.#note(this.#open.problems, { code: 'truncated', at, place: 'SE' })
    this.#yieldTransaction(span)
  }

  closeInterchange(iea: Segment, at: number): void {
    if (!this.#head) return
    this.#closeGroupWithout('truncated', at)
    this.#compare(this.#problems, iea, { count: this.#groups, control: this.#head.elements[13] ?? '', place: 'IEA', at })
    this.#end(this.#head)
  }
  /** The file ended, or another ISA came, before the IEA. */
  breakInterchange(at: number): void {
    if (!this.#head) return
    this.#closeGroupWithout('truncated', at)
    this.#note(this.#problems, { code: 'truncated', at, place: 'IEA' })
    this.#end(this.#head)
  }

  #closeGroupWithout(code: ProblemCode, at: number): void {
    if (this.#group) this.#note(this.#problems, { code, at, place: 'GE' })
    this.#group = null
  }

  #end(head: InterchangeHead): void {
    this.#head = null
    this.#emit({ is: 'interchange-end', head, groups: this.#groups, problems: this.#problems })
  }

  #yieldTransaction({ text, encoding, endAt, lineBreakBytes }: TransactionSpan): void {
    if (!this.#open || !this.#head) return
    const { st, at, problems } = this.#open
    this.#open = null
    const group = this.#group
    const transaction: Transaction = {
      set: st[1] ?? '',
      control: st[2] ?? '',
      version: st[3] || group?.version || '',
      text,
      encoding,
      delimiters: this.#head.delimiters,
      at,
      bytes: endAt - at,
      problems,
      interchange: this.#head,
      group,
      lineBreakBytes,
    }
    this.#emit({ is: 'transaction', transaction })
  }

  /** Counts as digits, numbers as text: never through a lenient parseInt, for which `12X` is 12 and `ABC` equals `XYZ`. */
  #compare(problems: Problem[], trailer: Segment, said: { count: number; control: string; place: string; at: number }): void {
    const { count, control, place, at } = said
    const [counted = '', number = ''] = [trailer[1], trailer[2]]
    if (!/^\d{1,10}$/.test(counted) || Number(counted) !== count) this.#note(problems, { code: 'count-mismatch', at, place: `${place}01` })
    if (control === '' || number !== control) this.#note(problems, { code: 'control-number-mismatch', at, place: `${place}02` })
  }

  #note(problems: Problem[], problem: Problem): void {
    if (problems.length < this.#problemsMax) problems.push(problem)
  }
}
