import type { Delimiters, Row, SentInterchange, SentSet } from './read.ts'

export interface Person {
  family: string
  given: string
  born: string
  sex: string
}
/** What one patient of a 270 is asked about. `dependent` null: the patient is the subscriber. */
export interface Inquiry {
  delimiters: Delimiters
  submitter: string
  receiver: string
  usage: string
  /** BHT03 */
  reference: string
  payer: { name: string; id: string }
  provider: { name: string; npi: string }
  trace: { id: string; origin: string }
  /** REF EJ */
  account: string
  subscriber: Person & { id: string }
  dependent: (Person & { id: string; relationship: string }) | null
  /** CCYYMMDD */
  day: string
  serviceTypes: string[]
}
/** Why a set is no readable 270, and where it can be said in a 999: segment, its position, element, IK403. */
export interface Refusal {
  reason: string
  at: { segment: string; position: number; element: number; code: string }
}

const inquiryVersions = ['005010X279A1', '005010X279'] as const
const patientsMax = 99

interface Level {
  id: string
  parent: string
  code: string
  rows: Row[]
  position: number
}

/** The patients of one ST, in order; or why it cannot be read. */
export function inquiriesOf(set: SentSet, interchange: SentInterchange): Inquiry[] | Refusal {
  const refuse = (reason: string, segment: string, position: number, element = 1, code = '7'): Refusal => ({ reason, at: { segment, position, element, code } })
  if (set.code !== '270' || !inquiryVersions.some((version) => version === set.version)) return refuse('not a 005010X279A1 270', 'ST', 1, 3)
  if (!set.sound) return refuse('counts or control numbers', 'SE', set.rows.length, 1)
  const levels = levelsOf(set.rows)
  const byId = new Map(levels.map((level) => [level.id, level]))
  const above = (level: Level | undefined, code: string): Level | undefined => {
    for (let at = level, depth = 0; at && depth < 4; at = byId.get(at.parent), depth += 1) if (at.code === code) return at
    return undefined
  }
  const parents = new Set(levels.map((level) => level.parent))
  const patients = levels.filter((level) => level.code === '23' || (level.code === '22' && !parents.has(level.id)))
  if (patients.length === 0 || patients.length > patientsMax) return refuse('no patient, or too many', 'HL', levels.at(-1)?.position ?? 2, 3, '1')
  const found: Inquiry[] = []
  for (const patient of patients) {
    const [payer, provider, subscriber] = [above(patient, '20'), above(patient, '21'), above(patient, '22')]
    const reference = cellOf(set.rows, 'BHT', 3, '0022', '13')
    const traced = patient.rows.some((row) => row[0] === 'TRN') ? patient : subscriber
    const person = personOf(subscriber?.rows ?? [], 'IL')
    const dependent = patient.code === '23' ? { ...personOf(patient.rows, '03'), relationship: cellOf(patient.rows, 'INS', 2) } : null
    const inquiry: Inquiry = {
      delimiters: interchange.delimiters,
      submitter: interchange.sender,
      receiver: interchange.receiver,
      usage: interchange.usage,
      reference,
      payer: { name: cellOf(payer?.rows ?? [], 'NM1', 3, 'PR'), id: cellOf(payer?.rows ?? [], 'NM1', 9, 'PR') },
      provider: { name: cellOf(provider?.rows ?? [], 'NM1', 3, '1P'), npi: cellOf(provider?.rows ?? [], 'NM1', 9, '1P') },
      trace: { id: cellOf(traced?.rows ?? [], 'TRN', 2, '1'), origin: cellOf(traced?.rows ?? [], 'TRN', 3, '1') },
      account: cellOf(patient.rows, 'REF', 2, 'EJ'),
      subscriber: person,
      dependent,
      day: cellOf(patient.rows, 'DTP', 3, '291') || cellOf(subscriber?.rows ?? [], 'DTP', 3, '291'),
      serviceTypes: patient.rows.filter((row) => row[0] === 'EQ').map((row) => row[1] ?? ''),
    }
    const who = dependent ?? person
    const needed = [reference, inquiry.payer.id, inquiry.provider.npi, inquiry.trace.id, person.id, person.family, who.family, inquiry.day]
    if (needed.includes('') || inquiry.serviceTypes.length === 0) return refuse('a required element is missing', 'HL', patient.position, 3, '1')
    found.push(inquiry)
  }
  return found
}

function levelsOf(rows: readonly Row[]): Level[] {
  const levels: Level[] = []
  for (const [index, row] of rows.entries()) {
    if (row[0] === 'HL') levels.push({ id: row[1] ?? '', parent: row[2] ?? '', code: row[3] ?? '', rows: [], position: index + 1 })
    else levels.at(-1)?.rows.push(row)
  }
  return levels
}

/** The element of the first segment whose first elements are these; empty when there is none. */
function cellOf(rows: readonly Row[], tag: string, element: number, ...starts: string[]): string {
  return rows.find((row) => row[0] === tag && starts.every((value, n) => row[n + 1] === value))?.[element] ?? ''
}
const personOf = (rows: readonly Row[], qualifier: string): Person & { id: string } => ({
  id: cellOf(rows, 'NM1', 9, qualifier),
  family: cellOf(rows, 'NM1', 3, qualifier),
  given: cellOf(rows, 'NM1', 4, qualifier),
  born: cellOf(rows, 'DMG', 2),
  sex: cellOf(rows, 'DMG', 3),
})
