import { type Cells, type Marks, sameCount, verdictsOfSet } from './oracle-verdict.ts'

/**
 * An independent reading of X12 eligibility answers: naive on purpose (split, maps, no speed), written from the rules, sharing nothing with
 * the codec or the simulator. It knows two things: does this document verify, and what does each intact 271 say about each patient.
 * Text is latin1: one character is one byte.
 */
export interface OracleSet {
  set: string
  control: string
  at: number
  /** One per patient, in the order of the file; empty for anything but a 271. */
  verdicts: string[]
}
export interface Reading {
  whole: boolean
  /** Only filled when the whole document verifies. */
  sets: OracleSet[]
}

const fixedPlaces = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103]
/** What transports leave around an interchange. */
const blanks = ' \t\r\n\0\x1a'
const byteOrderMark = '\xef\xbb\xbf'
const notWhole: Reading = { whole: false, sets: [] }

/** Whether the 106 bytes here are a header: its separators where they must be and nowhere else, and no control characters but its own. */
function isHeader(isa: string): boolean {
  const [element, terminator] = [isa.charAt(3), isa.charAt(105)]
  if (isa.length < 106 || !isa.startsWith('ISA') || element === terminator || !maySeparate(element)) return false
  if (fixedPlaces.some((place) => isa.charAt(place) !== element) || isa.slice(0, 104).split(element).length !== 17) return false
  if (!(maySeparate(terminator) || /[\r\n]/.test(terminator))) return false
  // Only ISA11, ISA16 and the terminator may be control characters of their own.
  return ![...isa.slice(4, 104)].some((char, i) => char < ' ' && char !== element && i + 4 !== 82)
}

/** The characters that the ISA here chooses, or nothing when it is no ISA to be trusted. */
export function marksAt(text: string, at: number): Marks | undefined {
  const isa = text.slice(at, at + 106)
  const version = isa.slice(84, 89)
  if (!isHeader(isa) || !/^\d{5}$/.test(version)) return undefined
  const [element, component, terminator] = [isa.charAt(3), isa.charAt(104), isa.charAt(105)]
  const repetition = version >= '00402' ? isa.charAt(82) : null
  const separators = [element, component, ...(repetition === null ? [] : [repetition])]
  if (new Set([...separators, terminator]).size !== separators.length + 1 || separators.some((mark) => !maySeparate(mark))) return undefined
  // A file cut at its terminators would not have this header.
  return isa.slice(4, 104).includes(terminator) ? undefined : { element, repetition, component, terminator }
}
const maySeparate = (char: string): boolean => !/[\p{L}\p{N} \u00a0\r\n\0]/u.test(char) && char !== '\x1a'

/** Reads the document as a chain of whole interchanges with nothing but blanks between them. */
export function readDocument(document: string): Reading {
  const sets: OracleSet[] = []
  let text = document
  let fileAt = (at: number): number => at
  let at = 0
  let interchanges = 0
  while (true) {
    while (at < text.length && (blanks.includes(text.charAt(at)) || text.startsWith(byteOrderMark, at))) at += blanks.includes(text.charAt(at)) ? 1 : 3
    if (at === text.length) return interchanges > 0 ? { whole: true, sets: sets.map((set) => ({ ...set, at: fileAt(set.at) })) } : notWhole
    const wrapped = unwrapped(text, at)
    if (wrapped) {
      const { width, breakBytes } = wrapped
      const from = at
      text = wrapped.text
      fileAt = (place) => (place < from ? place : place + Math.floor((place - from) / width) * breakBytes)
    }
    const end = readInterchange(text, at, sets)
    if (end === undefined) return notWhole
    at = end
    interchanges += 1
  }
}

/** Lines broken at one column, in the header already and to the end of the file: the breaks mean nothing. */
function unwrapped(text: string, at: number): { text: string; width: number; breakBytes: number } | undefined {
  const rest = text.slice(at)
  const [lineBreak = ''] = /\r\n|\r|\n/.exec(rest) ?? []
  const lines = rest.split(/\r\n|\r|\n/)
  const width = lines[0]?.length ?? 0
  // Beyond the header, two breaks must agree, and stand inside segments.
  const wide = width > 105 && width <= 400 && lines.length > 2 && !lines.slice(0, 2).every((line) => line.endsWith(rest.charAt(105)))
  const narrow = width >= 20 && width < 105 && !isHeader(rest.slice(0, 106))
  const fits = (narrow || wide) && lines.every((line, n) => line.length === width || (n === lines.length - 1 && line.length < width))
  return fits && lines.length > 1 ? { text: text.slice(0, at) + lines.join(''), width, breakBytes: lineBreak.length } : undefined
}

/** The end of the interchange at `start`, or nothing when any part of it does not verify. */
function readInterchange(text: string, start: number, sets: OracleSet[]): number | undefined {
  const marks = marksAt(text, start)
  if (!marks) return undefined
  const isa13 = text.slice(start + 90, start + 99)
  let at = start + 106
  let [groups, group, groupSets] = [0, undefined as Cells | undefined, 0]
  let open: { at: number; rows: Cells[] } | undefined
  while (true) {
    // Blank lines are line breaks too, where a line end is the terminator: the count of the set says whether a segment is missing.
    while (text.charAt(at) === '\n' || text.charAt(at) === '\r') at += 1
    const end = text.indexOf(marks.terminator, at)
    if (end === -1) return undefined
    const piece = text.slice(at, end)
    if (!clean(piece, marks) || holdsHeader(text, at, end)) return undefined
    const cells = piece.split(marks.element)
    const [tag, one = '', two = ''] = cells
    if (tag === 'ISA') return undefined
    if (tag === 'IEA') return !group && !open && sameCount(one, groups) && two === isa13 ? end + 1 : undefined
    if (tag === 'TA1' && group) return undefined
    if (tag === 'GS') {
      if (group) return undefined
      ;[group, groupSets, groups] = [cells, 0, groups + 1]
    } else if (tag === 'GE') {
      if (!group || open || !sameCount(one, groupSets) || two !== group[6] || two === '') return undefined
      group = undefined
    } else if (tag === 'ST') {
      if (!group || open) return undefined
      open = { at, rows: [cells] }
    } else if (open) {
      open.rows.push(cells)
      if (tag === 'SE') {
        const verdicts = verdictsOfSet(open.rows, group?.[8] ?? '', marks)
        if (!verdicts) return undefined
        sets.push({ set: open.rows[0]?.[1] ?? '', control: open.rows[0]?.[2] ?? '', at: open.at, verdicts })
        ;[open, groupSets] = [undefined, groupSets + 1]
      }
    } else if (tag !== 'TA1') return undefined
    at = end + 1
  }
}

/** A header inside a segment: the file was cut there, and another begins. */
function holdsHeader(text: string, from: number, to: number): boolean {
  if (to - from < 105) return false
  for (let at = text.indexOf('ISA', from); at !== -1 && at + 3 <= to; at = text.indexOf('ISA', at + 1)) if (isHeader(text.slice(at, at + 106))) return true
  return false
}

/** Damage that a segment shows by itself. */
function clean(piece: string, marks: Marks): boolean {
  const tagEnd = piece.indexOf(marks.element)
  if (!/^[A-Z][A-Z0-9]{1,2}$/.test(piece.slice(0, Math.max(tagEnd, 0)))) return false
  // 0x80 to 0x9f may be part of a letter in UTF-8.
  return !/\p{Cc}/u.test(piece) || (piece.match(/\p{Cc}/gu) ?? []).every((c) => c > '\x7f' || Object.values(marks).includes(c))
}

/** One set of a damaged file, by itself: its verdicts when ST..SE verifies and a group is open around it, else nothing. */
export function verdictsAt(text: string, { at, bytes, isaAt }: { at: number; bytes: number; isaAt: number }, marks: Marks): string[] | undefined {
  const rowsOf = (from: number, to: number) =>
    text
      .slice(from, to)
      .split(marks.terminator)
      .map((piece) => piece.replace(/^[\r\n]+/, ''))
      .filter((piece) => piece !== '')
  const pieces = rowsOf(at, at + bytes)
  if (!pieces.every((piece) => clean(piece, marks))) return undefined
  const rows = pieces.map((piece) => piece.split(marks.element))
  if (rows.slice(1, -1).some((row) => ['ISA', 'TA1', 'GS', 'ST', 'SE', 'GE', 'IEA'].includes(row[0] ?? ''))) return undefined
  const group = rowsOf(isaAt, at)
    .map((piece) => piece.split(marks.element))
    .findLast((row) => row[0] === 'GS' || row[0] === 'GE')
  return group?.[0] === 'GS' ? verdictsOfSet(rows, group[8] ?? '', marks) : undefined
}
