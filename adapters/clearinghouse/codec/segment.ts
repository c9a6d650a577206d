import type { Delimiters, Segment, Transaction } from './found.ts'

/**
 * The segments of a transaction, ST first and SE last. One pass with charCodeAt and slice: twice as fast as splitting by one delimiter
 * and then by the other, and the slices share the transaction's text.
 */
export function segmentsOf(transaction: Transaction): Segment[] {
  const { text, delimiters } = transaction
  const element = delimiters.element.charCodeAt(0)
  const terminator = delimiters.terminator.charCodeAt(0)
  const segments: Segment[] = []
  let cells: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === element) {
      cells.push(text.slice(from, at))
      from = at + 1
    } else if (char === terminator) {
      cells.push(text.slice(from, at))
      from = at + 1
      segments.push(cells)
      cells = []
    }
  }
  if (text === '') return segments
  cells.push(text.slice(from))
  segments.push(cells)
  return segments
}

/** `element(eb, 1)` is EB01. */
export const element = (segment: Segment | undefined, number: number): string => segment?.[number] ?? ''

/** A repeating element's values, empty ones left out. Where the interchange has no repetition separator, one value. */
export function repeatsOf(value: string, delimiters: Delimiters): string[] {
  if (value === '') return []
  return delimiters.repetition === null ? [value] : value.split(delimiters.repetition).filter((one) => one !== '')
}

/**
 * Where segment `index` (0 is the ST) stands in the file. Worked out only when asked, for a problem; where lines are irregular or
 * wrapped it is the place of the transaction.
 */
export function segmentAt({ text, encoding, delimiters, at, lineBreakBytes }: Transaction, index: number): number {
  if (lineBreakBytes === null) return at
  let from = 0
  for (let n = 0; n < index; n += 1) {
    const end = text.indexOf(delimiters.terminator, from)
    if (end === -1) return at
    from = end + 1
  }
  return at + Buffer.byteLength(text.slice(0, from), encoding) + index * lineBreakBytes
}
