import type { ApiDeps } from '../deps.ts'
import { lakeside } from './clinics.ts'
import type { World } from './world.ts'

/** What operations looks at, but for the queue. */
export const fakeJourneys = (world: World): ApiDeps['ops'] => ({
  journey: async (tenantId, intakeId) => {
    const journey = world.journeys.get(intakeId)
    return journey?.tenantId === tenantId ? { journey, steps: [] } : undefined
  },
  journeys: async (tenantId) => {
    const items = [...world.journeys.values()].filter((j) => j.tenantId === tenantId)
    return { items, total: items.length, nextCursor: null }
  },
})

export const fakeIncidents = (world: World): ApiDeps['incidents'] => ({
  list: async (tenantId, filter) => {
    const items = [...world.incidents.values()].filter((i) => i.tenantId === tenantId && i.status === filter.status && (!filter.kind || i.kind === filter.kind))
    return { items, total: items.length, nextCursor: null }
  },
  find: async (tenantId, id) => {
    const item = world.incidents.get(id)
    return item?.tenantId === tenantId ? item : undefined
  },
  close: async (tenantId, id, reason, actor, at) => {
    const item = world.incidents.get(id)
    if (item?.tenantId !== tenantId) return 'not-found'
    if (item.status === 'resolved') return 'already-closed'
    Object.assign(item, { status: 'resolved', reason, closedBy: actor, closedAt: at.toISOString() })
    return 'closed'
  },
  sendAgain: async (tenantId, id, actor, at) => {
    const item = world.incidents.get(id)
    if (item?.tenantId !== tenantId) return { is: 'not-found' }
    if (item.status === 'resolved') return { is: 'already-closed' }
    if (!item.canSendAgain) return { is: 'nothing-to-send' }
    Object.assign(item, { status: 'resolved', reason: 'sent-again', closedBy: actor, closedAt: at.toISOString() })
    return { is: 'queued', inquiries: 3 }
  },
})

export const fakeLive = (world: World): ApiDeps['live'] => ({
  weather: async () => world.figures,
  figures: async () => world.figures,
  depths: async () => world.figures.flows,
  deliveries: async (tenantId, flow, state, page) =>
    world.deliveries.filter((d) => d.tenantId === tenantId && d.flow === flow && d.state === state).slice(page.from, page.from + page.limit),
  delivery: async (tenantId, flow, rootId) => world.deliveries.find((d) => d.tenantId === tenantId && d.flow === flow && d.rootId === rootId),
})

export const fakeDeadLetters = (): ApiDeps['deadLetters'] => ({
  list: async (tenantId) =>
    tenantId === lakeside ? [{ id: 'd1', queue: 'flow.eligibility', type: 'x.v1', intakeId: null, reason: 'poison', diedAt: null }] : [],
  requeue: async (tenantId, _queue, id, before) => {
    if (tenantId !== lakeside || id !== 'd1') return false
    await before()
    return true
  },
  correct: async (tenantId, _queue, id, _payload, before) => {
    if (tenantId !== lakeside || id !== 'd1') return false
    await before(['serviceDate'])
    return true
  },
  counts: async (tenantId) => new Map(tenantId === lakeside ? [['flow.eligibility', 1]] : []),
})
