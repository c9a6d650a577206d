import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import { giveBack } from '../../dead-letters.ts'
import type { ApiDeps } from '../../deps.ts'
import { found } from '../../kit/errors.ts'
import type { Live } from '../../kit/live.ts'
import { mount } from '../../kit/mount.ts'
import { decisionHandlers } from './decision-handlers.ts'
import { itemHandlers } from './item-handlers.ts'
import { streamOps } from './item-routes.ts'
import { getJourney, listDeadLetters, requeueDeadLetter, streamJourneys } from './schemas.ts'

/** Ops: what waits for a person, what they decide, and what became of each intake. Every look-up is the signed-in clinic's own. */
export function opsHandlers(app: FastifyInstance, deps: ApiDeps, live: Live): void {
  const { ops } = deps
  itemHandlers(app, deps)
  decisionHandlers(app, deps)

  mount(app, deps, getJourney, async ({ caller: { user }, params }) => found(await ops.journey(user.tenantId, params.intakeId)))

  mount(app, deps, streamJourneys, async ({ caller: { user }, reply }) => {
    live.attach(reply, { tenantId: user.tenantId, intakeId: null }, (stream, intakeId) => {
      if (intakeId) stream.send('change', { intakeId })
    })
  })

  mount(app, deps, streamOps, async ({ caller: { user }, reply }) => {
    live.attachOps(reply, user.tenantId, (stream, { is, id }) => stream.send(is, { id }))
  })

  mount(app, deps, listDeadLetters, async ({ caller: { user }, query }) => ({ items: await deps.deadLetters.list(user.tenantId, query.limit) }))

  mount(app, deps, requeueDeadLetter, async ({ caller: { user, actor }, body, now, correlationId }) => {
    await giveBack(deps, { tenantId: user.tenantId, actor: actorText(actor), now, correlationId }, body)
    return { id: body.id }
  })
}
