import { actorText } from '@heliox/core/identity'
import { actionRules, allowedActions, bulkLimits } from '@heliox/core/messaging'
import type { BulkRelease, MayBeReleased } from '@heliox/core/ports'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { viewOf } from '../ops/item-view.ts'
import { factsOf, operationOf } from '../ops/operation-of.ts'
import { getBulkRelease, listBulkReleases, planBulkRelease, resumeBulkRelease, startBulkRelease, stopBulkRelease } from './schemas.ts'

/** One decision about many items, at a rate. The store audits in the commit that changes something; an engine gives items their turns. */
export function bulkReleaseHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { bulkReleases, queue } = deps
  // What a single item's page would offer: nothing more is allowed to many at once.
  const may: MayBeReleased = (item, action) => allowedActions(item, factsOf(operationOf(deps.adapters, item))).includes(action)

  mount(app, deps, planBulkRelease, async ({ caller: { user, actor }, body, now }) => {
    const { plan, sample } = await bulkReleases.plan(user.tenantId, body, may, actorText(actor), now)
    const { ratePerMinuteDefault: rateDefault, ratePerMinuteMax: rateMax } = bulkLimits
    return { plan, sample: (await queue.some(user.tenantId, sample, now)).map(viewOf), reasons: [...actionRules[body.action].reasons], rateDefault, rateMax }
  })

  mount(app, deps, startBulkRelease, async ({ caller: { user, actor }, body, now }) => {
    const started = await bulkReleases.start(user.tenantId, body, may, actorText(actor), now)
    if (started === 'conflict') throw new Refusal('bulk-conflict')
    if (started === 'empty') throw new Refusal('bulk-empty')
    return started
  })

  mount(app, deps, listBulkReleases, ({ caller: { user }, query }) => bulkReleases.list(user.tenantId, query))

  mount(app, deps, getBulkRelease, async ({ caller: { user }, params }) => found(await bulkReleases.find(user.tenantId, params.bulkReleaseId)))

  mount(app, deps, stopBulkRelease, async ({ caller: { user, actor }, params, now }) =>
    changed(await bulkReleases.stop(user.tenantId, params.bulkReleaseId, actorText(actor), now)),
  )

  mount(app, deps, resumeBulkRelease, async ({ caller: { user, actor }, params, now }) =>
    changed(await bulkReleases.resume(user.tenantId, params.bulkReleaseId, actorText(actor), now)),
  )
}

function changed(release: BulkRelease | 'not-found' | 'finished'): BulkRelease {
  if (release === 'not-found') throw new Refusal('not-found')
  if (release === 'finished') throw new Refusal('bulk-finished')
  return release
}
