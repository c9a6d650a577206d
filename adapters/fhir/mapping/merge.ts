import { isDeepStrictEqual } from 'node:util'
import type { Resource } from '@medplum/fhirtypes'
import { mergeRules, type Whole } from './merge-rules.ts'
import { type MappedType, tables } from './tables.ts'

/**
 * Read-modify-write: the chart's resource with ours in it. What the hub has no word for stays, as do other people's identifiers;
 * what each element of ours does to the chart's own is the table's rule. The same again changes nothing (`changed: false`), so
 * that an echo ends and no version is written for nothing.
 */
export function merge<T extends Resource>(
  existing: T,
  ours: Partial<T>,
  { type = existing.resourceType as MappedType, visit }: { type?: MappedType; visit?: Whole['visit'] } = {},
): { resource: T; changed: boolean } {
  const { keeps } = tables[type]
  const resource = { ...existing } as Record<string, unknown>
  for (const [element, mine] of Object.entries(ours)) {
    if (element === 'resourceType' || mine === undefined) continue
    // Why a value is not there is not said beside the value.
    if (element.startsWith('_') && !isNothing(resource[element.slice(1)])) continue
    const theirs = resource[element]
    const merged = isNothing(theirs) ? mine : mergeRules[keeps[element] ?? 'own'].merge(theirs, mine, { chart: existing, said: ours, visit })
    if (isDeepStrictEqual(merged, theirs)) continue
    resource[element] = merged
    // An extension of the value that stood there (why it is missing, in what calendar) says nothing of the new one.
    delete resource[`_${element}`]
  }
  const changed = !isDeepStrictEqual(resource, { ...existing })
  // Text that a server generated from the old values would go on telling them; it makes it anew. What a person added stays.
  if (changed && narrativeIsGenerated(resource.text)) delete resource.text
  return { resource: resource as unknown as T, changed }
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || (Array.isArray(value) && value.length === 0)
const narrativeIsGenerated = (text: unknown): boolean =>
  typeof text === 'object' && text !== null && ['generated', 'extensions', 'empty'].includes((text as { status?: string }).status ?? '')
