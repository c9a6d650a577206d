import { type Health, PartnerFault } from '@heliox/core/kit'
import { lackOf, lookAt, missingOf } from './capabilities.ts'
import { send } from './http.ts'
import { refusalOf } from './outcome.ts'
import type { FhirContext } from './types.ts'

/** Green only if a write-back could work: version, what the server can, a token that opens a search; says how visits are written. */
export async function checkHealth(ctx: FhirContext): Promise<Health> {
  try {
    const can = await lookAt(ctx)
    const missing = missingOf(can)
    if (missing !== undefined) return { ok: false, text: missing }
    const lack = lackOf(can)
    if (lack !== undefined && ctx.config.withoutTransactions === 'refuse') return { ok: false, text: lack }
    const refused = await searchRefused(ctx)
    if (refused !== undefined) return { ok: false, text: refused }
    if (lack !== undefined) return { ok: true, text: `FHIR 4.0.1. ${lack} Visits are written one resource after the other.` }
    return { ok: true, text: 'FHIR 4.0.1, transactions and conditional create.' }
  } catch (error) {
    if (error instanceof PartnerFault) return { ok: false, text: error.message }
    throw error
  }
}

/** Metadata is public on most servers: only a search shows that the token is good. */
async function searchRefused(ctx: FhirContext): Promise<string | undefined> {
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
