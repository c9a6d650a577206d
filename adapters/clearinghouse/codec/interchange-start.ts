import type { InterchangeHead } from './found.ts'
import { isaBytes, isIsa, readIsa, startsIsa } from './isa.ts'
import { harmlessBytes, type JunkRun } from './junk-run.ts'
import { wrapLookBytes, wrapWidth } from './line-wrap.ts'
import type { ProblemCode } from './problem.ts'
import type { Window } from './window.ts'

/**
 * Between interchanges: goes on to the next real ISA, however much noise, or text that only reads `ISA`, comes before it. Null when
 * the bytes at hand hold none; with `final` no more will come.
 */
export function seekInterchange(window: Window, junk: JunkRun, final: boolean): InterchangeHead | null {
  while (window.pos < window.end) {
    const { bytes, pos, end } = window
    const harmless = harmlessBytes(bytes, pos, end)
    if (harmless === 'wait' && !final) return null
    if (harmless !== 'wait' && harmless > 0) {
      junk.take(window, pos, harmless, 'harmless')
      window.skipTo(pos + harmless)
      continue
    }
    if (bytes[pos] === 0x49 && end - pos < wrapLookBytes && !final) return null
    if (bytes[pos] === 0x49 && isInterchangeHere(window)) {
      junk.close()
      const head = readIsa(window.bytes, window.pos, window.fileAt(window.pos))
      window.skipTo(window.pos + isaBytes)
      return head
    }
    junk.take(window, pos, 1, whyNot(bytes.subarray(pos, end)))
    window.skipTo(pos + 1)
  }
  if (final) junk.close()
  return null
}

function isInterchangeHere(window: Window): boolean {
  const width = wrapWidth(window.bytes.subarray(window.pos, window.end))
  if (width === 'unknown') return false
  if (width > 0) window.wrapAt(width)
  return window.end - window.pos >= isaBytes && isIsa(window.bytes, window.pos)
}

const foreign = { code: 'foreign-bytes', place: 'between interchanges' } as const
function whyNot(rest: Uint8Array): { code: ProblemCode; place: string } {
  if (!startsIsa(rest, 0)) return foreign
  const next = rest[3]
  const isText = next !== undefined && ((next >= 0x30 && next <= 0x39) || (next >= 0x41 && next <= 0x5a))
  if (isText) return foreign
  return { code: rest.length < isaBytes ? 'truncated' : 'delimiters', place: 'ISA' }
}
