import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { decideScheduleDifference, getSchedule, giveUpHandover, handOverSchedule, listScheduleDifferences, setDualRun } from './schemas.ts'

/** Which system keeps the appointments. The store audits in the commit that changes it. */
export function schedulerHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { scheduler } = deps

  mount(app, deps, getSchedule, async ({ caller: { user } }) => scheduler.state(user.tenantId))

  mount(app, deps, listScheduleDifferences, async ({ caller: { user }, query }) => scheduler.differences(user.tenantId, query))

  mount(app, deps, decideScheduleDifference, async ({ caller: { user, actor }, params, body, now }) => {
    const outcome = await scheduler.decide(user.tenantId, params.differenceId, body, actorText(actor), now)
    if (outcome === 'not-found') throw new Refusal('not-found')
    if (outcome === 'decided-otherwise') throw new Refusal('already-decided')
    if (outcome === 'not-decidable') throw new Refusal('difference-not-decidable')
    if (outcome === 'changed-meanwhile') throw new Refusal('changed-meanwhile')
    return scheduler.state(user.tenantId)
  })

  mount(app, deps, setDualRun, async ({ caller: { user, actor }, body, now }) => {
    const set = await scheduler.setDualRun(user.tenantId, body.on, actorText(actor), now)
    if (set === 'not-connected') throw new Refusal('no-old-scheduler')
    return scheduler.state(user.tenantId)
  })

  mount(app, deps, handOverSchedule, async ({ caller: { user, actor }, body, now }) => {
    const { is } = await scheduler.handOver(user.tenantId, body.to, actorText(actor), now)
    if (is === 'not-connected') throw new Refusal('no-old-scheduler')
    if (is === 'other-running') throw new Refusal('handover-running')
    if (is === 'owner-already') throw new Refusal('owner-already')
    return scheduler.state(user.tenantId)
  })

  mount(app, deps, giveUpHandover, async ({ caller: { user, actor }, params, now }) => {
    const outcome = await scheduler.giveUp(user.tenantId, params.handoverId, actorText(actor), now)
    if (outcome === 'not-found') throw new Refusal('not-found')
    if (outcome === 'too-late') throw new Refusal('handover-too-late')
    return scheduler.state(user.tenantId)
  })
}
