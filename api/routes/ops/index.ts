import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal } from '../../kit/errors.ts'
import type { Live } from '../../kit/live.ts'
import { mount } from '../../kit/mount.ts'
import { getOverride, listOverrides, openOverrideInput } from './item-routes.ts'
import { OverrideItem } from './items.ts'
import { allowedResolutions, operationOf, shapesOf } from './operation-of.ts'
import { getJourney, listDeadLetters, requeueDeadLetter, streamJourneys } from './schemas.ts'

/** Ops: what waits for a person, and what became of each intake. Every look-up is the signed-in clinic's own. */
export function opsHandlers(app: FastifyInstance, deps: ApiDeps, live: Live): void {
  const { ops, adapters } = deps

  mount(app, deps, listOverrides, async ({ caller: { user }, query }) => {
    const page = await ops.overrides(user.tenantId, query)
    return { ...page, items: page.items.map((item) => OverrideItem.parse(item)) }
  })

  mount(app, deps, getOverride, async ({ caller: { user }, params }) => {
    const item = found(await ops.override(user.tenantId, params.overrideId))
    const operation = operationOf(adapters, item)
    return {
      item: OverrideItem.parse(item),
      allowed: item.status === 'open' ? allowedResolutions(operation) : [],
      shapes: operation ? shapesOf(operation) : null,
    }
  })

  mount(app, deps, openOverrideInput, async ({ caller: { user, actor }, params, body, now }) => {
    // The store audits in the commit that opens it: an unaudited look is not possible.
    const input = found(await ops.overrideInput(user.tenantId, params.overrideId, body.purpose, actorText(actor), now))
    return { input }
  })

  mount(app, deps, getJourney, async ({ caller: { user }, params }) => found(await ops.journey(user.tenantId, params.intakeId)))

  mount(app, deps, streamJourneys, async ({ caller: { user }, reply }) => {
    live.attach(reply, { tenantId: user.tenantId, intakeId: null }, (stream, intakeId) => {
      if (intakeId) stream.send('change', { intakeId })
    })
  })

  mount(app, deps, listDeadLetters, async ({ caller: { user }, query }) => ({ items: await deps.deadLetters.list(user.tenantId, query.limit) }))

  mount(app, deps, requeueDeadLetter, async ({ caller: { user, actor }, body, now, correlationId }) => {
    if (!(await deps.deadLetters.requeue(user.tenantId, body.queue, body.id))) throw new Refusal('not-found')
    await deps.audit.audit(user.tenantId, { actor: actorText(actor), action: 'dead-letter.requeue', resource: body.id, outcome: 'ok', correlationId }, now)
    return { id: body.id }
  })
}
