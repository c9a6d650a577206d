import { Refusal } from './refusal.ts'
import type { Stored } from './store.ts'

/** What this EHR insists on: the elements and codes that R4 requires of the three types. */
const codes: Record<string, Record<string, readonly string[]>> = {
  Patient: { gender: ['male', 'female', 'other', 'unknown'] },
  Coverage: { status: ['active', 'cancelled', 'draft', 'entered-in-error'] },
  Appointment: { status: ['proposed', 'pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error', 'checked-in', 'waitlist'] },
}
const required: Record<string, readonly string[]> = {
  Patient: ['identifier', 'name'],
  Coverage: ['status', 'beneficiary', 'payor'],
  Appointment: ['status', 'participant', 'start', 'end'],
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
