import { calendarProblems, type PayerSettings } from '@heliox/core/catalog'
import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { getPayerSettings, listPayerSettings, savePayerSettings } from './schemas.ts'

/** What a clinic says of its payers over the catalogue. The store audits in the commit that changes it. */
export function payerHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { payers } = deps

  mount(app, deps, listPayerSettings, async ({ caller: { user }, now }) => ({ items: await payers.list(user.tenantId, now) }))

  mount(app, deps, getPayerSettings, async ({ caller: { user }, params, now }) => found(await payers.find(user.tenantId, params.payerId, now)))

  mount(app, deps, savePayerSettings, async ({ caller: { user, actor }, params, body, now }) => {
    refuseSenseless(body.settings)
    const saved = await payers.save(user.tenantId, params.payerId, body, actorText(actor), now)
    if (saved === 'not-found') throw new Refusal('not-found')
    if (saved === 'changed-meanwhile') throw new Refusal('changed-meanwhile')
    return found(await payers.find(user.tenantId, params.payerId, now))
  })
}

function refuseSenseless({ calendar }: PayerSettings): void {
  const problems = calendar ? calendarProblems(calendar) : []
  if (problems.length > 0) {
    throw new Refusal(
      'invalid',
      problems.map(({ path, message }) => ({ path: `settings.calendar.${path}`, message })),
    )
  }
}
