import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { closeServiceAccount, createServiceAccount, listServiceAccounts } from './schemas.ts'

const dayMs = 86_400_000

/** Programs of a clinic. A token leaves once, in the answer that made it; what is kept is its hash. */
export function serviceAccountHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { serviceAccounts } = deps

  mount(app, deps, listServiceAccounts, async ({ caller: { user } }) => ({ items: await serviceAccounts.list(user.tenantId) }))

  mount(app, deps, createServiceAccount, async ({ caller: { user, actor }, body: { name, role, days }, now }) => {
    const token = newToken()
    const expiresAt = new Date(now.getTime() + days * dayMs)
    const id = await serviceAccounts.create(user.tenantId, { name, role, tokenSha256: tokenHash(token), expiresAt }, actorText(actor), now)
    if (id === 'too-many') throw new Refusal('too-many-accounts')
    return { id, token, expiresAt: expiresAt.toISOString() }
  })

  mount(app, deps, closeServiceAccount, async ({ caller: { user, actor }, params, now }) => {
    if ((await serviceAccounts.end(user.tenantId, params.accountId, actorText(actor), now)) === 'not-found') throw new Refusal('not-found')
    return undefined
  })
}
