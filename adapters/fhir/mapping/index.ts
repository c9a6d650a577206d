import type { EhrAppointment } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import type { Appointment, Coverage, CoverageEligibilityRequest, CoverageEligibilityResponse, Identifier, Patient } from '@medplum/fhirtypes'
import { type AnyVisit, build, type MappingConfig, type References } from './rows.ts'
import { fhirTypeOf, type MappedType, ownIds, tables } from './tables.ts'

export { instantOf, sameInstant } from './instant.ts'
export { merge } from './merge.ts'
export { recordOf } from './merge-rules.ts'
export type { AnyVisit, MappingConfig, References, VisitV2, VisitV3 } from './rows.ts'
export { withdrawn } from './second-coverage.ts'
export { fhirTypeOf, type MappedType, mappedTypes } from './tables.ts'

/** Within a transaction the server replaces these by the real ids, also when a conditional create finds an older one. */
export const urn = (id: string): string => `urn:uuid:${id}`

/** What the resources of a visit call each other: by the ids of the EHR where they are known. */
export const referencesOf = (visit: AnyVisit, known: Partial<References> = {}): References => ({
  patient: known.patient ?? visit.patientRef ?? urn(visit.patientId),
  coverage: known.coverage ?? urn(visit.coverageId),
  eligibilityRequest: known.eligibilityRequest ?? urn(visit.eligibility?.requestId ?? visit.visitId),
})

interface OwnIds {
  patientId?: string
  coverageId?: string
  visitId?: string
  eligibility?: { requestId: string } | null
}
/** Our identifier of one resource. Random ids, no patient's data: they may stand in a search. */
export function identifierOf(type: MappedType, ids: OwnIds, { identifierSystem }: Pick<MappingConfig, 'identifierSystem'>) {
  const own: { kind: string; from: (typeof ownIds)[MappedType]['from']; as?: (id: string) => string } = ownIds[type]
  const value = own.from === 'eligibility.requestId' ? ids.eligibility?.requestId : ids[own.from]
  if (value === undefined) throw new Error(`no id of ours for ${type}`)
  return { system: `${identifierSystem}/${own.kind}`, value: own.as?.(value) ?? value } satisfies Identifier
}

function make<T>(type: MappedType, visit: AnyVisit, refs: References, config: MappingConfig): T {
  return { resourceType: fhirTypeOf(type), ...build(tables[type].rows, { ...visit, refs, config }) } as T
}
/** What we say of one visit, a resource a function. Pure: the same visit always gives the same bytes. */
export const ours = {
  Patient: (visit: AnyVisit, refs: References, config: MappingConfig): Patient => make('Patient', visit, refs, config),
  Coverage: (visit: AnyVisit, refs: References, config: MappingConfig): Coverage => make('Coverage', visit, refs, config),
  /** Null: there is no second insurance. */
  SecondCoverage: (visit: AnyVisit, refs: References, config: MappingConfig): Coverage | null =>
    visit.secondary ? make('SecondCoverage', visit, refs, config) : null,
  Appointment: (visit: AnyVisit, refs: References, config: MappingConfig): Appointment => make('Appointment', visit, refs, config),
  /** Null: there is no answer to tell of. */
  CoverageEligibilityRequest: (visit: AnyVisit, refs: References, config: MappingConfig): CoverageEligibilityRequest | null =>
    visit.eligibility ? make('CoverageEligibilityRequest', visit, refs, config) : null,
  CoverageEligibilityResponse: (visit: AnyVisit, refs: References, config: MappingConfig): CoverageEligibilityResponse | null =>
    visit.eligibility ? make('CoverageEligibilityResponse', visit, refs, config) : null,
}

/** A visit that was moved or cancelled: what of its Appointment is ours to say. The patient's participant is there already. */
export function appointmentPatch({ status, ...now }: ValueOf<typeof EhrAppointment>, config: MappingConfig): Partial<Appointment> {
  const { visitId, startsAt, endsAt, practitioner } = now
  return build(tables.Appointment.rows, { visitId, startsAt, endsAt, practitioner, appointmentStatus: status, config })
}
