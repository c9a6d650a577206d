import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { closeIncident, IncidentItem, listIncidents, sendIncidentAgain } from './schemas.ts'

/** Incidents: one cause behind many items, or behind none in particular. The store audits in the commit that changes one. */
export function incidentHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const { incidents } = deps

  mount(app, deps, listIncidents, async ({ caller: { user }, query }) => {
    const page = await incidents.list(user.tenantId, query)
    return { ...page, items: page.items.map((item) => IncidentItem.parse(item)) }
  })

  mount(app, deps, closeIncident, async ({ caller: { user, actor }, params, body, now }) => {
    const closed = await incidents.close(user.tenantId, params.incidentId, body.reason, actorText(actor), now)
    if (closed === 'not-found') throw new Refusal('not-found')
    if (closed === 'already-closed') throw new Refusal('already-resolved')
    return { incidentId: params.incidentId }
  })

  mount(app, deps, sendIncidentAgain, async ({ caller: { user, actor }, params, now }) => {
    const sent = await incidents.sendAgain(user.tenantId, params.incidentId, actorText(actor), now)
    if (sent.is === 'already-closed') throw new Refusal('already-resolved')
    if (sent.is !== 'queued') throw new Refusal(sent.is)
    return { incidentId: params.incidentId, inquiries: sent.inquiries }
  })
}
