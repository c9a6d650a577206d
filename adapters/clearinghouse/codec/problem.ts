/**
 * What can be wrong with an interchange. A problem carries a code and a place, never a value: values are patients' data, and
 * the text ends in logs and on the ops screen.
 */
export type ProblemCode =
  | 'not-x12'
  | 'foreign-bytes'
  | 'delimiters'
  | 'bad-segment'
  | 'truncated'
  | 'envelope-order'
  | 'count-mismatch'
  | 'control-number-mismatch'
  | 'unsupported-version'
  | 'several-interchanges'
  | 'hierarchy'
  | 'missing-segment'
  | 'too-large'
  | 'refused-value'

/** One thing that does not verify, and where. `place` is `SE01`, `ISA11` or `segment 12` (the ST is 1, as SE01 counts). */
export interface Problem {
  code: ProblemCode
  /** Bytes from the start of the file. */
  at: number
  place: string
}

export class X12Problem extends Error {
  readonly code: ProblemCode
  /** `segment 12`, `2100C NM103`: a place, never a value. */
  readonly place: string
  constructor(code: ProblemCode, place: string) {
    super(`${code} at ${place}`)
    this.name = 'X12Problem'
    this.code = code
    this.place = place
  }
}
