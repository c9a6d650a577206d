import { PartnerFault } from '@heliox/core/kit'
import { z } from 'zod'
import { send } from './http.ts'
import { refusalOf } from './outcome.ts'
import { type FhirContext, writtenTypes } from './types.ts'

/** Capability statements of real servers run to megabytes. */
const metadataBytesMax = 8 * 1024 * 1024
/** A server that was upgraded is noticed so soon; a health check looks at once. */
const keptForMs = 10 * 60_000
const keptMax = 200

/** What of a CapabilityStatement a write-back hangs on. */
export interface Capabilities {
  transaction: boolean
  of(type: string): TypeCapabilities
}
export interface TypeCapabilities {
  conditionalCreate: boolean
  /** Says of itself that it keeps no versions: an update cannot be tied to what was read. */
  versionless: boolean
  interactions: ReadonlySet<string>
  /** Empty: the server does not say. */
  searchParams: ReadonlySet<string>
}

const CapabilityStatement = z.looseObject({
  resourceType: z.literal('CapabilityStatement'),
  fhirVersion: z.string().max(20),
  rest: z
    .array(
      z.looseObject({
        mode: z.string(),
        interaction: z.array(z.looseObject({ code: z.string() })).default([]),
        resource: z
          .array(
            z.looseObject({
              type: z.string(),
              versioning: z.string().optional(),
              conditionalCreate: z.boolean().default(false),
              interaction: z.array(z.looseObject({ code: z.string() })).default([]),
              searchParam: z.array(z.looseObject({ name: z.string() })).default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
})

/** By base address, since that is what they belong to; no patient's data and no secret. */
const kept = new Map<string, { untilMs: number; capabilities: Promise<Capabilities> }>()

/** As read when the connection was set up or its health was looked at, and again after a while. */
export function capabilitiesOf(ctx: FhirContext): Promise<Capabilities> {
  const { baseUrl } = ctx.config
  const known = kept.get(baseUrl)
  if (known && known.untilMs > ctx.now().getTime()) return known.capabilities
  return lookAt(ctx)
}

/** Reads them anew. Throws a `PartnerFault` that says what is wrong with the server as a whole. */
export function lookAt(ctx: FhirContext): Promise<Capabilities> {
  const { baseUrl } = ctx.config
  const capabilities = fetched(ctx)
  kept.delete(baseUrl)
  for (const oldest of kept.keys()) if (kept.size >= keptMax) kept.delete(oldest)
  kept.set(baseUrl, { untilMs: ctx.now().getTime() + keptForMs, capabilities })
  // What could not be read is asked for again by whoever comes next.
  capabilities.catch(() => {
    if (kept.get(baseUrl)?.capabilities === capabilities) kept.delete(baseUrl)
  })
  return capabilities
}

async function fetched(ctx: FhirContext): Promise<Capabilities> {
  const response = await send(ctx, { method: 'GET', path: 'metadata', responseBytesMax: metadataBytesMax, lost: 'unavailable' })
  if (response.status !== 200) {
    refusalOf(response, 'unavailable')
    throw new PartnerFault('contract', 'The EHR does not say what it can do.', { detail: `status ${response.status}` })
  }
  const parsed = CapabilityStatement.safeParse(response.json)
  if (!parsed.success) throw new PartnerFault('contract', 'What answers at this address is not a FHIR server.')
  if (parsed.data.fhirVersion !== '4.0.1') throw new PartnerFault('contract', 'The EHR speaks another version of FHIR than 4.0.1.')
  const server = parsed.data.rest.find(({ mode }) => mode === 'server')
  const types = new Map(
    server?.resource.map(({ type, versioning, conditionalCreate, interaction, searchParam }) => [
      type,
      {
        conditionalCreate,
        versionless: versioning === 'no-version',
        interactions: new Set(interaction.map(({ code }) => code)),
        searchParams: new Set(searchParam.map(({ name }) => name)),
      },
    ]),
  )
  return { transaction: server?.interaction.some(({ code }) => code === 'transaction') ?? false, of: (type) => types.get(type) ?? unknownType }
}
const unknownType: TypeCapabilities = { conditionalCreate: false, versionless: false, interactions: new Set(), searchParams: new Set() }

/** Without that nothing can be written safely, in no way; undefined: nothing is missing. For staff. A server that lists nothing of a type does not say. */
export function missingOf(capabilities: Capabilities): string | undefined {
  const without = (has: (can: TypeCapabilities) => boolean): string => writtenTypes.filter((type) => !has(capabilities.of(type))).join(', ')
  const creates = without(({ interactions }) => interactions.size === 0 || interactions.has('create'))
  if (creates !== '') return `The EHR takes no new ${creates}.`
  const found = without(({ searchParams }) => searchParams.size === 0 || searchParams.has('identifier'))
  return found === '' ? undefined : `The EHR cannot look up ${found} by identifier.`
}
/** What keeps a visit from going in one transaction; undefined: nothing. For staff. */
export function lackOf(capabilities: Capabilities): string | undefined {
  if (!capabilities.transaction) return 'The EHR takes no transactions.'
  const without = writtenTypes.filter((type) => !capabilities.of(type).conditionalCreate)
  if (without.length > 0) return `The EHR has no conditional create for ${without.join(', ')}.`
  const fixed = writtenTypes.filter((type) => !mayUpdate(capabilities, type))
  return fixed.length > 0 ? `The EHR takes no safe updates of ${fixed.join(', ')}.` : undefined
}
/** Only what was read may be written over, and only a server that keeps versions can tell. */
export function mayUpdate(capabilities: Capabilities, type: string): boolean {
  const { interactions, versionless } = capabilities.of(type)
  return !versionless && (interactions.size === 0 || interactions.has('update'))
}
