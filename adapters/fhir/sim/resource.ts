/** What this EHR keeps, and what may be read of any resource whatever its type. */

export const resourceTypes = ['Patient', 'Coverage', 'Appointment', 'CoverageEligibilityRequest', 'CoverageEligibilityResponse'] as const
export type ResourceType = (typeof resourceTypes)[number]
export const isKnownType = (type: unknown): type is ResourceType => resourceTypes.includes(type as ResourceType)

export interface Stored {
  resourceType: string
  id: string
  meta?: { versionId: string; lastUpdated?: string }
  identifier?: { system?: string; value?: string }[]
  [element: string]: unknown
}

export const nameOf = (resource: { resourceType: string; id: string }): string => `${resource.resourceType}/${resource.id}`
export const versionOf = (resource: Stored): string => resource.meta?.versionId ?? '1'
export const etagOf = (resource: Stored): string => `W/"${versionOf(resource)}"`
/** Charts of a journal that was written before versions had a moment. */
const beforeTime = '2026-11-01T00:00:00.000Z'
export const lastUpdatedOf = (resource: Stored): string => resource.meta?.lastUpdated ?? beforeTime

export function referencesIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, v]) => (key === 'reference' && typeof v === 'string' ? [v] : referencesIn(v)))
}

/** Every reference that `real` knows is replaced by what it says; undefined leaves it. */
export function replaceReferences<T>(value: T, real: (reference: string) => string | undefined): T {
  if (Array.isArray(value)) return value.map((v) => replaceReferences(v, real)) as T
  if (value === null || typeof value !== 'object') return value
  const changed = Object.entries(value).map(([key, v]) => [key, key === 'reference' && typeof v === 'string' ? (real(v) ?? v) : replaceReferences(v, real)])
  return Object.fromEntries(changed) as T
}

/** The hub's own identifier of a resource where it has one (`…/patient`, `…/appointment`), else the first: a chart of the clinic's has its own number before ours. */
export function hubIdentifier(resource: Stored): string | undefined {
  const list = Array.isArray(resource.identifier) ? resource.identifier : []
  const ours = list.find(({ system }) => system?.toLowerCase().endsWith(`/${resource.resourceType.toLowerCase()}`))
  return (ours ?? list[0])?.value
}
