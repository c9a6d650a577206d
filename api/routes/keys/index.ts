import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { getPublicKeys } from './schemas.ts'

/** Like every answer under /api it is kept nowhere: a key that was taken back is gone for whoever asks. */
export function keyHandlers(app: FastifyInstance, deps: ApiDeps): void {
  mount(app, deps, getPublicKeys, async ({ params }) => {
    const keys = found(await deps.connections.publicKeys(params.keysId))
    return { keys: keys.map((key) => ({ ...key })) }
  })
}
