import { type AppointmentState, chartStatusOf, folded } from '@heliox/core/clinical'
import type {
  Address,
  AppointmentParticipant,
  CodeableConcept,
  ContactPoint,
  Coverage,
  CoverageClass,
  HumanName,
  Identifier,
  PatientCommunication,
  PatientContact,
  Reference,
} from '@medplum/fhirtypes'
import { instantOf, sameInstant } from './instant.ts'
import type { AnyVisit } from './rows.ts'
import { isName, isOfOurs, isSamePolicy, isTakenBack, sameName, unmarked } from './second-coverage.ts'

/**
 * What becomes of an element that the chart has already, when we write ours. Lists keep their order and get ours at the end, so
 * that what was at an index before is there still.
 */
type Merge = (theirs: unknown, ours: unknown, whole: Whole) => unknown
/** Where the element alone does not tell. */
export interface Whole {
  chart: object
  said: object
  visit: Pick<AnyVisit, 'gender' | 'payerSex'> | undefined
}
const rule = <T>(text: string, merge: (theirs: T, ours: T, whole: Whole) => T) => ({ text, merge: merge as Merge })

export const mergeRules = {
  own: rule('ours', (_theirs, ours) => ours),
  fill: rule('the chart’s; ours only where it has none', (theirs) => theirs),
  gender: rule<string>(
    'the chart’s; the patient’s own word where the chart has none, `unknown`, or no more than the payer’s code says',
    (theirs, ours, { visit }) => {
      const { gender, payerSex } = visit ?? {}
      if (gender === undefined || gender === null || gender === 'unknown') return theirs
      return theirs === 'unknown' || (payerSex && theirs === { F: 'female', M: 'male', U: 'unknown' }[payerSex]) ? ours : theirs
    },
  ),
  identifiers: rule<Identifier[]>('all stay; ours is added, and the member id (type MB) is ours', withIdentifiers),
  'given-again': rule<Identifier[]>('all stay; ours is added, or no longer `old`, and the member id (type MB) is ours', (theirs, ours) =>
    withIdentifiers(unmarked(theirs, ours), ours),
  ),
  'not-asked': rule<string>('the chart’s while it is about the same policy; ours for another one, and for one that the hub took back', (theirs, ours, whole) =>
    isTakenBack(whole.chart as Coverage, whole.said as Coverage) || !isSamePolicy(whole.chart as Coverage, whole.said as Coverage) ? ours : theirs,
  ),
  contacts: rule<PatientContact[]>('all stay; ours is added where the chart has nobody of that name', (theirs, ours) =>
    ours.reduce((list, mine) => {
      const at = list.findIndex(({ name }) => samePerson(name, mine.name))
      const known = list[at]
      if (!known) return list.concat([mine])
      return known.relationship === undefined && mine.relationship !== undefined ? list.with(at, { ...known, relationship: mine.relationship }) : list
    }, theirs),
  ),
  communications: rule<PatientCommunication[]>('all stay; ours is added where the chart has not the same language', (theirs, ours) =>
    ours.reduce((list, mine) => (has(list, (c) => isLanguage(c.language, codeOf(mine.language))) ? list : list.concat([mine])), theirs),
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
  payers: rule<Reference[]>('the chart’s where it names our payer or is linked to a record of its own, else ours; a mere name is ours', withPayers),
  'payers-of-policy': rule<Reference[]>('as above, while it is the same policy; else ours', (theirs, ours, whole) =>
    isSamePolicy(whole.chart as Coverage, whole.said as Coverage) ? withPayers(theirs, ours, whole) : ours,
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

function withIdentifiers(theirs: Identifier[], ours: Identifier[]): Identifier[] {
  return ours.reduce((list, mine) => {
    const type = codeOf(mine.type)
    if (type === undefined) return has(list, (i) => i.system === mine.system && i.value === mine.value) ? list : list.concat([mine])
    return replaceOrAdd(list, (i) => codeOf(i.type) === type, mine)
  }, theirs)
}
function withPayers(theirs: Reference[], ours: Reference[], { said }: Whole): Reference[] {
  return ours.reduce((list, mine) => {
    const same = (p: Reference): boolean =>
      mine.identifier === undefined
        ? isName(p) && sameName(p, mine)
        : p.identifier?.system === mine.identifier.system && p.identifier?.value === mine.identifier.value
    if (has(list, same)) return list
    const named = list.findIndex((p) => isOfOurs(p, said as Coverage))
    const earlier = named >= 0 ? named : list.findIndex(isName)
    if (earlier >= 0) return list.with(earlier, mine)
    return has(list, (p) => p.reference !== undefined) ? list : list.concat([mine])
  }, theirs)
}
const nameOf = ({ text, given = [], family = '' }: HumanName = {}): string => folded(text ?? `${given[0] ?? ''} ${family}`)
const samePerson = (a: HumanName | undefined, b: HumanName | undefined): boolean => nameOf(a) !== '' && nameOf(a) === nameOf({ ...b })
/** `es`, `es-MX` and "Spanish" are one language. */
const isLanguage = ({ coding = [], text }: CodeableConcept = {}, tag: string | undefined): boolean =>
  tag !== undefined &&
  (has(coding, ({ code }) => code?.split('-')[0]?.toLowerCase() === tag) ||
    has([text, ...coding.map(({ display }) => display)], (name) => name?.trim().toLowerCase() === englishNames.of(tag)?.toLowerCase()))
const englishNames = new Intl.DisplayNames(['en'], { type: 'language' })

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
