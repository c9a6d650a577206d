import type { Inquiry, Person } from '../x12/inquiry.ts'
import type { Row } from '../x12/read.ts'

/** The parts of a 271 from which every answer is put together; rows stand between BHT and SE. */

type More = '0' | '1'

export const source = (q: Inquiry, more: More): Row[] => [
  ['HL', '1', '', '20', more],
  ['NM1', 'PR', '2', q.payer.name, '', '', '', '', 'PI', q.payer.id],
]
export const receiver = (q: Inquiry, more: More): Row[] => [
  ['HL', '2', '1', '21', more],
  ['NM1', '1P', '2', q.provider.name, '', '', '', '', 'XX', q.provider.npi],
]
const trace = (q: Inquiry): Row => ['TRN', '2', q.trace.id, q.trace.origin]
const account = (q: Inquiry): Row[] => (q.account === '' ? [] : [['REF', 'EJ', q.account]])
const name = (entity: 'IL' | '03', person: Person, id: string): Row =>
  id === '' ? ['NM1', entity, '1', person.family, person.given] : ['NM1', entity, '1', person.family, person.given, '', '', '', 'MI', id]
const demographics = (person: Person): Row[] => (person.born === '' ? [] : [['DMG', 'D8', person.born, person.sex]])

/** Down to the level at which the subscriber is named, with the trace when the answer stops here or the subscriber is the patient. */
export function toSubscriber(q: Inquiry, options: { stops?: boolean; demographics?: boolean; after?: readonly Row[] } = {}): Row[] {
  const goesOn = q.dependent !== null && !options.stops
  return [
    ...source(q, '1'),
    ...receiver(q, '1'),
    ['HL', '3', '2', '22', goesOn ? '1' : '0'],
    ...(goesOn ? [] : [trace(q)]),
    name('IL', q.subscriber, q.subscriber.id),
    ...(goesOn ? [] : account(q)),
    ...(options.demographics ? demographics(q.subscriber) : []),
    ...(goesOn ? [] : (options.after ?? [])),
  ]
}
/** Down to the patient: subscriber or dependent. `after` stands behind DMG (INS of a correction). */
export function toPatient(q: Inquiry, options: { demographics?: boolean; corrected?: boolean } = {}): Row[] {
  const correction: Row[] = options.corrected && !q.dependent ? [['INS', 'Y', '18', '001', '25']] : []
  const upTo = toSubscriber(q, { ...options, after: correction })
  if (!q.dependent) return upTo
  const corrected = options.corrected ? ['001', '25'] : []
  return [
    ...upTo,
    ['HL', '4', '3', '23', '0'],
    trace(q),
    name('03', q.dependent, q.dependent.id),
    ...account(q),
    ...(options.demographics ? demographics(q.dependent) : []),
    ['INS', 'N', q.dependent.relationship || '19', ...corrected],
  ]
}

export const planName = (payerId: string): string => (payerId === 'NORTH2' ? 'NORTHWIND CHOICE' : 'HELIO GOLD')
export const planDates = (first: string, last: string): Row[] => [
  ['DTP', '346', 'D8', first],
  ['DTP', '347', 'D8', last],
]
export const costs: readonly Row[] = [
  ['EB', 'B', 'IND', '98', '', '', '27', '25', '', '', '', '', 'Y'],
  ['EB', 'B', 'IND', '98', '', '', '27', '60', '', '', '', '', 'N'],
  ['EB', 'C', 'IND', '30', '', '', '23', '1500', '', '', '', '', 'Y'],
  ['EB', 'A', 'IND', '30', '', '', '', '', '.2', '', '', '', 'Y'],
]
/** Plan active on the day asked, with copays: what an ordinary answer says behind the patient. */
export const coverage = (q: Inquiry): Row[] => {
  const year = q.day.slice(0, 4)
  return [...planDates(`${year}0101`, `${year}1231`), ['EB', '1', 'IND', '30', 'HM', planName(q.payer.id)], ...costs]
}
