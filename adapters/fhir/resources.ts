import type { Appointment, Bundle, Coverage, Identifier, Patient } from '@medplum/fhirtypes'
import type { FhirConfig, Visit, WrittenType } from './types.ts'

/**
 * One visit as FHIR R4 resources. Pure: the same visit and connection always give the same bytes, which is what lets a
 * retry be compared with what was sent. Everything is under our own identifiers, so that the EHR can tell (and we can
 * look up) whether it has them already.
 */

const kinds: Record<WrittenType, string> = { Patient: 'patient', Coverage: 'coverage', Appointment: 'appointment' }

/** Our identifier of one resource. Random ids, no patient's data: they may stand in a search. */
export function ourIdentifier(type: WrittenType, visit: Pick<Visit, 'patientId' | 'coverageId' | 'visitId'>, config: Pick<FhirConfig, 'identifierSystem'>) {
  const value = { Patient: visit.patientId, Coverage: visit.coverageId, Appointment: visit.visitId }[type]
  return { system: `${config.identifierSystem}/${kinds[type]}`, value } satisfies Identifier
}

const terminology = (codeSystem: string, code: string) => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${codeSystem}`, code }] })
/** Within a transaction the server replaces these by the real ids, also when a conditional create finds an older one. */
const urn = (id: string) => `urn:uuid:${id}`

export function patientOf(visit: Visit, config: FhirConfig): Patient {
  const { address } = visit
  return {
    resourceType: 'Patient',
    identifier: [ourIdentifier('Patient', visit, config)],
    active: true,
    name: [{ use: 'official', family: visit.familyName, given: [visit.givenName] }],
    telecom: [{ system: 'phone', value: visit.phone }, ...(visit.email === null ? [] : [{ system: 'email' as const, value: visit.email }])],
    // The code that the patient gave for the payer. U is "not told", which FHIR calls unknown; `other` is a statement nobody made.
    gender: ({ F: 'female', M: 'male', U: 'unknown' } as const)[visit.payerSex],
    birthDate: visit.birthDate,
    address: [
      {
        use: 'home',
        line: address.line2 === null ? [address.line1] : [address.line1, address.line2],
        city: address.city,
        state: address.state,
        postalCode: address.postalCode,
        country: 'US',
      },
    ],
  }
}

export function coverageOf(visit: Visit, config: FhirConfig): Coverage {
  return {
    resourceType: 'Coverage',
    identifier: [
      ourIdentifier('Coverage', visit, config),
      { type: terminology('v2-0203', 'MB'), value: visit.memberId, assigner: { display: visit.payerName } },
    ],
    status: visit.coverageStatus,
    subscriberId: visit.memberId,
    beneficiary: { reference: urn(visit.patientId) },
    // The form asks for the patient's own policy only.
    relationship: terminology('subscriber-relationship', 'self'),
    payor: [{ type: 'Organization', identifier: { system: `${config.identifierSystem}/payer`, value: visit.payerId }, display: visit.payerName }],
    ...(visit.groupNumber === null ? {} : { class: [{ type: terminology('coverage-class', 'group'), value: visit.groupNumber }] }),
  }
}

export function appointmentOf(visit: Visit, config: FhirConfig): Appointment {
  return {
    resourceType: 'Appointment',
    identifier: [ourIdentifier('Appointment', visit, config)],
    status: 'booked',
    start: visit.startsAt,
    end: visit.endsAt,
    participant: [
      { actor: { reference: urn(visit.patientId) }, status: 'accepted' },
      { actor: { type: 'Practitioner', display: visit.practitioner }, status: 'accepted' },
      { actor: { type: 'Location', display: config.practiceName }, status: 'accepted' },
    ],
  }
}

/** All or nothing, and each only if the EHR has none with our identifier. */
export function visitBundle(visit: Visit, config: FhirConfig): Bundle {
  const entry = (type: WrittenType, id: string, resource: Patient | Coverage | Appointment) => {
    const { system, value } = ourIdentifier(type, visit, config)
    return { fullUrl: urn(id), resource, request: { method: 'POST' as const, url: type, ifNoneExist: `identifier=${system}|${value}` } }
  }
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      entry('Patient', visit.patientId, patientOf(visit, config)),
      entry('Coverage', visit.coverageId, coverageOf(visit, config)),
      entry('Appointment', visit.visitId, appointmentOf(visit, config)),
    ],
  }
}
