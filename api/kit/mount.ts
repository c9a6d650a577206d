import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ZodError, z } from 'zod'
import type { ApiDeps } from '../deps.ts'
import { type Caller, type CallerOf, callerFor } from './caller.ts'
import { cardNumberPath, holdsCardNumber } from './card-number.ts'
import { Refusal } from './errors.ts'
import { parseOrRefuse } from './fields.ts'
import { edgeLimits } from './limits.ts'
import { limitByLink } from './link-limit.ts'
import { RememberedLinks } from './remembered-links.ts'
import type { Access, RouteAnswer, RouteInput, RouteSpec } from './route.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may come in; a route without it does not start (`app.ts`). */
    access?: Access | { by: 'page'; why: string } | { by: 'partner'; why: string }
    operationId?: string
  }
  interface FastifyRequest {
    caller: Caller
    traceparent: string
  }
}

export interface RouteContext<R extends RouteSpec> extends RouteInput<R> {
  caller: CallerOf<R['access']>
  /** From the hub's clock, once per request. */
  now: Date
  correlationId: string
  request: FastifyRequest
  reply: FastifyReply
}

/** A stream has taken the reply over by the time its handler returns. */
type RouteHandler<R extends RouteSpec> = (context: RouteContext<R>) => Promise<R extends { stream: true } ? void : RouteAnswer<R>>

/** An answer that does not fit its own schema is our bug; the names of the fields are all that may be told about it. */
class AnswerMismatch extends Error {
  readonly code: string
  constructor(operationId: string, error: ZodError) {
    super(`${operationId}: the answer does not fit its schema`)
    this.name = 'AnswerMismatch'
    this.code = `${operationId}:${error.issues.map((issue) => issue.path.map(String).join('.')).join(',')}`.slice(0, 200)
  }
}

/** Every name that a schema knows, at any depth. */
function namesOf(schema: z.ZodType): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { properties } = value as { properties?: object }
    for (const name of Object.keys(properties ?? {})) names.add(name)
    for (const inner of Object.values(value)) walk(inner)
  }
  walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  return names
}

/** Says where the number was when that is a field of ours; names that the caller made up may be anything, and are not repeated. */
function refuseCardNumber(spec: RouteSpec, request: FastifyRequest): void {
  const path = cardNumberPath(request.body)
  if (path) {
    const names = spec.body ? namesOf(spec.body) : new Set<string>()
    const ours = path.length > 0 && path.every((part) => names.has(part) || /^\d{1,3}$/.test(part))
    throw new Refusal('card-number-refused', ours ? [{ path: path.join('.'), message: 'must not be the number of a payment card' }] : undefined)
  }
  if (holdsCardNumber(request.headers['idempotency-key'])) throw new Refusal('card-number-refused')
}

function parseInput(spec: RouteSpec, request: FastifyRequest): RouteInput<RouteSpec> {
  // Before anything else looks at the body: a card number is refused even where it would be a wrong type anyway.
  if (spec.tag === 'intake') refuseCardNumber(spec, request)
  return {
    params: spec.params && parseOrRefuse(spec.params, request.params, 'path'),
    query: spec.query && parseOrRefuse(spec.query, request.query, 'query'),
    headers: spec.headers && parseOrRefuse(spec.headers, request.headers, 'header'),
    body: spec.body && parseOrRefuse(spec.body, request.body),
  } as RouteInput<RouteSpec>
}

function cutToShape(spec: RouteSpec, answer: unknown): unknown {
  if (!spec.success.body) return undefined
  const result = spec.success.body.safeParse(answer)
  if (!result.success) throw new AnswerMismatch(spec.operationId, result.error)
  return result.data
}

/** Binds a handler to its route. A handler sees parsed values and a caller that was let in, and returns the success body. */
export function mount<R extends RouteSpec>(app: FastifyInstance, deps: ApiDeps, spec: R, handler: RouteHandler<R>): void {
  app.route({
    method: spec.method,
    url: spec.url,
    config: { access: spec.access, operationId: spec.operationId },
    handler: async (request, reply) => {
      const input = parseInput(spec, request) as RouteInput<R>
      const caller = request.caller as CallerOf<R['access']>
      const answer = await handler({ ...input, caller, now: deps.clock.now(), correlationId: request.id, request, reply })
      if (spec.stream) return reply
      reply.code(spec.success.status)
      if (!spec.success.body) return reply.send()
      return cutToShape(spec, answer)
    },
  })
}

/** Every mounted route asks who is calling before its body is read. */
export function admitCallers(app: FastifyInstance, deps: ApiDeps): void {
  app.decorateRequest('caller', null)
  const links = new RememberedLinks()
  const limited = limitByLink(app, 'link', deps.limits?.linkCallsPerMinuteMax ?? edgeLimits.linkCallsPerMinuteMax)
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config
    if (access && access.by !== 'page' && access.by !== 'partner') request.caller = await callerFor(deps, request, access, links)
    if (request.caller?.by === 'link') await limited(request, reply)
  })
}
