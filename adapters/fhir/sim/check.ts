import { Refusal } from './refusal.ts'
import type { Stored } from './resource.ts'

/** What this EHR insists on: the elements and codes that R4 requires of its types. */
const coverageStatus = ['active', 'cancelled', 'draft', 'entered-in-error']
export const appointmentStatuses = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'checked-in',
  'waitlist',
]
const codes: Record<string, Record<string, readonly string[]>> = {
  Patient: { gender: ['male', 'female', 'other', 'unknown'] },
  Coverage: { status: coverageStatus },
  Appointment: { status: appointmentStatuses },
  CoverageEligibilityRequest: { status: coverageStatus },
  CoverageEligibilityResponse: { status: coverageStatus, outcome: ['queued', 'complete', 'error', 'partial'] },
}
const required: Record<string, readonly string[]> = {
  Patient: ['identifier', 'name'],
  Coverage: ['status', 'beneficiary', 'payor'],
  Appointment: ['status', 'participant', 'start', 'end'],
  CoverageEligibilityRequest: ['status', 'purpose', 'patient', 'created', 'insurer'],
  CoverageEligibilityResponse: ['status', 'purpose', 'patient', 'created', 'request', 'outcome', 'insurer'],
}

export function check(resource: Stored, path: string): Stored {
  const { resourceType } = resource
  for (const element of required[resourceType] ?? []) {
    const value = resource[element]
    const isMissing = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
    if (isMissing) throw new Refusal(422, 'required', `${element} is missing in ${JSON.stringify(resource)}`, `${path}.${element}`)
  }
  for (const [element, allowed] of Object.entries(codes[resourceType] ?? {})) {
    const value = resource[element]
    if (value !== undefined && !allowed.includes(String(value)))
      throw new Refusal(422, 'code-invalid', `${String(value)} is no ${element}`, `${path}.${element}`)
  }
  if (resourceType === 'Appointment' && !(Date.parse(String(resource.start)) < Date.parse(String(resource.end)))) {
    throw new Refusal(422, 'invariant', 'it ends before it starts', `${path}.end`)
  }
  return resource
}

/** What can be kept at all: of one type, and its identifiers a list. Staff too cannot write anything else. */
export function shaped(body: unknown, type: string, path: string): Stored {
  const resource = body as Stored | null
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) throw new Refusal(400, 'structure', 'not a resource', path)
  if (resource.resourceType !== type) throw new Refusal(400, 'invalid', `${resource.resourceType} where ${type} is due`, path)
  const { identifier } = resource
  const isList = Array.isArray(identifier) && identifier.every((one) => typeof one === 'object' && one !== null)
  if (identifier !== undefined && !isList) throw new Refusal(422, 'structure', 'identifier is no list', `${path}.identifier`)
  return resource
}
