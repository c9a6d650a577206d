import type { EhrAppointment } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import type { Appointment, Coverage, CoverageEligibilityRequest, CoverageEligibilityResponse, Identifier, Patient } from '@medplum/fhirtypes'
import { build, type MappingConfig, type References, type VisitV2 } from './rows.ts'
import { type MappedType, ownIds, tables } from './tables.ts'

export { instantOf, sameInstant } from './instant.ts'
export { merge } from './merge.ts'
export { recordOf } from './merge-rules.ts'
export type { MappingConfig, References, VisitV2 } from './rows.ts'
export { type MappedType, mappedTypes } from './tables.ts'

/** Within a transaction the server replaces these by the real ids, also when a conditional create finds an older one. */
export const urn = (id: string): string => `urn:uuid:${id}`

/** What the resources of a visit call each other: by the ids of the EHR where they are known. */
export const referencesOf = (visit: VisitV2, known: Partial<References> = {}): References => ({
  patient: known.patient ?? visit.patientRef ?? urn(visit.patientId),
  coverage: known.coverage ?? urn(visit.coverageId),
  eligibilityRequest: known.eligibilityRequest ?? urn(visit.eligibility?.requestId ?? visit.visitId),
})

export interface OwnIds {
  patientId?: string
  coverageId?: string
  visitId?: string
  eligibility?: { requestId: string } | null
}
/** Our identifier of one resource. Random ids, no patient's data: they may stand in a search. */
export function identifierOf(type: MappedType, ids: OwnIds, { identifierSystem }: Pick<MappingConfig, 'identifierSystem'>) {
  const { kind, from } = ownIds[type]
  const value = from === 'eligibility.requestId' ? ids.eligibility?.requestId : ids[from]
  if (value === undefined) throw new Error(`no id of ours for ${type}`)
  return { system: `${identifierSystem}/${kind}`, value } satisfies Identifier
}

function make<T>(type: MappedType, visit: VisitV2, refs: References, config: MappingConfig): T {
  return { resourceType: type, ...build(tables[type].rows, { ...visit, refs, config }) } as T
}
/** What we say of one visit, a resource a function. Pure: the same visit always gives the same bytes. */
export const ours = {
  Patient: (visit: VisitV2, refs: References, config: MappingConfig): Patient => make('Patient', visit, refs, config),
  Coverage: (visit: VisitV2, refs: References, config: MappingConfig): Coverage => make('Coverage', visit, refs, config),
  Appointment: (visit: VisitV2, refs: References, config: MappingConfig): Appointment => make('Appointment', visit, refs, config),
  /** Null: there is no answer to tell of. */
  CoverageEligibilityRequest: (visit: VisitV2, refs: References, config: MappingConfig): CoverageEligibilityRequest | null =>
    visit.eligibility ? make('CoverageEligibilityRequest', visit, refs, config) : null,
  CoverageEligibilityResponse: (visit: VisitV2, refs: References, config: MappingConfig): CoverageEligibilityResponse | null =>
    visit.eligibility ? make('CoverageEligibilityResponse', visit, refs, config) : null,
}

/** A visit that was moved or cancelled: what of its Appointment is ours to say. The patient's participant is there already. */
export function appointmentPatch({ status, ...now }: ValueOf<typeof EhrAppointment>, config: MappingConfig): Partial<Appointment> {
  const { visitId, startsAt, endsAt, practitioner } = now
  return build(tables.Appointment.rows, { visitId, startsAt, endsAt, practitioner, appointmentStatus: status, config })
}
