import { CsvError, type Options, parse } from 'csv-parse/sync'

/** What a file's columns may be called: as schedulers and offices write them, in the four languages. Compared without case, accents and spaces. */
const columnNames = {
  date: ['date', 'visitdate', 'appointmentdate', 'day', 'datum', 'termin', 'fecha', 'jour'],
  time: ['time', 'start', 'starttime', 'visittime', 'appointmenttime', 'zeit', 'uhrzeit', 'beginn', 'hora', 'heure', 'debut'],
  minutes: ['minutes', 'duration', 'length', 'dauer', 'minuten', 'duracion', 'minutos', 'duree'],
  practitioner: [
    'practitioner',
    'clinician',
    'doctor',
    'provider',
    'with',
    'arzt',
    'arztin',
    'behandler',
    'bei',
    'medico',
    'profesional',
    'medecin',
    'praticien',
  ],
  givenName: ['givenname', 'firstname', 'vorname', 'nombre', 'prenom'],
  familyName: ['familyname', 'lastname', 'surname', 'nachname', 'familienname', 'apellido', 'apellidos', 'nom', 'nomdefamille'],
  birthDate: ['birthdate', 'dateofbirth', 'dob', 'geburtsdatum', 'geboren', 'fechadenacimiento', 'datedenaissance'],
  phone: ['phone', 'phonenumber', 'mobile', 'cell', 'telephone', 'telefon', 'handy', 'mobil', 'telefono', 'movil', 'portable'],
  email: ['email', 'emailaddress', 'mail', 'correo', 'correoelectronico', 'courriel'],
  language: ['language', 'sprache', 'idioma', 'langue'],
  textsAllowed: ['textsallowed', 'smsallowed', 'sms', 'texts', 'smserlaubt', 'smspermitido', 'smsautorise'],
  ehrPatientId: ['ehrpatientid', 'patientid', 'patientenid', 'idpaciente', 'idpatient'],
} as const satisfies Record<string, readonly string[]>
export type Column = keyof typeof columnNames
export const columns = Object.keys(columnNames) as Column[]
const needed: readonly Column[] = ['date', 'time', 'practitioner', 'givenName', 'familyName']

export const importLimits = { fileCharsMax: 48_000, linesMax: 300, unreadLinesMax: 20, columnsMax: 40 } as const

export interface CsvLine {
  /** As an editor counts them; a quoted line break makes one row of several lines. */
  line: number
  /** Null: this row cannot be read. */
  cells: Partial<Record<Column, string>> | null
}
type CsvFile =
  | { is: 'read'; lines: CsvLine[]; ignored: number }
  | { is: 'refused'; problem: 'empty' | 'too-many-lines' | 'missing-columns' | 'same-column-twice' | 'not-csv'; columns: Column[] }

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

/** Whichever stands most often in the first line; spreadsheets write ; where the comma is in numbers. */
function delimiterOf(text: string): string {
  const first = text.replace(/"[^"]*"/g, '').split(/\r?\n|\r/, 1)[0] ?? ''
  const counted = [',', ';', '\t'].map((sign) => ({ sign, n: first.split(sign).length - 1 }))
  return counted.reduce((most, one) => (one.n > most.n ? one : most)).sign
}

interface Row {
  record: string[]
  /** Where it ended. */
  line: number
}

/**
 * The parser goes on after a quote that is not closed, or stands where none may be, at the end of the file: whatever lies between would be gone without a word.
 * So that one line alone is left out, and reading begins anew behind it. Undefined: too much of it cannot be read.
 */
function rowsOf(content: string): { rows: Row[]; unread: number[] } | undefined {
  const lines = content.split(/(?<=\n)|(?<=\r)(?!\n)/)
  const options: Options = { delimiter: delimiterOf(content), info: true, trim: true, skip_empty_lines: true, relax_column_count: true }
  // With `info` each row comes with where it ended; the types of the package do not say so.
  const parsed = (from: number, to: number): Row[] => {
    const found = parse(lines.slice(from).join(''), { ...options, to }) as unknown as { record: string[]; info: { lines: number } }[]
    return found.map(({ record, info }) => ({ record, line: from + info.lines }))
  }
  const [rows, unread]: [Row[], number[]] = [[], []]
  for (let from = 0; unread.length <= importLimits.unreadLinesMax; ) {
    try {
      return { rows: [...rows, ...parsed(from, importLimits.linesMax + 2)], unread }
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      const good = Number(error.records)
      rows.push(...(good > 0 ? parsed(from, good) : []))
      const next = Math.max(from, good > 0 ? (rows.at(-1)?.line ?? 0) : 0)
      const bad = lines.findIndex((line, index) => index >= next && line.trim() !== '')
      unread.push(bad + 1)
      from = bad + 1
    }
  }
  return undefined
}

/** A row that cannot be read keeps none of the others out. Nothing of a file is in any error. */
export function readCsv(text: string): CsvFile {
  const content = text.replace(/^\uFEFF/, '')
  const refused = (problem: Extract<CsvFile, { is: 'refused' }>['problem'], of: Column[] = []): CsvFile => ({ is: 'refused', problem, columns: of })
  if (content.trim() === '') return refused('empty')
  // A file that is not text at all.
  if (content.includes('\u0000')) return refused('not-csv')
  const read = rowsOf(content)
  if (!read) return refused('not-csv')
  const { rows, unread } = read
  const [head, ...rest] = rows
  // Without its first line nobody knows what the columns are.
  if (!head || unread.some((line) => line < head.line)) return refused('not-csv')
  const names = head.record.slice(0, importLimits.columnsMax).map(plain)
  const at = new Map<Column, number>()
  const twice: Column[] = []
  for (const [index, name] of names.entries()) {
    const column = columns.find((one) => (columnNames[one] as readonly string[]).includes(name))
    if (!column) continue
    if (at.has(column)) twice.push(column)
    else at.set(column, index)
  }
  if (twice.length > 0) return refused('same-column-twice', twice)
  const missing = needed.filter((column) => !at.has(column))
  if (missing.length > 0) return refused('missing-columns', missing)
  const lines: CsvLine[] = rest
    .filter(({ record }) => record.some((cell) => cell !== ''))
    .map(({ record, line }) => ({ line, cells: Object.fromEntries([...at].map(([column, index]) => [column, record[index] ?? ''])) }))
  for (const line of unread) lines.push({ line, cells: null })
  if (lines.length === 0) return refused('empty')
  if (lines.length > importLimits.linesMax) return refused('too-many-lines')
  return { is: 'read', lines: lines.sort((a, b) => a.line - b.line), ignored: names.length - at.size }
}
