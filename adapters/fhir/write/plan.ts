import { createHash } from 'node:crypto'
import type { AppointmentState } from '@heliox/core/clinical'
import type { Appointment, Bundle, BundleEntry, Coverage, Resource } from '@medplum/fhirtypes'
import { patientsOf } from '../appointments/booking.ts'
import { type AnyVisit, identifierOf, type MappedType, merge, ours, type References, referencesOf, urn, withdrawn } from '../mapping/index.ts'
import type { Read, Stored } from '../search.ts'
import type { FhirConfig } from '../types.ts'
import { whoSpeaks } from './appointment-state.ts'
import type { Seen } from './look.ts'

/** One resource that is not in the EHR as it should be. `before`: read, and merged into; undefined: it is created. */
export interface Step {
  type: MappedType
  resource: Resource
  before: Read | undefined
  fullUrl: string
  /** Only where none has our identifier: real servers race, so this is the second of two bolts. */
  ifNoneExist: string
}

/** In the order in which one may refer to another. */
export function stepsFor(visit: AnyVisit, seen: Seen, writes: readonly MappedType[], config: FhirConfig): Step[] {
  const refs = refsOf(visit, seen)
  return writes.flatMap((type) => stepFor(type, visit, seen, refs, config) ?? [])
}

const refsOf = (visit: AnyVisit, { Patient, Coverage, CoverageEligibilityRequest }: Seen): References =>
  referencesOf(visit, {
    ...(Patient && { patient: Patient.ref }),
    ...(Coverage && { coverage: Coverage.ref }),
    ...(CoverageEligibilityRequest && { eligibilityRequest: CoverageEligibilityRequest.ref }),
  })

/** Undefined: the EHR has it so already, or it is not ours to say. */
function stepFor(type: MappedType, visit: AnyVisit, seen: Seen, refs: References, config: FhirConfig): Step | undefined {
  const said = ours[type](visit, refs, config)
  const before = seen[type]
  const { system, value } = identifierOf(type, visit, config)
  const step = { type, fullUrl: fullUrlOf(type, visit, before, config), ifNoneExist: `identifier=${system}|${value}` }
  if (!said) return type === 'SecondCoverage' && before ? takenBack(step, before as Read<Coverage>, { system, value }) : undefined
  if (!before) return { ...step, resource: said, before: undefined }
  if (type === 'Appointment' && !mayWrite(before.resource as Appointment, visit)) return undefined
  const { resource, changed } = merge<Resource>(before.resource, said, { type, visit })
  return changed ? { ...step, resource, before } : undefined
}
/** What was changed there stays, and so does one that is another patient's as well (whose it is at all was asked before, in the look). */
const mayWrite = (there: Appointment, visit: AnyVisit): boolean =>
  whoSpeaks(there, stateOfVisit(visit), visit.agreed) !== 'theirs' && patientsOf(there).length <= 1

/** The patient has no second insurance any more. Our record of it is the only one that is touched, and only if nobody ended it before. */
function takenBack(step: Omit<Step, 'resource' | 'before'>, before: Read<Coverage>, id: { system: string; value: string }): Step | undefined {
  const resource = withdrawn<Stored<Coverage>>(before.resource, id)
  return resource && { ...step, resource, before }
}

export const stateOfVisit = ({ appointmentStatus, startsAt, endsAt }: AnyVisit): AppointmentState => ({ status: appointmentStatus, startsAt, endsAt })

/** What others in the bundle call it: its address, or a name for the time until it has one. */
function fullUrlOf(type: MappedType, visit: AnyVisit, before: Read | undefined, config: FhirConfig): string {
  if (before) return `${config.baseUrl.replace(/\/+$/, '')}/${before.ref}`
  if (type === 'Patient') return urn(visit.patientId)
  if (type === 'Coverage') return urn(visit.coverageId)
  if (type === 'SecondCoverage') return urn(derived(`second of ${visit.coverageId}`))
  if (type === 'Appointment') return urn(visit.visitId)
  const requestId = visit.eligibility?.requestId ?? visit.visitId
  return urn(type === 'CoverageEligibilityRequest' ? requestId : derived(`response to ${requestId}`))
}
/** Request and answer have one id of ours; in a bundle each needs its own. */
function derived(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}

/** All or nothing: creates only where there is none, updates only of what was read. */
export function bundleOf(steps: readonly Step[]): Bundle {
  return { resourceType: 'Bundle', type: 'transaction', entry: steps.map(entryOf) }
}
function entryOf({ resource, before, fullUrl, ifNoneExist }: Step): BundleEntry {
  const request = before
    ? { method: 'PUT' as const, url: before.ref, ...(before.etag !== undefined && { ifMatch: before.etag }) }
    : { method: 'POST' as const, url: resource.resourceType, ifNoneExist }
  return { fullUrl, resource, request }
}
