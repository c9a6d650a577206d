import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { mount } from '../../kit/mount.ts'
import { listFlows } from './schemas.ts'

export function flowHandlers(app: FastifyInstance, deps: ApiDeps): void {
  mount(app, deps, listFlows, async () => ({ items: await deps.flows() }))
}
