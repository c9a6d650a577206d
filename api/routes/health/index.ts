import { errorFields } from '@heliox/hub/log'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { type RefusedWrites, storageRefusal } from '../../kit/storage.ts'
import { getHealth, getReadiness } from './schemas.ts'

export function healthHandlers(app: FastifyInstance, deps: ApiDeps, refusedWrites: RefusedWrites): void {
  mount(app, deps, getHealth, async () => ({ ok: true as const, process: deps.settings.process }))

  mount(app, deps, getReadiness, async ({ request }) => {
    try {
      await deps.ready()
    } catch (error) {
      request.log.warn({ ...errorFields(error) }, 'not ready')
      throw new Refusal(storageRefusal(error) ?? 'not-ready')
    }
    if (refusedWrites.lately) throw new Refusal('storage-read-only')
    return { ok: true as const }
  })
}
