import type { Delimiters } from './found.ts'

/** The segments of a 271, as small numbers: the tag of each line is looked at several times. 0 is any other tag. */
export const tag = {
  ST: 1,
  SE: 2,
  BHT: 3,
  HL: 4,
  TRN: 5,
  NM1: 6,
  REF: 7,
  N3: 8,
  N4: 9,
  PER: 10,
  PRV: 11,
  AAA: 12,
  INS: 13,
  DMG: 14,
  HI: 15,
  MPI: 16,
  DTP: 17,
  EB: 18,
  HSD: 19,
  MSG: 20,
  III: 21,
  LS: 22,
  LE: 23,
} as const
/** The other way round; 0 has no name. */
export const tagNames: readonly string[] = ['', ...Object.keys(tag)]

/**
 * Which segment begins at `at`. Another tag is no extension: one changed letter would otherwise hide the DTP that ends a plan, so a
 * level that holds one is not believed. Values stay open; only tags are closed. A switch over numbers: it runs once per segment.
 */
export function tagAt(text: string, at: number, separator: number): number {
  const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)]
  // Capitals and digits lie below 91; the bound keeps two keys from being the same number.
  if (a > 90 || b > 90) return 0
  if (c === separator) return shortTag(a * 128 + b)
  return c <= 90 && text.charCodeAt(at + 3) === separator ? longTag((a * 128 + b) * 128 + c) : 0
}
function shortTag(key: number): number {
  switch (key) {
    case 0x45 * 128 + 0x42:
      return tag.EB
    case 0x48 * 128 + 0x4c:
      return tag.HL
    case 0x4e * 128 + 0x33:
      return tag.N3
    case 0x4e * 128 + 0x34:
      return tag.N4
    case 0x4c * 128 + 0x53:
      return tag.LS
    case 0x4c * 128 + 0x45:
      return tag.LE
    case 0x53 * 128 + 0x54:
      return tag.ST
    case 0x53 * 128 + 0x45:
      return tag.SE
    case 0x48 * 128 + 0x49:
      return tag.HI
    default:
      return 0
  }
}
const long = (name: string): number => (name.charCodeAt(0) * 128 + name.charCodeAt(1)) * 128 + name.charCodeAt(2)
const [dtp, ref, nm1, msg, trn, per, iii, hsd, aaa, dmg, ins, prv, bht, mpi] = 'DTP REF NM1 MSG TRN PER III HSD AAA DMG INS PRV BHT MPI'.split(' ').map(long)
function longTag(key: number): number {
  switch (key) {
    case dtp:
      return tag.DTP
    case ref:
      return tag.REF
    case nm1:
      return tag.NM1
    case msg:
      return tag.MSG
    case trn:
      return tag.TRN
    case per:
      return tag.PER
    case iii:
      return tag.III
    case hsd:
      return tag.HSD
    case aaa:
      return tag.AAA
    case dmg:
      return tag.DMG
    case ins:
      return tag.INS
    case prv:
      return tag.PRV
    case bht:
      return tag.BHT
    case mpi:
      return tag.MPI
    default:
      return 0
  }
}

const ascii = 128
/** Most elements are empty, or codes of one or two characters: those are made once. */
const ones = Array.from({ length: ascii }, (_, c) => String.fromCharCode(c))
const twos = Array.from({ length: ascii * ascii }, (_, n) => String.fromCharCode(n >> 7, n & 0x7f))

/** `text.slice(from, to)`, without making a string that exists already. */
export function cut(text: string, from: number, to: number): string {
  if (to === from) return ''
  const first = text.charCodeAt(from)
  if (to - from > 2 || first >= ascii) return text.slice(from, to)
  if (to - from === 1) return ones[first] ?? ''
  const second = text.charCodeAt(from + 1)
  return second < ascii ? (twos[(first << 7) | second] ?? '') : text.slice(from, to)
}

/** A repeating element's values; empty ones are dropped. 4010 has no repetition. */
export function valuesOf(value: string, { repetition }: Delimiters): string[] {
  if (value === '') return []
  if (repetition === null || !value.includes(repetition)) return [value]
  const values: string[] = []
  for (let from = 0; from <= value.length; ) {
    const found = value.indexOf(repetition, from)
    const to = found === -1 ? value.length : found
    if (to > from) values.push(cut(value, from, to))
    from = to + 1
  }
  return values
}
