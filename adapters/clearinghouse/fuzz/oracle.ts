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
interface Marks {
  element: string
  repetition: string | null
  component: string
  terminator: string
}
type Cells = string[]

const fixedPlaces = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103]
/** What transports leave around an interchange. */
const blanks = ' \t\r\n\0\x1a'
const byteOrderMark = '\xef\xbb\xbf'
const notWhole: Reading = { whole: false, sets: [] }

/** The characters that the 106 bytes of this ISA choose, or nothing when it is no ISA to be trusted. */
export function marksAt(text: string, at: number): Marks | undefined {
  const isa = text.slice(at, at + 106)
  const version = isa.slice(84, 89)
  if (isa.length < 106 || !isa.startsWith('ISA') || !/^\d{5}$/.test(version)) return undefined
  const [element, component, terminator] = [isa.charAt(3), isa.charAt(104), isa.charAt(105)]
  if (fixedPlaces.some((place) => isa.charAt(place) !== element) || isa.slice(0, 104).split(element).length !== 17) return undefined
  const repetition = version >= '00402' ? isa.charAt(82) : null
  const separators = [element, component, ...(repetition === null ? [] : [repetition])]
  if (new Set([...separators, terminator]).size !== separators.length + 1) return undefined
  if (separators.some((mark) => !maySeparate(mark)) || !(maySeparate(terminator) || /[\r\n]/.test(terminator))) return undefined
  // A file cut at its terminators would not have this header.
  if (isa.slice(4, 104).includes(terminator)) return undefined
  // Only ISA11, ISA16 and the terminator may be control characters of their own.
  if ([...isa.slice(4, 104)].some((char, i) => char < ' ' && char !== element && i + 4 !== 82)) return undefined
  return { element, repetition, component, terminator }
}
const maySeparate = (char: string): boolean => !/[\p{L}\p{N}\s\0]/u.test(char) && char !== '\x1a'

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
  const lines = lineBreak === '' ? [rest] : rest.split(lineBreak)
  const width = lines[0]?.length ?? 0
  const fits = width >= 20 && width < 105 && lines.every((line, n) => line.length === width || (n === lines.length - 1 && line.length < width))
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
    while (/[\r\n]/.test(text.charAt(at))) at += 1
    const end = text.indexOf(marks.terminator, at)
    if (end === -1) return undefined
    const piece = text.slice(at, end)
    if (!clean(piece, marks)) return undefined
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

/** Damage that a segment shows by itself. */
function clean(piece: string, marks: Marks): boolean {
  if (!/^[A-Z][A-Z0-9]{1,2}$/.test(piece.split(marks.element)[0] ?? '') || !piece.includes(marks.element)) return false
  // 0x80 to 0x9f may be part of a letter in UTF-8.
  return (piece.match(/\p{Cc}/gu) ?? []).every((c) => c > '\x7f' || Object.values(marks).includes(c))
}
const sameCount = (said: string, is: number): boolean => /^\d{1,10}$/.test(said) && Number(said) === is

/** One ST..SE: its patients' verdicts, or nothing when it does not verify. A 271 that is no tree of people speaks of nobody. */
export function verdictsOfSet(rows: Cells[], groupVersion: string, marks: Marks): string[] | undefined {
  const [st, se] = [rows[0], rows.at(-1)]
  if (st?.[0] !== 'ST' || se?.[0] !== 'SE' || !sameCount(se[1] ?? '', rows.length) || se[2] !== st[2] || st[2] === '' || st[2] === undefined) return undefined
  if (st[1] !== '271') return []
  const nodes = levels(rows.slice(1, -1))
  const [, bht] = rows
  const readable = /^00(5010X279(A1)?|4010X092(A1)?)$/.test(st[3] || groupVersion)
  // A second BHT is the head of another set, whose own head and end were lost.
  if (!nodes || !readable || bht?.[0] !== 'BHT' || bht[1] !== '0022' || rows.slice(2).some((row) => row[0] === 'BHT')) return ['unknown']
  return patientsOf(nodes).map((node) => verdictOf(node, bht[4] ?? '', marks))
}

interface Level {
  kind: string
  parent: Level | undefined
  children: Level[]
  rows: Cells[]
}
const above: Record<string, string | undefined> = { '20': undefined, '21': '20', '22': '21', '23': '22' }
const known = 'BHT TRN NM1 REF N3 N4 PER PRV AAA INS DMG HI MPI DTP EB HSD MSG III LS LE'.split(' ')
const has = (node: Level, ...tags: string[]): boolean => node.rows.some((row) => tags.includes(row[0] ?? ''))

/** The tree by HL01 and HL02; nothing when it is none. */
function levels(rows: Cells[]): Level[] | undefined {
  const nodes = new Map<string, Level>()
  const parents: (readonly [Level, string])[] = []
  for (const row of rows) {
    const [tag = '', id = '', parentId = '', kind = ''] = row
    const current = parents.at(-1)?.[0]
    if (tag !== 'HL') {
      // In front of the first level there is no place for what is said of a person, nor for what a 271 does not have.
      if (!current && (!known.includes(tag) || tag === 'EB' || tag === 'AAA')) return undefined
      current?.rows.push(row)
      continue
    }
    if (id === '' || nodes.has(id) || !(kind in above)) return undefined
    const node: Level = { kind, parent: undefined, children: [], rows: [] }
    nodes.set(id, node)
    parents.push([node, parentId])
  }
  for (const [node, parentId] of parents) {
    node.parent = nodes.get(parentId)
    if ((parentId !== '' && !node.parent) || node.parent?.kind !== above[node.kind]) return undefined
    node.parent?.children.push(node)
  }
  return nodes.size > 0 ? [...nodes.values()] : undefined
}

/** Who is answered about: whoever stands lowest, and a subscriber above dependents who was asked about as well. */
function patientsOf(nodes: Level[]): Level[] {
  const traces = (node: Level) => node.rows.filter((row) => row[0] === 'TRN').map((row) => row[2] ?? '')
  return nodes.filter((node) => {
    if (node.children.length === 0) return true
    const own = traces(node)
    // The same trace again below: one answer, told at the dependent.
    if (node.kind !== '22' || node.children.some((child) => traces(child).some((trace) => own.includes(trace)))) return false
    // A trace here, the answer at the one dependent without a trace of its own: that dependent's.
    const answeredBelow = node.children.filter((child) => traces(child).length === 0 && has(child, 'EB', 'AAA')).length === 1
    return has(node, 'EB', 'AAA') || (own.length > 0 && !answeredBelow)
  })
}

/** Segments before the first EB, and then each EB with what stands below it; what LS..LE wraps speaks of others. */
function partsOf(node: Level): { own: Cells[]; benefits: Cells[][] } {
  const parts: Cells[][] = [[]]
  let wrapped = false
  for (const row of node.rows) {
    if (row[0] === 'EB') parts.push([])
    wrapped = parts.length > 1 && (row[0] === 'LS' || (wrapped && row[0] !== 'LE' && row[0] !== 'EB'))
    // A refusal is heard wherever it stands.
    if (!wrapped || row[0] === 'AAA') parts.at(-1)?.push(row)
  }
  const [own = [], ...benefits] = parts
  return { own, benefits }
}

const medical = ['1', '47', '48', '50', '51', '52', '86', '96', '98', 'A0', 'A3', 'BY', 'BZ', 'UC']

function verdictOf(node: Level, day: string, marks: Marks): string {
  const path: Level[] = []
  for (let at: Level | undefined = node; at; at = at.parent) path.push(at)
  const owns = path.map((level) => partsOf(level).own)
  const said = ['22', '23'].includes(node.kind) ? partsOf(node).benefits : []
  const isStatus = ([eb]: Cells[]) => /^[1-8]$/.test(eb?.[1] ?? '') && !eb?.[13]
  const untilRefused = (rows: Cells[]) => rows.slice(0, rows.findIndex((row) => row[0] === 'AAA') >>> 0)
  // What cannot be read where it decides, and what a 271 does not have, makes the whole level and those below it unknown.
  if (path.some((level) => level.rows.some((row) => !known.includes(row[0] ?? '')))) return 'unknown'
  if ([...owns.flat(), ...said.filter(isStatus).flatMap(untilRefused)].some((row) => isDeciding(row) && !spanOf(row))) return 'unknown'
  if ([...owns.flat(), ...said.flat()].some((row) => row[0] === 'AAA' && ((row[3] ?? '').length > 3 || (row[4] ?? '').length > 2))) return 'unknown'
  if (owns.flat().some((row) => row[0] === 'AAA')) return 'rejected'

  const [own = [], next = []] = owns
  const inherited = own.some(isDeciding) || node.kind !== '23' ? own : next
  const refused = (benefit: Cells[]) => benefit.some((row) => row[0] === 'AAA')
  const statuses = said.filter((benefit) => isStatus(benefit) && !refused(benefit))
  const services = ([eb]: Cells[]): string[] =>
    (marks.repetition === null ? [eb?.[3] ?? ''] : (eb?.[3] ?? '').split(marks.repetition)).filter((code) => code !== '')
  const plain = statuses.filter((benefit) => services(benefit).includes('30'))
  const plan =
    plain.length > 0 ? plain : statuses.filter((benefit) => services(benefit).length === 0 || services(benefit).some((code) => medical.includes(code)))
  const isActive = ([eb]: Cells[]) => (eb?.[1] ?? '') <= '5'
  const active = plan.filter(isActive)
  const today = active.filter((benefit) => holds(benefit.some(isDeciding) ? benefit : inherited, day))
  const against = plan.filter((benefit) => !isActive(benefit))
  if (today.length > 0) return against.some((benefit) => holds(benefit, day)) ? 'mixed' : 'active'
  if (against.length > 0) return 'inactive'
  // V: the payer cannot tell, whatever else it refuses.
  if (active.length > 0 || said.some(([eb]) => eb?.[1] === 'V')) return 'unknown'
  return said.some(refused) ? 'rejected' : 'unknown'
}

const begins = ['340', '346', '348', '356', '539']
const ends = ['341', '347', '349', '357', '442', '540']
const spans = ['291', '292', '307']
const isDeciding = (row: Cells): boolean => row[0] === 'DTP' && [...begins, ...ends, ...spans].includes(row[1] ?? '')

/** First and last day of a DTP; nothing when it cannot be read. */
function spanOf([, qualifier = '', format = '', value = '']: Cells): [from: string, to: string] | undefined {
  const days = format === 'RD8' ? value.split('-') : [value]
  const [from = '', to = ''] = days
  if (days.length !== (format === 'RD8' ? 2 : 1) || !['D8', 'RD8'].includes(format) || !days.every(isDay)) return undefined
  if (format === 'RD8') return [from, to]
  return ends.includes(qualifier) ? ['', from] : [from, '99999999']
}
function isDay(text: string): boolean {
  const day = new Date(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}T00:00:00Z`)
  return /^\d{8}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10).replaceAll('-', '') === text
}

/** Every date that decides must hold the day; CCYYMMDD compares as text, 9999 has no end. A day that is none is held by no date. */
function holds(rows: Cells[], day: string): boolean {
  return rows.filter(isDeciding).every((row) => {
    const [from, to] = spanOf(row) ?? ['9', '0']
    return isDay(day) && from <= day && (day <= to || to.startsWith('9999'))
  })
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
