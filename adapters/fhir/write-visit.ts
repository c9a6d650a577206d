import { PartnerFault } from '@heliox/core/kit'
import { z } from 'zod'
import { send } from './http.ts'
import { refusalOf } from './outcome.ts'
import { visitBundle } from './resources.ts'
import { type FhirContext, type Visit, type WriteAnswer, type Written, type WrittenType, writtenTypes } from './types.ts'
import { faultsSayWhatWasSent } from './write/before-effect.ts'

const answerBytesMax = 256 * 1024

const TransactionResponse = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.literal('transaction-response'),
  entry: z.array(
    z.looseObject({
      resource: z.looseObject({ resourceType: z.string(), id: z.string().optional() }).optional(),
      response: z.looseObject({ status: z.string().max(200), location: z.string().max(2000).optional() }),
    }),
  ),
})

/** FHIR's own grammar of an id. */
const idPattern = /^[A-Za-z0-9.-]{1,64}$/

export const writeVisit = (visit: Visit, context: FhirContext): Promise<WriteAnswer> => faultsSayWhatWasSent(context, (ctx) => writeTogether(visit, ctx))

async function writeTogether(visit: Visit, ctx: FhirContext): Promise<WriteAnswer> {
  const response = await send(ctx, {
    method: 'POST',
    path: '',
    body: { json: visitBundle(visit, ctx.config) },
    responseBytesMax: answerBytesMax,
    lost: 'uncertain',
  })
  if (response.status < 200 || response.status > 299) {
    const refused = refusalOf(response, 'uncertain')
    ctx.log.warn({ status: response.status, codes: refused.codes, paths: refused.paths }, 'the EHR refused the visit')
    return { is: 'rejected', value: refused }
  }
  const { written, existing } = writtenOf(response.json)
  ctx.log.info({ existing }, 'the EHR has the visit')
  return { is: 'ok', value: written }
}

/** The EHR's ids, one per entry and in our order; anything else is not an answer to what we sent. */
function writtenOf(json: unknown): { written: Written; existing: number } {
  const parsed = TransactionResponse.safeParse(json)
  if (!parsed.success) throw unknownAnswer('not a transaction-response')
  const { entry } = parsed.data
  if (entry.length !== writtenTypes.length) throw unknownAnswer(`${entry.length} entries`)
  const refs = writtenTypes.map((type, i) => referenceOf(type, entry[i]))
  const [patientRef, coverageRef, appointmentRef] = refs as [string, string, string]
  // 200 in place of 201: it was there already, and nothing of it was changed.
  return { written: { patientRef, coverageRef, appointmentRef }, existing: entry.filter((e) => e.response.status.startsWith('200')).length }
}

function referenceOf(type: WrittenType, entry: z.output<typeof TransactionResponse>['entry'][number] | undefined): string {
  if (!entry || !/^20[01]\b/.test(entry.response.status)) throw unknownAnswer(`${type}: not created and not found`)
  // Absolute or relative, with or without /_history: servers differ.
  const located = /(?:^|\/)([A-Za-z]+)\/([^/]+)(?:\/_history\/[^/]+)?$/.exec(entry.response.location ?? '')
  const [found, id] = located ? [located[1], located[2]] : [entry.resource?.resourceType, entry.resource?.id]
  if (found !== type || id === undefined || !idPattern.test(id)) throw unknownAnswer(`${type}: no id of it`)
  return `${type}/${id}`
}

const unknownAnswer = (detail: string) => new PartnerFault('contract', 'The EHR said yes, but not to what we sent.', { detail })
