import { PartnerFault } from '@heliox/core/kit'
import { z } from 'zod'
import { send } from './http.ts'
import { refusalOf } from './outcome.ts'
import { ourIdentifier } from './resources.ts'
import type { FhirContext, Visit, WriteAnswer, WrittenType } from './types.ts'

const searchBytesMax = 1024 * 1024

const Searchset = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.literal('searchset'),
  entry: z
    .array(
      z.looseObject({
        resource: z.looseObject({
          resourceType: z.string(),
          id: z.string().max(64).optional(),
          identifier: z.array(z.looseObject({ system: z.string().optional(), value: z.string().optional() })).optional(),
        }),
      }),
    )
    .default([]),
})

/**
 * What became of a send whose outcome is unknown. A transaction is all or nothing, so the Appointment, which belongs to this
 * visit alone, tells: with all three there it happened, with neither Appointment nor Coverage it did not. A Patient alone
 * proves nothing, it may be from an earlier visit. Every other mixture means that the EHR is not atomic or that someone
 * tidied up: a person has to look.
 */
export async function findVisit(visit: Visit, ctx: FhirContext): Promise<WriteAnswer | 'not-found' | 'cannot-tell'> {
  const patient = await search('Patient', visit, ctx)
  const coverage = await search('Coverage', visit, ctx)
  const appointment = await search('Appointment', visit, ctx)
  ctx.log.info({ patient: patient.length, coverage: coverage.length, appointment: appointment.length }, 'looked up what the EHR has of this visit')
  if (patient.length > 1 || coverage.length > 1 || appointment.length > 1) return 'cannot-tell'
  const [patientRef, coverageRef, appointmentRef] = [patient[0], coverage[0], appointment[0]]
  if (patientRef && coverageRef && appointmentRef) return { is: 'ok', value: { patientRef, coverageRef, appointmentRef } }
  return coverageRef || appointmentRef ? 'cannot-tell' : 'not-found'
}

/** By POST: a search in the address would put identifiers into the partner's access log. */
async function search(type: WrittenType, visit: Visit, ctx: FhirContext): Promise<string[]> {
  const { system, value } = ourIdentifier(type, visit, ctx.config)
  const response = await send(ctx, {
    method: 'POST',
    path: `${type}/_search`,
    body: { form: { identifier: `${system}|${value}`, _count: '3', _elements: 'identifier' } },
    responseBytesMax: searchBytesMax,
    lost: 'unavailable',
  })
  if (response.status < 200 || response.status > 299) {
    const { codes } = refusalOf(response, 'unavailable')
    throw new PartnerFault('contract', 'The EHR refused to look up what it has.', { detail: `status ${response.status}, ${codes.join(' ')}` })
  }
  const parsed = Searchset.safeParse(response.json)
  if (!parsed.success) throw new PartnerFault('contract', 'The EHR answered a search in a way the hub does not know.', { detail: type })
  const found = parsed.data.entry.map((e) => e.resource).filter((r) => r.resourceType === type)
  // A server that does not know a search parameter may ignore it and answer with somebody else's chart.
  const foreign = found.some((r) => !r.id || !r.identifier?.some((i) => i.system === system && i.value === value))
  if (foreign) throw new PartnerFault('contract', 'The EHR answered a search with records that are not ours.', { detail: type })
  return found.map((r) => `${type}/${r.id}`)
}
