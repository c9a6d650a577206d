import { isaBytes, isIsa, isLineBreak, startsIsa } from './isa.ts'

/** How much of an interchange is looked at to see whether its lines are wrapped. */
export const wrapLookBytes = 1024
const widthMin = 20
const widthMax = 400

/**
 * Some mainframes and mail gateways break a file at a fixed column, in the middle of segments. Returns that column, 0 for a file
 * that is not wrapped, or `unknown` when what starts here is no interchange either way. `bytes` holds `wrapLookBytes` from `at` on, or
 * all there is.
 *
 * Only breaks at one fixed column count: a single one inside a segment is damage, because whoever forgives it also forgives a
 * terminator that was lost.
 */
export function wrapWidth(bytes: Uint8Array, at: number, end: number): number | 'unknown' {
  if (!startsIsa(bytes, at)) return 'unknown'
  const limit = Math.min(end, at + wrapLookBytes)
  if (end - at >= isaBytes && isIsa(bytes, at)) return widthBeyondHeader(bytes, at, limit)
  const width = firstBreak(bytes, at, limit) - at
  if (width < widthMin || width >= isaBytes - 1) return 'unknown'
  const header = unwrapped(bytes, at, limit, width)
  return header.length >= isaBytes && isIsa(header, 0) ? width : 'unknown'
}

/** A width of 106 and more leaves the header whole: then two full lines must agree, and break a segment. */
function widthBeyondHeader(bytes: Uint8Array, at: number, limit: number): number {
  const terminator = bytes[at + isaBytes - 1] ?? 0
  if (isLineBreak(terminator)) return 0
  const first = firstBreak(bytes, at, limit)
  const width = first - at
  if (first >= limit || width > widthMax) return 0
  const nextLine = afterBreak(bytes, first)
  const second = firstBreak(bytes, nextLine, limit)
  if (second >= limit || second - nextLine !== width) return 0
  return bytes[first - 1] === terminator && bytes[second - 1] === terminator ? 0 : width
}

function firstBreak(bytes: Uint8Array, from: number, limit: number): number {
  let at = from
  while (at < limit && !isLineBreak(bytes[at] ?? 0)) at += 1
  return at
}
const afterBreak = (bytes: Uint8Array, at: number): number => at + (bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? 2 : 1)

function unwrapped(bytes: Uint8Array, at: number, limit: number, width: number): Uint8Array {
  const kept: number[] = []
  let lineStart = at
  while (lineStart < limit && kept.length < isaBytes) {
    const lineEnd = Math.min(lineStart + width, limit)
    kept.push(...bytes.subarray(lineStart, lineEnd))
    lineStart = isLineBreak(bytes[lineEnd] ?? 0) ? afterBreak(bytes, lineEnd) : limit
  }
  return Uint8Array.from(kept)
}
