import { type Delimiters, isaChars, readDelimiters } from './delimiters.ts'
import { X12Problem } from './problem.ts'

/** One segment: its tag, its elements (`elements[0]` is the first one, `EB01`), and where it stands, for problems. */
export interface Segment {
  tag: string
  elements: readonly string[]
  at: number
}

export interface Tokens {
  delimiters: Delimiters
  segments: readonly Segment[]
}

const segmentsMax = 20_000
/** A delimiter may itself be a control character (0x1C to 0x1F are common); any other one is damage. */
const hasControl = (text: string, delimiters: Delimiters): boolean => {
  const allowed = Object.values(delimiters)
  return [...(text.match(/\p{Cc}/gu) ?? [])].some((c) => !allowed.includes(c))
}

/**
 * Bytes to segments. Strict on purpose: whatever is not a clean segment is damage, because a reader that forgives a lost
 * terminator also forgives a lost `EB*6`.
 */
export function tokenize(input: string): Tokens {
  const text = input.replace(/^\uFEFF?[\s\0]*/u, '')
  const delimiters = readDelimiters(text)
  const pieces = text.split(delimiters.terminator)
  const rest = pieces.pop() ?? ''
  if (!/^[\s\p{Cc}]*$/u.test(rest)) throw new X12Problem('truncated', `segment ${pieces.length}`)
  // A terminator of CR or LF leaves blank pieces at the end of the file, and only there.
  while (pieces.length > 0 && /^[\r\n]*$/.test(pieces.at(-1) ?? '') && /[\r\n]/.test(delimiters.terminator)) pieces.pop()
  if (pieces.length > segmentsMax) throw new X12Problem('too-large', `segment ${segmentsMax}`)
  return { delimiters, segments: pieces.map((piece, at) => toSegment(piece, at, delimiters)) }
}

function toSegment(piece: string, at: number, delimiters: Delimiters): Segment {
  // Line breaks may follow a terminator; inside a segment they are damage.
  const text = piece.replace(/^[\r\n]+/, '')
  const [tag = '', ...elements] = text.split(delimiters.element)
  if (!/^[A-Z][A-Z0-9]{1,2}$/.test(tag) || elements.length === 0 || hasControl(text, delimiters)) throw new X12Problem('bad-segment', `segment ${at}`)
  if (tag === 'ISA' && text.length !== isaChars - 1) throw new X12Problem('bad-segment', `segment ${at}`)
  return { tag, elements, at }
}

/** Element by its number in the standard: `element(eb, 1)` is EB01. Empty and absent are the same in X12. */
export const element = (segment: Segment, number: number): string => segment.elements[number - 1] ?? ''
/** A repeating element's values; empty ones are dropped. */
export const repeats = (segment: Segment, number: number, delimiters: Delimiters): string[] =>
  element(segment, number)
    .split(delimiters.repetition)
    .filter((value) => value !== '')
