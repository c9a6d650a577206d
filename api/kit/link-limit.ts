import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './errors.ts'

/** So many calls of one link a minute, at one process, from whatever address: the limit by address is for a whole waiting room. */
export function limitByLink(app: FastifyInstance, what: string, perMinuteMax: number): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const perLink = app.createRateLimit({
    max: perMinuteMax,
    timeWindow: 60_000,
    keyGenerator: ({ caller }) => `${what} ${caller?.by === 'link' ? caller.link.intakeId : ''}`,
  })
  return async (request, reply) => {
    const limit = await perLink(request)
    if (limit.isAllowed || !limit.isExceeded) return
    reply.header('retry-after', limit.ttlInSeconds)
    throw new Refusal('too-many-requests')
  }
}
