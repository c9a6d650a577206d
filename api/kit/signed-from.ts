import type { FastifyRequest } from 'fastify'
import { edgeLimits } from './limits.ts'

/** The device and the address that something was agreed to from, as it is kept with what was agreed to. */
export const signedFrom = (request: FastifyRequest): { userAgent: string; ip: string } => ({
  userAgent: (request.headers['user-agent'] ?? '').slice(0, edgeLimits.urlCharsMax),
  ip: request.ip,
})
