import type { InterchangeHead } from './found.ts'
import { isaBytes, isIsa, readIsa, startsIsa } from './isa.ts'
import { harmlessBytes, type JunkRun } from './junk-run.ts'
import { wrapLookBytes, wrapWidth } from './line-wrap.ts'
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
    junk.take(window, pos, 1, whyNot(bytes, pos, end))
    window.skipTo(pos + 1)
  }
  if (final) junk.close()
  return null
}

function isInterchangeHere(window: Window): boolean {
  const width = wrapWidth(window.bytes, window.pos, window.end)
  if (width === 'unknown') return false
  if (width > 0) window.wrapAt(width)
  return window.end - window.pos >= isaBytes && isIsa(window.bytes, window.pos)
}

function whyNot(bytes: Uint8Array, at: number, end: number): Parameters<JunkRun['take']>[3] {
  const next = bytes[at + 3] ?? 0
  const separated = startsIsa(bytes, at) && !(next >= 0x30 && next <= 0x39) && !(next >= 0x41 && next <= 0x5a)
  if (!separated) return { code: 'foreign-bytes', place: 'between interchanges' }
  return end - at < isaBytes ? { code: 'truncated', place: 'ISA' } : { code: 'delimiters', place: 'ISA' }
}
