import { type Coded, type Labels, type LabelTable, labels } from './labels.ts'

// One object per known code, shared by all answers: an answer holds hundreds of codes of a few dozen kinds. Nearly all codes are one or
// two capitals or digits, and stand in a row by these: hashing a freshly cut string costs more than reading the rest of its EB.
const [first, range] = [0x30, 0x5a - 0x30 + 1]
const width = range + 1
interface Table {
  short: readonly (Coded | undefined)[]
  /** Codes of three ASCII characters, by `keyOf`: qualifiers of dates. */
  three: ReadonlyMap<number, Coded>
  long: ReadonlyMap<string, Coded>
}
const keyOf = (code: string): number => (code.charCodeAt(0) << 14) | (code.charCodeAt(1) << 7) | code.charCodeAt(2)
/** The place of a short code; -1 for any other. */
function placeOf(code: string): number {
  const a = code.charCodeAt(0) - first
  if (a < 0 || a >= range) return -1
  if (code.length === 1) return a * width
  const b = code.charCodeAt(1) - first
  return code.length === 2 && b >= 0 && b < range ? a * width + b + 1 : -1
}
function tableOf(rows: Labels): Table {
  const short = new Array<Coded | undefined>(range * width).fill(undefined)
  const three = new Map<number, Coded>()
  const long = new Map<string, Coded>()
  for (const [code, label] of Object.entries(rows)) {
    const coded = Object.freeze({ code, label })
    const place = placeOf(code)
    if (place !== -1) short[place] = coded
    else if (code.length === 3) three.set(keyOf(code), coded)
    else long.set(code, coded)
  }
  return { short, three, long }
}
const tables = new Map<LabelTable, Table>()
for (const [name, rows] of Object.entries(labels) as [LabelTable, Labels][]) tables.set(name, tableOf(rows))
const noTable: Table = { short: [], three: new Map(), long: new Map() }

/** A reader of one table; keep it, and call it per code. */
export function coder(name: LabelTable): (code: string) => Coded {
  const { short, three, long } = tables.get(name) ?? noTable
  return (code) => {
    const place = placeOf(code)
    const known = place !== -1 ? short[place] : code.length === 3 ? three.get(keyOf(code)) : long.get(code)
    // A key stands for one code only where all three characters are ASCII.
    return known?.code === code ? known : { code }
  }
}
/** As `coder`, for an element that may be absent. */
export function optionalCoder(name: LabelTable): (code: string | undefined) => Coded | undefined {
  const read = coder(name)
  return (code) => (code === undefined || code === '' ? undefined : read(code))
}
export const labelOf = (name: LabelTable, code: string): string | undefined => coder(name)(code).label

/** A row of a table by a code that came from outside: never what an object has from its prototype. */
export const rowOf = <T>(table: Readonly<Record<string, T>>, code: string | undefined): T | undefined =>
  code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined
