import { type AppointmentState, chartStatusOf } from '@heliox/core/clinical'
import type { Address, AppointmentParticipant, CodeableConcept, ContactPoint, CoverageClass, Identifier, Reference } from '@medplum/fhirtypes'
import { instantOf, sameInstant } from './instant.ts'

/**
 * What becomes of an element that the chart has already, when we write ours. Lists keep their order and get ours at the end, so
 * that what was at an index before is there still.
 */
type Merge = (theirs: unknown, ours: unknown) => unknown
const rule = <T>(text: string, merge: (theirs: T, ours: T) => T) => ({ text, merge: merge as Merge })

export const mergeRules = {
  own: rule('ours', (_theirs, ours) => ours),
  fill: rule('the chart’s; ours only where it has none', (theirs) => theirs),
  identifiers: rule<Identifier[]>('all stay; ours is added, and the member id (type MB) is ours', (theirs, ours) =>
    ours.reduce((list, mine) => {
      const type = codeOf(mine.type)
      if (type === undefined) return has(list, (i) => i.system === mine.system && i.value === mine.value) ? list : list.concat([mine])
      return replaceOrAdd(list, (i) => codeOf(i.type) === type, mine)
    }, theirs),
  ),
  telecoms: rule<ContactPoint[]>('all stay; ours is added where the chart has not the same number or address', (theirs, ours) =>
    ours.reduce((list, mine) => (has(list, (t) => t.system === mine.system && contact(t) === contact(mine)) ? list : list.concat([mine])), theirs),
  ),
  addresses: rule<Address[]>('all stay; where ours is new it is added, and what was the home address becomes `old`', (theirs, ours) =>
    ours.reduce((list, mine) => {
      if (has(list, (a) => a.use !== 'old' && place(a) === place(mine))) return list
      return list.map((a): Address => (a.use === mine.use && a.type !== 'postal' ? { ...a, use: 'old' } : a)).concat([mine])
    }, theirs),
  ),
  classes: rule<CoverageClass[]>('all stay; the one of our type is ours', (theirs, ours) =>
    ours.reduce((list, mine) => replaceOrAdd(list, (c) => codeOf(c.type) === codeOf(mine.type), mine), theirs),
  ),
  reference: rule<Reference>('the chart’s where it names the same record, else ours', (theirs, ours) => (sameRecord(theirs, ours) ? theirs : ours)),
  payers: rule<Reference[]>('the chart’s where it names our payer or is linked to a record of its own, else ours', (theirs, ours) =>
    ours.reduce((list, mine) => {
      if (has(list, (p) => p.identifier?.system === mine.identifier?.system && p.identifier?.value === mine.identifier?.value)) return list
      const earlier = list.findIndex((p) => p.identifier?.system === mine.identifier?.system)
      if (earlier >= 0) return list.with(earlier, mine)
      return has(list, (p) => p.reference !== undefined) ? list : list.concat([mine])
    }, theirs),
  ),
  participants: rule<AppointmentParticipant[]>(
    'all stay; ours is added. Who is linked to a record of the chart’s stays so; a mere name is ours; the patient is ours',
    (theirs, ours) => ours.reduce(withParticipant, theirs),
  ),
  'appointment-status': rule<string>('the chart’s where it means the same (`arrived` is `booked` too), else ours', (theirs, ours) =>
    chartStatusOf(ours as AppointmentState['status'], theirs),
  ),
  instant: rule<string>('the chart’s where it is the same instant, whatever its offset, else ours', (theirs, ours) =>
    instantOf(theirs) !== null && sameInstant(theirs, ours) ? theirs : ours,
  ),
} as const satisfies Record<string, { text: string; merge: Merge }>
export type MergeRule = keyof typeof mergeRules

const has = <T>(list: T[], is: (entry: T) => boolean): boolean => list.some(is)
function replaceOrAdd<T extends object>(list: T[], is: (entry: T) => boolean, mine: T): T[] {
  const at = list.findIndex(is)
  const before = list[at]
  return before === undefined ? [...list, mine] : list.with(at, { ...before, ...mine, ...keptCoding(before, mine) })
}
/** The chart's own coding of the same type may hold more than ours: a display, a second code. */
const keptCoding = (before: { type?: CodeableConcept }, mine: { type?: CodeableConcept }) =>
  before.type !== undefined && mine.type !== undefined ? { type: before.type } : {}
const codeOf = (concept?: CodeableConcept): string | undefined => concept?.coding?.find((c) => c.code !== undefined)?.code

/** Numbers by their last ten digits: servers write them with and without +1, blanks and brackets. */
const contact = ({ system, value = '' }: ContactPoint): string => (system === 'email' ? value.trim().toLowerCase() : value.replace(/\D/g, '').slice(-10))
const plain = (text = ''): string => text.trim().replace(/\s+/g, ' ').toLowerCase()
/** Of nine digits of a ZIP code the first five say where; other countries' codes count as a whole. */
const postalCode = (code = ''): string => (/^\d{5}-?\d{4}$/.test(code.trim()) ? code.trim().slice(0, 5) : code.replace(/[\s-]/g, '').toUpperCase())
const place = (a: Address): string => [...(a.line ?? []).map(plain), plain(a.city), plain(a.state), postalCode(a.postalCode)].join('|')

/** `Patient/1`, `https://ehr/fhir/Patient/1` and `Patient/1/_history/2` name one record. */
export const recordOf = (reference: string | undefined): string | undefined =>
  reference === undefined ? undefined : (/(?:^|\/)([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(reference)?.[1] ?? reference)
const sameRecord = (a: Reference, b: Reference): boolean => a.reference !== undefined && recordOf(a.reference) === recordOf(b.reference)

const kindOf = ({ actor }: AppointmentParticipant): string | undefined => actor?.type ?? recordOf(actor?.reference)?.split('/')[0]
function withParticipant(list: readonly AppointmentParticipant[], mine: AppointmentParticipant): AppointmentParticipant[] {
  const isPatient = mine.actor?.type === undefined
  const same = (p: AppointmentParticipant) => (isPatient ? isPatientLike(p) : kindOf(p) === kindOf(mine))
  const theirs = list.filter(same)
  if (theirs.length === 0) return [...list, mine]
  const fits = isPatient
    ? (p: AppointmentParticipant) => sameRecord(p.actor ?? {}, mine.actor ?? {})
    : (p: AppointmentParticipant) => p.actor?.reference !== undefined || p.actor?.display === mine.actor?.display
  const [first] = theirs
  if (theirs.some(fits) || first === undefined) return [...list]
  return list.with(list.indexOf(first), { ...first, actor: mine.actor })
}
const isPatientLike = (p: AppointmentParticipant): boolean => kindOf(p) === 'Patient' || p.actor?.reference?.startsWith('urn:uuid:') === true
