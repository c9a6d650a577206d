import { isUtf8 } from 'node:buffer'

export interface TransactionText {
  text: string
  encoding: 'utf8' | 'latin1'
}

/**
 * The text of ST..SE, decoded once. UTF-8 where it is valid, Latin-1 (never a replacement character) where it is not. Line breaks
 * between segments are left out; `lineBreakBytes` is their length where all are the same, null where they differ.
 */
export function decodeTransaction(bytes: Buffer, how: { ascii: boolean; latin: boolean; terminator: string; lineBreakBytes: number | null }): TransactionText {
  const encoding = how.latin || !(how.ascii || isUtf8(bytes)) ? 'latin1' : 'utf8'
  // ASCII reads the same either way, and Latin-1 is the shorter way.
  const text = bytes.toString(how.ascii ? 'latin1' : encoding)
  const { terminator } = how
  const joined = how.lineBreakBytes === 0 ? text : withoutLineBreaks(text, terminator, how.lineBreakBytes)
  return { text: joined.endsWith(terminator) ? joined.slice(0, -1) : joined, encoding }
}

/** One behaviour, two ways: replacing a text is several times faster than a pattern, and a line per segment is common. */
function withoutLineBreaks(text: string, terminator: string, lineBreakBytes: number | null): string {
  let joined = text
  if (terminator !== '\n' && terminator !== '\r') {
    const [, first] = text.split(terminator, 2)
    const lineBreak = first?.slice(0, lineBreakBytes ?? 0) ?? ''
    if (lineBreak !== '') joined = text.replaceAll(terminator + lineBreak, terminator)
    // Breaks of one length need not be one break: CR here and LF there.
    if (lineBreak !== '' && !joined.includes(`${terminator}\r`) && !joined.includes(`${terminator}\n`)) return joined
  }
  return joined.replace(new RegExp(`(${terminator.replace(/[$()*+./?[\\\]^{|}-]/, '\\$&')})[\\r\\n]+`, 'g'), '$1')
}
