import { errorFields } from '@heliox/hub/log'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode, refusals } from './errors.ts'
import type { ApiError } from './schemas.ts'
import { type RefusedWrites, storageRefusal } from './storage.ts'

/** What the framework itself refuses, in our words. Its own texts quote the request. */
const byFrameworkStatus: Record<number, RefusalCode> = {
  404: 'no-such-route',
  413: 'too-large',
  414: 'too-large',
  415: 'unsupported-type',
  429: 'too-many-requests',
  431: 'too-large',
}

function refusalFor(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  const { statusCode, code } = error as Partial<FastifyError>
  if (statusCode === undefined || statusCode >= 500 || statusCode < 400) return undefined
  const known = byFrameworkStatus[statusCode]
  if (known) return new Refusal(known)
  return new Refusal(code?.startsWith('FST_ERR_CTP') || error instanceof SyntaxError ? 'malformed-json' : 'invalid')
}

export function errorBody(refusal: Refusal | undefined, correlationId: string): ApiError {
  if (!refusal) return { error: { code: 'internal', message: 'Something went wrong on our side. Please tell support the correlation id.', correlationId } }
  const { code, fields } = refusal
  return { error: { code, message: refusals[code].message, correlationId, ...(fields ? { fields: fields.map((f) => ({ ...f })) } : {}) } }
}

type ErrorPage = (refusal: Refusal | undefined, request: FastifyRequest, reply: FastifyReply) => string

/** The one place where a failure becomes an answer. Pages get a page, everything else gets JSON. */
export function handleErrors(app: FastifyInstance, page: ErrorPage, refusedWrites: RefusedWrites): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal | undefined): FastifyReply => {
    reply.code(refusal?.status ?? 500).header('cache-control', 'no-store')
    if (refusal?.retryAfterSeconds) reply.header('retry-after', refusal.retryAfterSeconds)
    if (request.routeOptions.config?.access?.by === 'page') return reply.type('text/html; charset=utf-8').send(page(refusal, request, reply))
    return reply.type('application/json; charset=utf-8').send(errorBody(refusal, request.id))
  }
  app.setErrorHandler((error, request, reply) => {
    const route = request.routeOptions.url ?? null
    const storage = storageRefusal(error)
    if (storage) {
      refusedWrites.saw(storage)
      request.log.error({ ...errorFields(error), refused: storage, route }, 'storage could not be used')
      return answer(request, reply, new Refusal(storage))
    }
    const refusal = refusalFor(error)
    if (refusal) request.log.info({ code: refusal.code, route }, 'refused')
    else request.log.error({ ...errorFields(error), route }, 'request failed')
    return answer(request, reply, refusal)
  })
  app.setNotFoundHandler((request, reply) => answer(request, reply, new Refusal('no-such-route')))
}
