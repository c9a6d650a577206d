import type { Delimiters, InterchangeHead } from './found.ts'
import type { Problem } from './problem.ts'

/** ISA is the only segment of fixed length: 106 bytes with its terminator, so its delimiters stand at known places. */
export const isaBytes = 106
const separatorPlaces = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103]
const [letterI, letterS, letterA] = [0x49, 0x53, 0x41]

export const startsIsa = (bytes: Uint8Array, at: number): boolean => bytes[at] === letterI && bytes[at + 1] === letterS && bytes[at + 2] === letterA

/**
 * Whether a real interchange starts here: all sixteen separators in place and none between, and a terminator apart from them. The
 * text `ISA` in a name (`NM1*IL*1*ISAAC`) is not one. Needs 106 bytes from `at`.
 */
export function isIsa(bytes: Uint8Array, at: number): boolean {
  if (!startsIsa(bytes, at)) return false
  const element = bytes[at + 3] ?? 0
  const terminator = bytes[at + 105] ?? 0
  if (!maySeparate(element) || !(maySeparate(terminator) || isLineBreak(terminator)) || element === terminator) return false
  if (separatorPlaces.some((place) => bytes[at + place] !== element)) return false
  let separators = 0
  for (let place = 3; place < 104; place += 1) {
    const byte = bytes[at + place] ?? 0
    if (byte === element) separators += 1
    // ISA11 may be a control character: a separator of the interchange's own.
    else if (byte < 0x20 && place !== 82) return false
  }
  return separators === separatorPlaces.length
}

/** Reads a header that `isIsa` found real. `fileAt` is its place in the file. */
export function readIsa(bytes: Uint8Array, at: number, fileAt: number): InterchangeHead {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, isaBytes).toString('latin1')
  const element = text.charAt(3)
  const elements = ['ISA']
  separatorPlaces.forEach((place, n) => {
    elements.push(text.slice(place + 1, separatorPlaces[n + 1] ?? 105))
  })
  const version = text.slice(84, 89)
  const [component, terminator, chosen] = [text.charAt(104), text.charAt(105), text.charAt(82)]
  const problems: Problem[] = []
  const taken = [element, terminator]
  const clash = (char: string): boolean => taken.includes(char) || !maySeparate(char.charCodeAt(0))
  if (clash(component)) problems.push({ code: 'delimiters', at: fileAt + 104, place: 'ISA16' })
  taken.push(component)
  if (!/^\d{5}$/.test(version)) problems.push({ code: 'unsupported-version', at: fileAt + 84, place: 'ISA12' })
  // A file cut at its terminators would not have this header: something was changed in it.
  const cutBy = elements.findIndex((one, n) => n > 0 && n < 16 && one.includes(terminator))
  if (cutBy !== -1) problems.push({ code: 'delimiters', at: fileAt + (separatorPlaces[cutBy - 1] ?? 0) + 1, place: `ISA${String(cutBy).padStart(2, '0')}` })
  const repeats = version >= '00402'
  if (repeats && clash(chosen)) problems.push({ code: 'delimiters', at: fileAt + 82, place: 'ISA11' })
  const delimiters: Delimiters = { element, repetition: repeats && !clash(chosen) ? chosen : null, component, terminator }
  return { elements, delimiters, at: fileAt, version, problems }
}

export const isLineBreak = (byte: number): boolean => byte === 0x0a || byte === 0x0d
/** Letters, digits and blanks are damage in these places; NUL and 0x1A are how systems fill and end files; a line end can only terminate. */
const mayNotSeparate = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0 || byte === 0x1a || isLineBreak(byte) || /[\p{L}\p{N} \u00a0]/u.test(String.fromCharCode(byte)) ? 1 : 0,
)
export const maySeparate = (byte: number): boolean => mayNotSeparate[byte] === 0
