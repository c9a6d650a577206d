import { isaBytes, isIsa, isLineBreak, maySeparate, startsIsa } from './isa.ts'
import { harmlessBytes } from './junk-run.ts'

/** How much of an interchange is looked at to see whether its lines are wrapped. */
export const wrapLookBytes = 1024
const widthMin = 20
const widthMax = 400

/**
 * Some mainframes and mail gateways break a file at a fixed column, in the middle of segments. Returns that column, 0 for a file
 * that is not wrapped, or `unknown` when what starts here is no interchange either way. `start` holds `wrapLookBytes`, or all there is.
 *
 * Only breaks at one fixed column count: a single one inside a segment is damage, because whoever forgives it also forgives a
 * terminator that was lost.
 */
export function wrapWidth(start: Uint8Array): number | 'unknown' {
  // Told apart first, since noise may read ISA a million times.
  if (!startsIsa(start, 0) || !maySeparate(start[3] ?? 0)) return 'unknown'
  const look = start.subarray(0, wrapLookBytes)
  if (look.length >= isaBytes && isIsa(look, 0)) return widthBeyondHeader(look)
  const width = firstBreak(look.subarray(0, isaBytes), 0)
  if (width < widthMin || width >= isaBytes - 1) return 'unknown'
  const header = unwrapped(look, width)
  return breaksAtEvery(look, width) && header.length >= isaBytes && isIsa(header, 0) ? width : 'unknown'
}

/** A width of 106 and more leaves the header whole: then two full lines must agree, and break a segment. */
function widthBeyondHeader(look: Uint8Array): number {
  const terminator = look[isaBytes - 1] ?? 0
  if (isLineBreak(terminator)) return 0
  const width = firstBreak(look, 0)
  if (width >= look.length || width > widthMax) return 0
  const nextLine = afterBreak(look, width)
  const second = firstBreak(look, nextLine)
  if (second >= look.length || second - nextLine !== width) return 0
  const betweenSegments = look[width - 1] === terminator && look[second - 1] === terminator
  return betweenSegments || !breaksAtEvery(look, width) ? 0 : width
}

/**
 * Every line that can be seen to its end is as long as the first, up to the last line of the file: one break alone would not be a
 * column but damage.
 */
function breaksAtEvery(look: Uint8Array, width: number): boolean {
  for (let line = 0; line + width < look.length; ) {
    const end = firstBreak(look, line)
    const next = afterBreak(look, end)
    if (end > line + width) return false
    if (end < line + width) return startsIsa(look, next) || harmlessBytes(look, next, look.length) !== 0
    line = next
  }
  return true
}

function firstBreak(look: Uint8Array, from: number): number {
  let at = from
  while (at < look.length && !isLineBreak(look[at] ?? 0)) at += 1
  return at
}
const afterBreak = (look: Uint8Array, at: number): number => at + (look[at] === 0x0d && look[at + 1] === 0x0a ? 2 : 1)

function unwrapped(look: Uint8Array, width: number): Uint8Array {
  const kept: number[] = []
  let line = 0
  while (line < look.length && kept.length < isaBytes) {
    kept.push(...look.subarray(line, line + width))
    const end = line + width
    line = isLineBreak(look[end] ?? 0) ? afterBreak(look, end) : look.length
  }
  return Uint8Array.from(kept)
}
