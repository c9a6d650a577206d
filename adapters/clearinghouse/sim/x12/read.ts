/**
 * The simulator's own X12: written apart from the adapter's codec on purpose, so that a mistake in one does not hide in the other.
 * As a clearinghouse reads what clinics send: interchanges are checked as a whole, then groups, then sets.
 */
export interface Delimiters {
  element: string
  component: string
  repetition: string
  terminator: string
  lineBreaks: boolean
}
export type Row = readonly string[]
/** ST to SE; `sound` is false when SE01 or SE02 do not hold. */
export interface SentSet {
  code: string
  control: string
  version: string
  rows: Row[]
  sound: boolean
}
export interface SentGroup {
  functionalId: string
  control: string
  version: string
  sets: SentSet[]
  sound: boolean
}
export interface SentInterchange {
  delimiters: Delimiters
  sender: string
  receiver: string
  /** ISA09 and ISA10, as they stand in a TA1. */
  date: string
  time: string
  control: string
  asksTa1: boolean
  usage: string
  groups: SentGroup[]
  /** TA105; 000 when the envelope is fine. */
  note: string
}

const headLength = 106
const cell = (row: Row | undefined, n: number): string => row?.[n] ?? ''

/** Every interchange of a text, in order; none when it holds none. */
export function readInterchanges(text: string): SentInterchange[] {
  const found: SentInterchange[] = []
  let rest = text.replace(/^\uFEFF/, '').trimStart()
  while (rest.startsWith('ISA')) {
    if (rest.length < headLength) break
    const delimiters = delimitersOf(rest)
    const rows: Row[] = []
    let at = 0
    for (let end = rest.indexOf(delimiters.terminator, at); end >= 0; end = rest.indexOf(delimiters.terminator, at)) {
      const row = rest.slice(at, end).trim().split(delimiters.element)
      at = end + 1
      if (row[0] !== '') rows.push(row)
      if (row[0] === 'IEA') break
    }
    found.push(interchangeOf(rows, delimiters))
    rest = rest.slice(Math.max(at, headLength)).trimStart()
  }
  return found
}

function delimitersOf(text: string): Delimiters {
  const [element, component, terminator] = [text[3] ?? '*', text[104] ?? ':', text[105] ?? '~']
  const [repetition, version] = [text.split(element, 12)[11] ?? '^', text.split(element, 13)[12] ?? '']
  return {
    element,
    component,
    repetition: version === '00401' || repetition === '' ? '^' : repetition,
    terminator,
    lineBreaks: /[\r\n]/.test(text.slice(headLength, headLength + 2)),
  }
}

function interchangeOf(rows: readonly Row[], delimiters: Delimiters): SentInterchange {
  const isa = rows[0]
  const groups = groupsOf(rows.slice(1))
  const last = rows.at(-1)
  const note = () => {
    if (isa?.length !== 17) return '022'
    if (cell(last, 0) !== 'IEA') return '023'
    if (!/^\d{9}$/.test(cell(isa, 13))) return '018'
    if (cell(last, 2) !== cell(isa, 13)) return '001'
    if (Number(cell(last, 1)) !== groups.length) return '021'
    return '000'
  }
  return {
    delimiters,
    sender: cell(isa, 6).trim(),
    receiver: cell(isa, 8).trim(),
    date: cell(isa, 9),
    time: cell(isa, 10),
    control: cell(isa, 13),
    asksTa1: cell(isa, 14) === '1',
    usage: cell(isa, 15),
    groups,
    note: note(),
  }
}

function groupsOf(rows: readonly Row[]): SentGroup[] {
  const groups: SentGroup[] = []
  let [group, set]: [SentGroup | undefined, SentSet | undefined] = [undefined, undefined]
  for (const row of rows) {
    if (row[0] === 'GS') {
      group = { functionalId: cell(row, 1), control: cell(row, 6), version: cell(row, 8), sets: [], sound: false }
      groups.push(group)
    } else if (row[0] === 'GE' && group) {
      group.sound = cell(row, 2) === group.control && Number(cell(row, 1)) === group.sets.length
      group = undefined
    } else if (row[0] === 'ST') {
      set = { code: cell(row, 1), control: cell(row, 2), version: cell(row, 3) || (group?.version ?? ''), rows: [row], sound: false }
      group?.sets.push(set)
    } else if (set) {
      set.rows.push(row)
      if (row[0] !== 'SE') continue
      set.sound = Number(cell(row, 1)) === set.rows.length && cell(row, 2) === set.control
      set = undefined
    }
  }
  return groups
}
