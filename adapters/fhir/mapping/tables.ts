import type { MergeRule } from './merge-rules.ts'
import { codes, coding, computed, copy, fixed, type Row, type VisitV2 } from './rows.ts'

export const mappedTypes = ['Patient', 'Coverage', 'Appointment', 'CoverageEligibilityRequest', 'CoverageEligibilityResponse'] as const
export type MappedType = (typeof mappedTypes)[number]

export interface Table {
  rows: readonly Row[]
  /** What becomes of an element that the chart has already; `own` where it is not named. */
  keeps: Readonly<Record<string, MergeRule>>
}

const terminology = (name: string) => `http://terminology.hl7.org/CodeSystem/${name}`
const ourIdentifier = (kind: string, from: 'patientId' | 'coverageId' | 'visitId' | 'eligibility.requestId'): Row[] => [
  computed('identifier[0].system', 'config.identifierSystem', `with \`/${kind}\` behind it`, (system: string) => `${system}/${kind}`),
  copy('identifier[0].value', from),
]
/** The payer is no record of the EHR's that we know: it is named by our own identifier, and the EHR links it or not. */
const payer = (element: string): Row[] => [
  fixed(`${element}.type`, 'Organization', 'payerId'),
  computed(`${element}.identifier.system`, 'config.identifierSystem', 'with `/payer` behind it', (system: string) => `${system}/payer`),
  copy(`${element}.identifier.value`, 'payerId'),
  copy(`${element}.display`, 'payerName'),
]

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
    // The code that the patient gave for the payer. U is "not told", which FHIR calls unknown; `other` is a statement nobody made.
    codes('gender', 'payerSex', { F: 'female', M: 'male', U: 'unknown' }),
    copy('birthDate', 'birthDate'),
    fixed('address[0].use', 'home', 'address.line1'),
    copy('address[0].line[0]', 'address.line1'),
    copy('address[0].line[1]', 'address.line2'),
    copy('address[0].city', 'address.city'),
    copy('address[0].state', 'address.state'),
    copy('address[0].postalCode', 'address.postalCode'),
    copy('address[0].country', 'address.country'),
  ],
  keeps: { identifier: 'identifiers', active: 'fill', name: 'fill', telecom: 'telecoms', gender: 'fill', birthDate: 'fill', address: 'addresses' },
}

const Coverage: Table = {
  rows: [
    ...ourIdentifier('coverage', 'coverageId'),
    ...coding('identifier[1].type', terminology('v2-0203'), 'MB', 'memberId'),
    copy('identifier[1].value', 'memberId'),
    copy('identifier[1].assigner.display', 'payerName'),
    copy('status', 'coverageStatus'),
    copy('subscriberId', 'memberId'),
    copy('beneficiary.reference', 'refs.patient'),
    // The form asks for the patient's own policy only.
    ...coding('relationship', terminology('subscriber-relationship'), 'self'),
    ...payer('payor[0]'),
    ...coding('class[0].type', terminology('coverage-class'), 'group', 'groupNumber'),
    copy('class[0].value', 'groupNumber'),
  ],
  keeps: { identifier: 'identifiers', beneficiary: 'reference', relationship: 'fill', payor: 'payers', class: 'classes' },
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

export const tables: Readonly<Record<MappedType, Table>> = { Patient, Coverage, Appointment, CoverageEligibilityRequest, CoverageEligibilityResponse }
/** What our identifier of each type is, and below which name of ours it stands. */
export const ownIds = {
  Patient: { kind: 'patient', from: 'patientId' },
  Coverage: { kind: 'coverage', from: 'coverageId' },
  Appointment: { kind: 'appointment', from: 'visitId' },
  CoverageEligibilityRequest: { kind: 'eligibility-request', from: 'eligibility.requestId' },
  CoverageEligibilityResponse: { kind: 'eligibility-response', from: 'eligibility.requestId' },
} as const satisfies Record<MappedType, { kind: string; from: string }>
