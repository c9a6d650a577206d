import { isDeepStrictEqual } from 'node:util'
import { PartnerFault } from '@heliox/core/kit'
import type { Resource } from '@medplum/fhirtypes'
import { z } from 'zod'
import { send } from './http.ts'
import { refusalOf } from './outcome.ts'
import type { FhirContext } from './types.ts'

/** FHIR's own grammar of an id. */
export const idPattern = /^[A-Za-z0-9.-]{1,64}$/
const pageBytesMax = 4 * 1024 * 1024
const resourceBytesMax = 1024 * 1024

/** As a server gave it: what we do not know of it is kept, since it is written back. */
export type Stored<T extends Resource = Resource> = T & { id: string }
/** One resource of the chart, with the tag that an update must name: only a read by itself gives it, and only where the server keeps to it. */
export interface Read<T extends Resource = Resource> {
  ref: string
  resource: Stored<T>
  etag: string | undefined
}

const Entry = z.looseObject({
  resource: z
    .looseObject({ resourceType: z.string(), id: z.string().optional(), meta: z.looseObject({ versionId: z.string().optional() }).optional() })
    .optional(),
  search: z.looseObject({ mode: z.string().optional() }).optional(),
})
const Searchset = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.literal('searchset'),
  link: z.array(z.looseObject({ relation: z.string(), url: z.string() })).default([]),
  entry: z.array(Entry).max(1000).default([]),
})

/** `next`: where the server goes on; null: that was all. */
export interface Page<T extends Resource = Resource> {
  found: Read<T>[]
  next: string | null
}

/**
 * By POST: a search in the address would put what was asked into the partner's access log. `strict` asks the server to refuse a parameter
 * that it does not know; who ignores that too is found out by whoever compares the hits with the question.
 */
export async function search<T extends Resource>(ctx: FhirContext, type: T['resourceType'], form: Record<string, string>): Promise<Page<T>> {
  const response = await send(ctx, {
    method: 'POST',
    path: `${type}/_search`,
    body: { form },
    headers: { prefer: 'handling=strict' },
    responseBytesMax: pageBytesMax,
    lost: 'unavailable',
  })
  if (response.status < 200 || response.status > 299) {
    const { codes } = refusalOf(response, 'unavailable')
    throw new PartnerFault('contract', 'The EHR refused to look up what it has.', { detail: `${type}, status ${response.status}, ${codes.join(' ')}` })
  }
  return pageOf(type, response.json)
}

export function pageOf<T extends Resource>(type: T['resourceType'], json: unknown): Page<T> {
  const parsed = Searchset.safeParse(json)
  if (!parsed.success) throw new PartnerFault('contract', 'The EHR answered a search in a way the hub does not know.', { detail: type })
  // Servers add an OperationOutcome (`outcome`) and what was included to what matched.
  const matches = parsed.data.entry.filter(({ search: about }) => about?.mode === undefined || about.mode === 'match')
  const found = matches.map(({ resource }) => {
    if (resource?.resourceType !== type || resource.id === undefined || !idPattern.test(resource.id))
      throw new PartnerFault('contract', 'The EHR answered a search with records that were not asked for.', { detail: type })
    return readOf(resource as Stored<T>, undefined)
  })
  return { found, next: parsed.data.link.find(({ relation }) => relation === 'next')?.url ?? null }
}

/** Of one identifier of ours. Whatever does not carry it was not asked for: a server that ignores the parameter answers with strangers. */
export async function searchByIdentifier<T extends Resource>(
  ctx: FhirContext,
  type: T['resourceType'],
  { system, value }: { system: string; value: string },
): Promise<Read<T>[]> {
  const { found } = await search<T>(ctx, type, { identifier: `${system}|${value}`, _count: '3' })
  const ours = ({ resource }: Read<T>): boolean => identifiersOf(resource).some((i) => i.system === system && i.value === value)
  if (!found.every(ours)) throw new PartnerFault('contract', 'The EHR answered a search with records that are not ours.', { detail: type })
  return found
}

export function identifiersOf(resource: Resource): { system?: string; value?: string }[] {
  const { identifier } = resource as { identifier?: unknown }
  return Array.isArray(identifier) ? identifier.filter((one): one is { system?: string; value?: string } => typeof one === 'object' && one !== null) : []
}

/** `gone`: there never was one, or it was deleted. */
export async function read<T extends Resource>(ctx: FhirContext, type: T['resourceType'], ref: string): Promise<Read<T> | 'gone'> {
  const id = ref.startsWith(`${type}/`) ? ref.slice(type.length + 1) : ''
  if (!idPattern.test(id)) return 'gone'
  const response = await send(ctx, { method: 'GET', path: `${type}/${id}`, responseBytesMax: resourceBytesMax, lost: 'unavailable' })
  if (response.status === 404 || response.status === 410) return 'gone'
  if (response.status !== 200) {
    const { codes } = refusalOf(response, 'unavailable')
    throw new PartnerFault('contract', 'The EHR refused to show a record.', { detail: `${type}, status ${response.status}, ${codes.join(' ')}` })
  }
  const resource = response.json as Stored<T> | undefined
  if (typeof resource !== 'object' || resource === null || resource.resourceType !== type || resource.id !== id)
    throw new PartnerFault('contract', 'The EHR showed another record than was asked for.', { detail: type })
  return readOf(resource, response.etag)
}

const readOf = <T extends Resource>(resource: Stored<T>, etag: string | undefined): Read<T> => ({
  ref: `${resource.resourceType}/${resource.id}`,
  resource,
  etag,
})

/**
 * As it was searched, with its tag. `changed`: it is another version by now. `no-version`: the server gives no tag, so it would not notice
 * an update of what it does not have any more.
 */
export async function tagged<T extends Resource>(ctx: FhirContext, seen: Read<T>): Promise<Read<T> | 'changed' | 'no-version'> {
  if (seen.etag !== undefined) return seen
  const now = await read<T>(ctx, seen.resource.resourceType, seen.ref)
  if (now === 'gone' || !isSameVersion(now.resource, seen.resource)) return 'changed'
  return now.etag === undefined ? 'no-version' : { ...seen, etag: now.etag }
}

/** Some servers tell versions by the tag alone: there, only what reads the same is the same. */
function isSameVersion(a: Resource, b: Resource): boolean {
  const [now, before] = [a.meta?.versionId, b.meta?.versionId]
  return now === undefined || before === undefined ? isDeepStrictEqual(a, b) : now === before
}

/** In a search, a comma separates alternatives, and a few more signs have a meaning. */
export const escaped = (text: string): string => text.replace(/[\\$,|]/g, (sign) => `\\${sign}`)
