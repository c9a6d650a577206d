import { PartnerFault } from '@heliox/core/kit'
import { z } from 'zod'
import type { TypeCapabilities } from '../capabilities.ts'
import { type FhirResponse, send } from '../http.ts'
import { refusalOf } from '../outcome.ts'
import { idPattern } from '../search.ts'
import type { FhirContext, Refused } from '../types.ts'
import { bundleOf, type Step } from './plan.ts'

const answerBytesMax = 256 * 1024

/**
 * What became of it. `collided`: somebody else wrote in between, and nothing of ours is there. `existing`: a create met one that had come
 * meanwhile; it stays as it was, and what we have to say of it is still to be said.
 */
export type Sent = { is: 'done'; refs: string[]; existing: boolean } | { is: 'collided' } | { is: 'refused'; refused: Refused }

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

export async function sendTogether(steps: readonly Step[], ctx: FhirContext): Promise<Sent> {
  const response = await send(ctx, { method: 'POST', path: '', body: { json: bundleOf(steps) }, responseBytesMax: answerBytesMax, lost: 'uncertain' })
  const no = noOf(response)
  if (no) return no
  const parsed = TransactionResponse.safeParse(response.json)
  if (!parsed.success) throw unknownAnswer('not a transaction-response')
  const { entry } = parsed.data
  if (entry.length !== steps.length) throw unknownAnswer(`${entry.length} entries`)
  const refs = steps.map((step, i) => {
    const one = entry[i]
    if (!one || !/^20[01]\b/.test(one.response.status)) throw unknownAnswer(`${step.type}: neither created nor updated`)
    return referenceOf(step, one.response.location, one.resource)
  })
  // 200 in place of 201 for a create: it was there already, and nothing of it was changed.
  return { is: 'done', refs, existing: steps.some((step, i) => !step.before && entry[i]?.response.status.startsWith('200')) }
}

/** For servers that take no transaction: one request, tied to what was read in the same way. */
export async function sendAlone(step: Step, can: Pick<TypeCapabilities, 'conditionalCreate'>, ctx: FhirContext): Promise<Sent> {
  const { resource, before, ifNoneExist } = step
  const response = await send(ctx, {
    ...(before ? { method: 'PUT', path: before.ref } : { method: 'POST', path: resource.resourceType }),
    body: { json: resource },
    headers: before ? { 'if-match': before.etag ?? '' } : can.conditionalCreate ? { 'if-none-exist': ifNoneExist } : {},
    responseBytesMax: answerBytesMax,
    lost: 'uncertain',
  })
  const no = noOf(response)
  if (no) return no
  const refs = [referenceOf(step, response.location, response.json as { resourceType?: string; id?: string } | undefined)]
  return { is: 'done', refs, existing: !before && response.status === 200 }
}

/** Undefined: it was done. */
function noOf(response: FhirResponse): Sent | undefined {
  const { status } = response
  if (status >= 200 && status <= 299) return undefined
  // 412: not the version that was read, or two with our identifier. 409: another transaction. 404, 410: gone since. A look tells which.
  if ([404, 409, 410, 412].includes(status)) return { is: 'collided' }
  const refused = refusalOf(response, 'uncertain')
  return refused.codes.includes('conflict') ? { is: 'collided' } : { is: 'refused', refused }
}

/** The EHR's id of it; anything else is not an answer to what we sent. Absolute or relative, with or without /_history: servers differ. */
function referenceOf(
  { resource: { resourceType: type }, before }: Step,
  location: string | undefined,
  resource: { resourceType?: string; id?: string } | undefined,
): string {
  if (before) return before.ref
  const located = /(?:^|\/)([A-Za-z]+)\/([^/]+)(?:\/_history\/[^/]+)?$/.exec(location ?? '')
  const [found, id] = located ? [located[1], located[2]] : [resource?.resourceType, resource?.id]
  if (found !== type || id === undefined || !idPattern.test(id)) throw unknownAnswer(`${type}: no id of it`)
  return `${type}/${id}`
}

const unknownAnswer = (detail: string) => new PartnerFault('contract', 'The EHR said yes, but not to what we sent.', { detail })
