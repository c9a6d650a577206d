import { type Health, PartnerFault } from '@heliox/core/kit'
import { z } from 'zod'
import { send } from './http.ts'
import { refusalOf } from './outcome.ts'
import { type FhirContext, writtenTypes } from './types.ts'

/** Capability statements of real servers run to megabytes. */
const metadataBytesMax = 8 * 1024 * 1024

const CapabilityStatement = z.looseObject({
  resourceType: z.literal('CapabilityStatement'),
  fhirVersion: z.string().max(20),
  rest: z
    .array(
      z.looseObject({
        mode: z.string(),
        interaction: z.array(z.looseObject({ code: z.string() })).default([]),
        resource: z.array(z.looseObject({ type: z.string(), conditionalCreate: z.boolean().default(false) })).default([]),
      }),
    )
    .default([]),
})

/** Green only if a write-back could work: version, transactions, conditional create, and a token that opens a search. */
export async function checkHealth(ctx: FhirContext): Promise<Health> {
  try {
    const lack = await lackOf(ctx)
    return lack === undefined ? { ok: true, text: 'FHIR 4.0.1, transactions and conditional create.' } : { ok: false, text: lack }
  } catch (error) {
    if (error instanceof PartnerFault) return { ok: false, text: error.message }
    throw error
  }
}

async function lackOf(ctx: FhirContext): Promise<string | undefined> {
  const metadata = await send(ctx, { method: 'GET', path: 'metadata', responseBytesMax: metadataBytesMax, lost: 'unavailable' })
  if (metadata.status !== 200) {
    refusalOf(metadata, 'unavailable')
    return 'The EHR does not say what it can do.'
  }
  const parsed = CapabilityStatement.safeParse(metadata.json)
  if (!parsed.success) return 'What answers at this address is not a FHIR server.'
  if (parsed.data.fhirVersion !== '4.0.1') return 'The EHR speaks another version of FHIR than 4.0.1.'
  const server = parsed.data.rest.find((r) => r.mode === 'server')
  if (!server?.interaction.some((i) => i.code === 'transaction')) return 'The EHR takes no transactions.'
  const without = writtenTypes.filter((type) => !server.resource.some((r) => r.type === type && r.conditionalCreate))
  if (without.length > 0) return `The EHR has no conditional create for ${without.join(', ')}.`
  // Metadata is public on most servers: only a read shows that the token is good.
  const probe = await send(ctx, {
    method: 'POST',
    path: 'Patient/_search',
    body: { form: { identifier: `${ctx.config.identifierSystem}/patient|health-check`, _summary: 'count' } },
    responseBytesMax: 64 * 1024,
    lost: 'unavailable',
  })
  if (probe.status === 200) return undefined
  refusalOf(probe, 'unavailable')
  return 'The EHR refused a search.'
}
