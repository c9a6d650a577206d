import type { Appointment, Bundle, Coverage, Identifier, Patient } from '@medplum/fhirtypes'
import { identifierOf, ours, referencesOf, urn, type VisitV2 } from './mapping/index.ts'
import type { FhirConfig, Visit, WrittenType } from './types.ts'

/**
 * One visit as the first major of `writeVisit` sends it: created where it is not there, by the tables of `mapping`. Pure: the same
 * visit and connection always give the same bytes, which is what lets a retry be compared with what was sent.
 */
const asNow = (visit: Visit): VisitV2 => ({
  ...visit,
  patientRef: null,
  notRefs: [],
  appointmentStatus: 'booked',
  agreed: null,
  patientKey: null,
  eligibility: null,
})

/** Our identifier of one resource. Random ids, no patient's data: they may stand in a search. */
export const ourIdentifier = (type: WrittenType, visit: Pick<Visit, 'patientId' | 'coverageId' | 'visitId'>, config: Pick<FhirConfig, 'identifierSystem'>) =>
  identifierOf(type, visit, config) satisfies Identifier

export const patientOf = (visit: Visit, config: FhirConfig): Patient => ours.Patient(asNow(visit), referencesOf(asNow(visit)), config)
export const coverageOf = (visit: Visit, config: FhirConfig): Coverage => ours.Coverage(asNow(visit), referencesOf(asNow(visit)), config)
export const appointmentOf = (visit: Visit, config: FhirConfig): Appointment => ours.Appointment(asNow(visit), referencesOf(asNow(visit)), config)

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
