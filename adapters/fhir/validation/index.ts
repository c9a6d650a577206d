import { profileOf } from '../us-core/packages.ts'
import { mandatoryMissing } from '../us-core/table.ts'
import type { UsCore } from '../us-core/versions.ts'
import { knownPath } from './definitions.ts'
import { distinct, type Finding, finding, without } from './findings.ts'
import { libraries } from './libraries.ts'
import { limitsOf, resourceTypeOf } from './limits.ts'
import type { Known } from './references.ts'
import { thirdLayer } from './third-layer.ts'

export type { UsCore } from '../us-core/versions.ts'
export type { Finding, FindingCode } from './findings.ts'

export interface CheckOptions {
  usCore: UsCore
  /** What the chart had, for one resource; for a bundle by fullUrl or `Type/id`. What was wrong with it before is not ours to hold. */
  existing?: unknown
  /** fullUrl -> type, for a resource that refers to others of its bundle. */
  knownUrls?: Known
}
type Json = Record<string, unknown>

/**
 * Everything that goes to an EHR passes here first. An empty list: send it. Otherwise it is held, with the paths that fail and no
 * values. Three layers, since no one of them finds all: two libraries and our own.
 */
export async function checkOutgoing(resource: unknown, { usCore, existing, knownUrls = {} }: CheckOptions): Promise<Finding[]> {
  const beyond = limitsOf(resource)
  if (beyond.length > 0) return beyond
  const type = resourceTypeOf(resource)
  if (type === 'Resource') return [finding(type, 'resource-type')]
  if (type === 'Bundle') return checkBundle(resource as Json, usCore, (existing ?? {}) as Json, knownUrls)
  const found = await checkOne(resource as Json, usCore, knownUrls)
  if (found.length === 0 || existing === undefined || existing === null) return found
  return without(found, await checkOne(existing as Json, usCore, knownUrls))
}

async function checkOne(resource: Json, usCore: UsCore, known: Known): Promise<Finding[]> {
  const type = resourceTypeOf(resource)
  const { fhir, medplum } = await libraries()
  const profile = profileOf(usCore, type)
  return told([
    ...fhir(resource),
    ...medplum(resource),
    ...thirdLayer(resource, known),
    ...mandatoryMissing(resource, usCore).map((path) => finding(path, 'us-core-mandatory')),
    ...(profile === null ? [] : medplum(resource, profile).map(({ path }) => finding(path, 'us-core-profile'))),
  ])
}

const told = (findings: readonly Finding[]): Finding[] => distinct(findings.map(({ path, code }) => ({ path: knownPath(path), code })))

interface Entry {
  fullUrl?: string
  resource?: Json
  request?: { url?: string }
}
async function checkBundle(bundle: Json, usCore: UsCore, existing: Json, known: Known): Promise<Finding[]> {
  const entries = (Array.isArray(bundle.entry) ? bundle.entry : []) as Entry[]
  const urls = {
    ...known,
    ...Object.fromEntries(entries.flatMap(({ fullUrl, resource }) => (fullUrl && resource ? [[fullUrl, resourceTypeOf(resource)]] : []))),
  }
  const { fhir, medplum } = await libraries()
  // What is in it is looked at by itself, so that a path begins with the type that a person knows.
  const frame = { ...bundle, entry: entries.map(({ resource: _, ...rest }) => rest) }
  const found = [...fhir(frame), ...medplum(frame), ...thirdLayer(frame, urls)]
  for (const { fullUrl = '', resource, request } of entries) {
    if (!resource) continue
    const before = existing[fullUrl] ?? existing[request?.url ?? ''] ?? existing[`${resourceTypeOf(resource)}/${String(resource.id)}`]
    found.push(...(await checkOutgoing(resource, { usCore, existing: before, knownUrls: urls })))
  }
  return told(found)
}
