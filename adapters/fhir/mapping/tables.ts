import type { MergeRule } from './merge-rules.ts'
import { codes, coding, computed, copy, eitherOf, fixed, notKnown, onlyWith, type Row, type VisitV2, type VisitV3 } from './rows.ts'

/** What a visit becomes, by our names; the second coverage is one of FHIR's type Coverage. */
export const mappedTypes = ['Patient', 'Coverage', 'SecondCoverage', 'Appointment', 'CoverageEligibilityRequest', 'CoverageEligibilityResponse'] as const
export type MappedType = (typeof mappedTypes)[number]
type FhirType = Exclude<MappedType, 'SecondCoverage'>
export const fhirTypeOf = (type: MappedType): FhirType => (type === 'SecondCoverage' ? 'Coverage' : type)

export interface Table {
  rows: readonly Row[]
  /** What becomes of an element that the chart has already; `own` where it is not named. */
  keeps: Readonly<Record<string, MergeRule>>
}

const terminology = (name: string) => `http://terminology.hl7.org/CodeSystem/${name}`
/** The second of the same intake is known by the first: no row of ours holds an id for it. */
function secondOf(coverageId: string): string {
  return `${coverageId}.2`
}
const ourIdentifier = (kind: string, from: 'patientId' | 'coverageId' | 'visitId' | 'eligibility.requestId'): Row[] => [
  computed('identifier[0].system', 'config.identifierSystem', `with \`/${kind}\` behind it`, (system: string) => `${system}/${kind}`),
  copy('identifier[0].value', from),
]
/**
 * The payer is no record of the EHR's that we know: it is named by our own identifier, and the EHR links it or not. One that has only the patient's words
 * is a name and no more: a contained Organization would look like a record that somebody keeps.
 */
const payer = (element: string, of: '' | 'secondary.' = ''): Row[] => [
  fixed(`${element}.type`, 'Organization', `${of}payerName`),
  onlyWith(
    `${of}payerId`,
    computed(`${element}.identifier.system`, 'config.identifierSystem', 'with `/payer` behind it', (system: string) => `${system}/payer`),
  ),
  copy(`${element}.identifier.value`, `${of}payerId`),
  copy(`${element}.display`, `${of}payerName`),
]
/** Who is insured, by which number. Without a number that is said, since US Core wants one or the other. */
const policy = (of: '' | 'secondary.' = ''): Row[] => [
  ...coding('identifier[1].type', terminology('v2-0203'), 'MB', `${of}memberId`),
  copy('identifier[1].value', `${of}memberId`),
  onlyWith(`${of}memberId`, copy('identifier[1].assigner.display', `${of}payerName`)),
]
const insured = (of: '' | 'secondary.' = ''): Row[] => [
  copy('subscriberId', `${of}memberId`),
  notKnown('subscriberId', `${of}memberId`),
  copy('beneficiary.reference', 'refs.patient'),
  // The form asks for the patient's own policy only.
  ...coding('relationship', terminology('subscriber-relationship'), 'self'),
  ...payer('payor[0]', of),
  ...coding('class[0].type', terminology('coverage-class'), 'group', `${of}groupNumber`),
  copy('class[0].value', `${of}groupNumber`),
]

const genderCodes = { female: 'female', male: 'male', other: 'other', unknown: 'unknown', F: 'female', M: 'male', U: 'unknown' }
type Guardian = NonNullable<VisitV3['guardian']>
const roleCode = terminology('v3-RoleCode')
/** The codes that R4 lists for a contact know no guardian: its binding is extensible, and RoleCode has one. */
const relationships: Record<Guardian['relationship'], { system: string; code: string }> = {
  parent: { system: roleCode, code: 'PRN' },
  guardian: { system: roleCode, code: 'GUARD' },
  other: { system: terminology('v2-0131'), code: 'O' },
}
const relationshipRule = Object.entries(relationships)
  .map(([ours, { system, code }]) => `${ours} → \`${code}\` of \`${system.slice(system.lastIndexOf('/') + 1)}\``)
  .join(', ')

const Patient: Table = {
  rows: [
    ...ourIdentifier('patient', 'patientId'),
    fixed('active', true),
    fixed('name[0].use', 'official', 'familyName'),
    copy('name[0].family', 'familyName'),
    copy('name[0].given[0]', 'givenName'),
    fixed('telecom[0].system', 'phone', 'phone'),
    copy('telecom[0].value', 'phone'),
    fixed('telecom[1].system', 'email', 'email'),
    copy('telecom[1].value', 'email'),
    // The patient's own word; else the code that they gave for the payer. U is "not told", which FHIR calls unknown; `other` is a statement nobody made.
    eitherOf('gender', 'payerSex', codes('gender', 'gender', genderCodes)),
    copy('birthDate', 'birthDate'),
    fixed('address[0].use', 'home', 'address.line1'),
    copy('address[0].line[0]', 'address.line1'),
    copy('address[0].line[1]', 'address.line2'),
    copy('address[0].city', 'address.city'),
    copy('address[0].state', 'address.state'),
    copy('address[0].postalCode', 'address.postalCode'),
    copy('address[0].country', 'address.country'),
    computed('contact[0].relationship', 'guardian.relationship', relationshipRule, (is: Guardian['relationship']) => [{ coding: [relationships[is]] }]),
    copy('contact[0].name.family', 'guardian.familyName'),
    copy('contact[0].name.given[0]', 'guardian.givenName'),
    // In which they signed. That they prefer it to all others nobody asked: the clinic offers four at most.
    fixed('communication[0].language.coding[0].system', 'urn:ietf:bcp:47', 'language'),
    copy('communication[0].language.coding[0].code', 'language'),
  ],
  keeps: {
    ...{ identifier: 'identifiers', active: 'fill', name: 'fill', telecom: 'telecoms', gender: 'gender', birthDate: 'fill', address: 'addresses' },
    ...{ contact: 'contacts', communication: 'communications' },
  },
}

const Coverage: Table = {
  rows: [...ourIdentifier('coverage', 'coverageId'), ...policy(), copy('status', 'coverageStatus'), fixed('order', 1, 'secondary'), ...insured()],
  keeps: { identifier: 'identifiers', order: 'fill', beneficiary: 'reference', relationship: 'fill', payor: 'payers', class: 'classes' },
}

/** What the patient says pays after the first. No payer was asked, so it is a draft until somebody in the clinic says more. */
const SecondCoverage: Table = {
  rows: [
    computed('identifier[0].system', 'config.identifierSystem', 'with `/coverage` behind it', (system: string) => `${system}/coverage`),
    computed('identifier[0].value', 'coverageId', 'with `.2` behind it', secondOf),
    ...policy('secondary.'),
    fixed('status', 'draft'),
    fixed('order', 2),
    ...insured('secondary.'),
  ],
  keeps: {
    ...{ identifier: 'given-again', status: 'not-asked', order: 'fill', beneficiary: 'reference', relationship: 'fill' },
    ...{ payor: 'payers-of-policy', class: 'classes' },
  },
}

const Appointment: Table = {
  rows: [
    ...ourIdentifier('appointment', 'visitId'),
    copy('status', 'appointmentStatus'),
    copy('start', 'startsAt'),
    copy('end', 'endsAt'),
    copy('participant[0].actor.reference', 'refs.patient'),
    fixed('participant[0].status', 'accepted', 'refs.patient'),
    fixed('participant[1].actor.type', 'Practitioner', 'practitioner'),
    copy('participant[1].actor.display', 'practitioner'),
    fixed('participant[1].status', 'accepted', 'practitioner'),
    fixed('participant[2].actor.type', 'Location'),
    copy('participant[2].actor.display', 'config.practiceName'),
    fixed('participant[2].status', 'accepted'),
  ],
  keeps: { identifier: 'identifiers', status: 'appointment-status', start: 'instant', end: 'instant', participant: 'participants' },
}

/** What both halves of a check say: for whom, on which day, of whom it was asked. */
const check = (kind: string): Row[] => [
  ...ourIdentifier(kind, 'eligibility.requestId'),
  fixed('status', 'active'),
  // In force or not, for service type 30; amounts are not in what is mapped, so nothing is said about benefits.
  fixed('purpose[0]', 'validation'),
  copy('patient.reference', 'refs.patient'),
  copy('servicedDate', 'eligibility.serviceDate'),
  copy('created', 'eligibility.answeredAt'),
  ...payer('insurer'),
]
const CoverageEligibilityRequest: Table = {
  rows: [
    ...check('eligibility-request'),
    fixed('insurance[0].focal', true),
    copy('insurance[0].coverage.reference', 'refs.coverage'),
    ...coding('item[0].category', terminology('ex-benefitcategory'), '30'),
  ],
  keeps: { identifier: 'identifiers', patient: 'reference' },
}
const CoverageEligibilityResponse: Table = {
  rows: [
    ...check('eligibility-response'),
    copy('request.reference', 'refs.eligibilityRequest'),
    // `complete` is what a payer said, whole. A refusal to look is an error; what nobody is sure of is partial, and so is what staff entered.
    computed(
      'outcome',
      'eligibility',
      'active, inactive, mixed → `complete`; rejected → `error`; unknown, and what staff entered → `partial`',
      ({ verdict, manual }: NonNullable<VisitV2['eligibility']>) => {
        if (verdict === 'rejected') return 'error'
        return manual || verdict === 'unknown' ? 'partial' : 'complete'
      },
    ),
    codes('disposition', 'eligibility.manual', { true: 'Entered by staff, not answered by the payer.', false: null }),
    copy('insurance[0].coverage.reference', 'refs.coverage'),
    // `mixed` is in force for some services only: one flag for all of them would be wrong either way.
    codes('insurance[0].inforce', 'eligibility.verdict', { active: true, inactive: false, mixed: null, rejected: null, unknown: null }),
    computed('error', 'eligibility.reasonCodes', 'one entry for each AAA reject reason (X12 element 901); none, no element', (reasons: readonly string[]) => {
      const errors = reasons.filter((code) => /^[A-Z0-9]{1,3}$/.test(code))
      return errors.length === 0 ? undefined : errors.map((code) => ({ code: { coding: [{ system: 'https://codesystem.x12.org/005010/901', code }] } }))
    }),
  ],
  keeps: { identifier: 'identifiers', patient: 'reference' },
}

export const tables: Readonly<Record<MappedType, Table>> = {
  ...{ Patient, Coverage, SecondCoverage, Appointment },
  ...{ CoverageEligibilityRequest, CoverageEligibilityResponse },
}
/** What our identifier of each type is, and below which name of ours it stands. */
export const ownIds = {
  Patient: { kind: 'patient', from: 'patientId' },
  Coverage: { kind: 'coverage', from: 'coverageId' },
  SecondCoverage: { kind: 'coverage', from: 'coverageId', as: secondOf },
  Appointment: { kind: 'appointment', from: 'visitId' },
  CoverageEligibilityRequest: { kind: 'eligibility-request', from: 'eligibility.requestId' },
  CoverageEligibilityResponse: { kind: 'eligibility-response', from: 'eligibility.requestId' },
} as const satisfies Record<MappedType, { kind: string; from: string; as?: (id: string) => string }>
