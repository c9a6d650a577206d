/** Stands in a receipt for a letter that cannot be drawn in it. */
export const notDrawn = '□'

export interface Printable {
  /** As it is drawn: whole but for what became `□`. */
  text: string
  /** Every PDF reader's own fonts have all of it (Windows-1252), so that no font need be put in. */
  isWestern: boolean
  hasSquares: boolean
}

/**
 * A text as a receipt can draw it. Latin letters with any mark, Greek, Cyrillic, Armenian and Georgian stay as they are, composed (NFC). What must be
 * joined, stacked or set from right to left (Arabic, Hebrew, Devanagari), and scripts of thousands of signs, would come out wrong or not at all: each
 * letter as a reader counts it becomes one `□`, and none is left out. Never throws, whatever the text.
 */
export function printable(text: string): Printable {
  const composed = text
    .normalize('NFC')
    .replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n')
    .replace(/\p{Zs}|(?!\n)\p{Cc}/gu, ' ')
    // They hold no place in any print: joiners, direction marks, soft hyphens.
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[−‑]/gu, '-')
  if (western.test(composed)) return { text: composed, isWestern: true, hasSquares: false }
  const drawn = Array.from(letters.segment(composed), ({ segment }) => (Array.from(segment).every((char) => isDrawn(char)) ? segment : notDrawn)).join('')
  return { text: drawn, isWestern: false, hasSquares: drawn.includes(notDrawn) }
}

/** The embedded font has it, and draws it rightly letter by letter. A test asks the font. */
export const isDrawn = (char: string): boolean => embedded.test(char) && /^[\n\p{Assigned}]$/u.test(char)

const letters = new Intl.Segmenter('und', { granularity: 'grapheme' })
const western = /^[\n\x20-\x7e\u00a1-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/u
const scripts = [
  // Latin and its marks
  ...['\\n\\x20-\\x7e\\u00a1-\\u02e9', '\\u0300-\\u0338', '\\u1e00-\\u1efb'],
  // Greek, also of before 1982; Cyrillic; Armenian; Georgian
  ...['\\u0370-\\u03ff\\u1f00-\\u1fff', '\\u0400-\\u0525', '\\u0531-\\u055f\\u0561-\\u0587\\u0589\\u058a', '\\u10d0-\\u10fc'],
  // punctuation, currencies, and the signs of lists
  ...['\\u2010-\\u2027\\u2030-\\u203a', '\\u20a0-\\u20b5\\u20b8-\\u20ba\\u20bd', '№™←-↓≤≥□●☐-☒✓✗'],
]
const embedded = new RegExp(`^[${scripts.join('')}]$`, 'u')
