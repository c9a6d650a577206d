import type { Problem } from './problem.ts'

/** The four characters an interchange chooses for itself. 005010 has no release character: `?` is an ordinary character. */
export interface Delimiters {
  element: string
  /** Null where ISA12 is below 00402: ISA11 (`U`) is a standards identifier there, and no separator. */
  repetition: string | null
  component: string
  terminator: string
}

/** One segment: `[0]` is its tag, `[n]` its element n as the standard counts (EB01 is `[1]`). Empty and absent are the same in X12. */
export type Segment = readonly string[]

export interface InterchangeHead {
  /** `[1]` to `[16]` are ISA01 to ISA16 as they stand, blanks included; `[0]` is `ISA`. */
  elements: readonly string[]
  delimiters: Delimiters
  /** Bytes from the start of the file. */
  at: number
  /** ISA12. */
  version: string
  /** Delimiters that can frame, but not be trusted inside elements. Every transaction of this interchange has them too. */
  problems: readonly Problem[]
}

export interface GroupHead {
  /** GS01, GS02, GS03, GS06, GS08. */
  functionalId: string
  sender: string
  receiver: string
  control: string
  version: string
  at: number
}

/** One ST..SE. */
export interface Transaction {
  /** ST01. */
  set: string
  /** ST02. */
  control: string
  /** ST03; GS08 where it is empty. */
  version: string
  /**
   * ST..SE: whole segments, without line breaks between them and without the last terminator, so its hash is the same after a
   * transfer that changed line ends. UTF-8, or Latin-1 where it is not valid UTF-8. Cut at the limit when it is too large.
   */
  text: string
  encoding: 'utf8' | 'latin1'
  delimiters: Delimiters
  at: number
  /** What it takes in the file, terminators and line breaks included. */
  bytes: number
  /** Empty: it verifies. Otherwise nothing may be concluded from it. */
  problems: readonly Problem[]
  interchange: InterchangeHead
  /** Null is a problem as well: an ST outside a group. */
  group: GroupHead | null
  /** Bytes between two segments where all are the same; null where lines are irregular or wrapped. */
  lineBreakBytes: number | null
}

/** Every byte of a file is in exactly one of the three. */
export interface Accounting {
  bytes: number
  segments: number
  /** Line breaks after terminators, and those that wrap lines at a fixed column. */
  separators: number
  /** What the `junk` items report. */
  junk: number
}

/** What a file holds, in file order. Every problem is said at exactly one of these. */
export type Found =
  | { is: 'interchange'; head: InterchangeHead }
  | { is: 'ta1'; elements: Segment; interchange: InterchangeHead; at: number }
  | { is: 'transaction'; transaction: Transaction }
  /** With problems, nothing in this interchange is more than provisional: it may be half of a file. */
  | { is: 'interchange-end'; head: InterchangeHead; groups: number; problems: readonly Problem[] }
  | { is: 'junk'; at: number; bytes: number; harmless: boolean; problems: readonly Problem[] }
  /** Always the last. */
  | { is: 'end'; accounting: Accounting; problems: readonly Problem[] }

export function problemsOf(found: Found): readonly Problem[] {
  if (found.is === 'transaction') return found.transaction.problems
  return found.is === 'interchange' || found.is === 'ta1' ? [] : found.problems
}

/** What one file may cost. Beyond a limit is a problem, never a crash. */
export interface Limits {
  segmentBytesMax: number
  transactionSegmentsMax: number
  transactionBytesMax: number
  /** Problems kept per transaction and per interchange; more say nothing new. */
  problemsMax: number
}
export const defaultLimits: Limits = {
  segmentBytesMax: 32_768,
  transactionSegmentsMax: 100_000,
  transactionBytesMax: 8_388_608,
  problemsMax: 50,
}

/** Whose interchange it is and its number: ISA06, ISA08, ISA13 without their fill. */
export function interchangeIds({ elements }: InterchangeHead): { senderId: string; receiverId: string; isa13: string } {
  const isa = (n: number) => (elements[n] ?? '').trim()
  return { senderId: isa(6), receiverId: isa(8), isa13: isa(13) }
}
