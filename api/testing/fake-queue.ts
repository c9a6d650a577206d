import { randomUUID } from 'node:crypto'
import type { SavedView } from '@heliox/core/messaging'
import type { ItemDecision, NewDecision, QueueItem, QueueStore } from '@heliox/core/ports'

export type KeptItem = QueueItem & { tenantId: string }
/** What a handler handed to the store. */
export type KeptDecision = ItemDecision & { tenantId: string; wish: NewDecision }
type Audited = { tenantId: string; actor: string; action: string; resource: string; outcome: string; purpose?: string }

export interface QueueWorld {
  overrides: Map<string, KeptItem>
  decisions: Map<string, KeptDecision>
  views: Map<string, SavedView & { id: string; userId: string; tenantId: string }>
  rules: { confirmNeedsTwo: boolean }
  /** Behind every item whose cause is a choice. */
  choice: { asked: unknown; options: unknown }
  audits: Audited[]
}

/** Of somebody or other: a test that does not ask whose it is. */
const anyone = '00000000-0000-4000-8000-00000000000a'
const nameless = (userId: string) => ({ userId, name: 'Sam Desk' })
const mine = (view: { tenantId: string; userId: string }, tenantId: string, userId: string): boolean =>
  view.tenantId === tenantId && (view.userId === anyone || view.userId === userId)
const userOf = (actor: string): string => actor.split(':')[1] ?? ''

/** The queue in memory: what a handler may do with it, without what the real one promises (see `db/`). */
export function fakeQueue(world: QueueWorld): QueueStore {
  const item = (tenantId: string, id: string): KeptItem | undefined => {
    const found = world.overrides.get(id)
    return found?.tenantId === tenantId ? found : undefined
  }
  const kept = (tenantId: string, id: string): KeptDecision | undefined => {
    const found = world.decisions.get(id)
    return found?.tenantId === tenantId ? found : undefined
  }
  const underWay = (id: string): KeptDecision | undefined =>
    [...world.decisions.values()].find((one) => one.overrideId === id && (one.state === 'proposed' || one.state === 'scheduled'))
  const audit = (tenantId: string, actor: string, action: string, resource: string, purpose?: string): void => {
    world.audits.push({ tenantId, actor, action, resource, outcome: 'ok', ...(purpose ? { purpose } : {}) })
  }
  return {
    list: async (tenantId, filter) => {
      const items = [...world.overrides.values()].filter((one) => one.tenantId === tenantId && one.status === filter.status)
      return { items, total: items.length, mine: 0, proposed: 0, byCause: [], byPayer: [], groups: [], nextCursor: null }
    },
    find: async (tenantId, id) => item(tenantId, id),
    some: async (tenantId, ids) => ids.flatMap((id) => item(tenantId, id) ?? []),
    history: async (tenantId, { id }) => ({
      attempts: [],
      decisions: [...world.decisions.values()].filter((one) => one.tenantId === tenantId && one.overrideId === id),
      nextTryAt: null,
    }),
    input: async (tenantId, id, purpose, actor) => {
      if (!item(tenantId, id)) return undefined
      audit(tenantId, actor, 'override.open-input', id, purpose)
      return { memberId: 'MEM-1' }
    },
    options: async (tenantId, id, purpose, actor) => {
      const found = item(tenantId, id)
      if (found?.cause !== 'choice') return undefined
      audit(tenantId, actor, 'override.open-options', id, purpose)
      return world.choice
    },
    openAttempt: async (tenantId, id, _attemptId, purpose, actor) => {
      const found = item(tenantId, id)
      if (!found) return undefined
      audit(tenantId, actor, 'override.open-attempt', id, purpose)
      const { partner, operation } = found
      return { partner, operation, sent: { memberId: 'MEM-1' }, answered: { port: 'rejected', value: { reasons: [] } } }
    },
    claim: async (tenantId, id, userId, now) => {
      const found = item(tenantId, id)
      if (!found) return { is: 'not-found' }
      if (found.claim && found.claim.userId !== userId) return { is: 'taken', by: found.claim }
      const claim = { ...nameless(userId), until: new Date(now.getTime() + 900_000).toISOString() }
      found.claim = claim
      return { is: 'claimed', claim }
    },
    release: async (tenantId, id, userId) => {
      const found = item(tenantId, id)
      if (!found) return 'not-found'
      if (found.claim?.userId === userId) found.claim = null
      return 'released'
    },
    decide: async (tenantId, id, wish, needsSecond, actor, now) => {
      const known = kept(tenantId, wish.decisionId)
      if (known)
        return known.overrideId === id && known.action === wish.action && known.option === (wish.option ?? null)
          ? { is: 'decided', decision: known }
          : { is: 'decision-conflict' }
      const found = item(tenantId, id)
      if (!found) return { is: 'not-found' }
      if (found.status === 'resolved') return { is: 'already-resolved' }
      if (found.claim && found.claim.userId !== userOf(actor)) return { is: 'claimed', by: found.claim }
      if (underWay(id)) return { is: 'already-decided' }
      const proposed = needsSecond(world.rules.confirmNeedsTwo)
      const due = new Date(now.getTime() + 10_000).toISOString()
      const decision: KeptDecision = {
        ...{ tenantId, wish, id: wish.decisionId, overrideId: id, action: wish.action, reason: wish.reason, by: nameless(userOf(actor)) },
        ...{ state: proposed ? 'proposed' : 'scheduled', at: now.toISOString(), second: null, carryOutAt: proposed ? null : due },
        ...{ undoUntil: proposed ? null : due, endedAt: null, refusedWhy: null, bulkReleaseId: null, option: wish.option ?? null },
      }
      world.decisions.set(decision.id, decision)
      found.decision = decision
      return { is: 'decided', decision }
    },
    decision: async (tenantId, id) => kept(tenantId, id),
    undo: async (tenantId, id, actor, now) => {
      const found = kept(tenantId, id)
      if (!found) return 'not-found'
      if (found.by.userId !== anyone && found.by.userId !== userOf(actor)) return 'own-only'
      if (found.state === 'carried-out') return 'too-late'
      return Object.assign(found, { state: 'undone', endedAt: now.toISOString(), carryOutAt: null, undoUntil: null })
    },
    judge: async (tenantId, id, verdict, actor, now) => {
      const found = kept(tenantId, id)
      if (!found) return 'not-found'
      if (found.by.userId === userOf(actor)) return 'own-decision'
      if (found.state !== 'proposed') return 'already-decided'
      const second = { ...nameless(userOf(actor)), at: now.toISOString() }
      return Object.assign(found, verdict === 'approve' ? { state: 'scheduled', second } : { state: 'refused', refusedWhy: 'second-person', second })
    },
    openDecision: async (tenantId, id, purpose, actor) => {
      const found = kept(tenantId, id)
      if (!found) return undefined
      audit(tenantId, actor, 'decision.open', id, purpose)
      return { note: found.wish.note, content: found.wish.content, port: found.wish.port ?? null, decision: found }
    },
    waiting: async () => ({ items: [], total: 0 }),
    views: async (tenantId, userId) => [...world.views.values()].filter((one) => one.tenantId === tenantId && one.userId === userId),
    saveView: async (tenantId, userId, id, view) => {
      const known = world.views.get(id)
      if (known && !mine(known, tenantId, userId)) return 'not-found'
      world.views.set(id, { ...view, id, userId, tenantId })
      return 'saved'
    },
    removeView: async (tenantId, userId, id) => {
      const known = world.views.get(id)
      return known !== undefined && mine(known, tenantId, userId) && world.views.delete(id)
    },
    rules: async () => world.rules,
    saveRules: async (tenantId, rules, actor) => {
      Object.assign(world.rules, rules)
      audit(tenantId, actor, 'ops-rules.save', `confirm-needs-two:${rules.confirmNeedsTwo}`)
    },
  }
}

/** An open item of the clearinghouse, with the visit in two days. */
export const anItem = (of: Partial<KeptItem> & Pick<KeptItem, 'tenantId'>, times: { openedAt: string; visitAt: string }): KeptItem => ({
  id: randomUUID(),
  kind: 'delivery',
  intakeId: randomUUID(),
  requestId: null,
  reference: 'HX-2222-222',
  flow: 'eligibility',
  version: 1,
  step: 'ask payer',
  partner: 'clearinghouse',
  operation: 'checkEligibility',
  payerId: 'QUIET3',
  payerName: 'Quiet Mutual',
  payerRoute: 'real-time',
  cause: 'timeout',
  codes: [],
  owner: 'ops',
  staffText: 'The payer did not answer.',
  status: 'open',
  attempts: 4,
  incidentId: null,
  claim: null,
  decision: null,
  resolution: null,
  resolvedBy: null,
  resolvedAt: null,
  ...times,
  ...of,
})

/** A decision that waits for a second person. */
export function aProposal(world: QueueWorld, overrideId: string): string {
  const item = world.overrides.get(overrideId)
  if (!item) throw new Error('no such item')
  const id = randomUUID()
  const decision: KeptDecision = {
    ...{ tenantId: item.tenantId, id, overrideId, action: 'confirm', state: 'proposed', reason: 'confirmed-by-phone', by: nameless(anyone), at: item.openedAt },
    ...{ second: null, carryOutAt: null, undoUntil: null, endedAt: null, refusedWhy: null, bulkReleaseId: null, option: null },
    wish: { decisionId: id, action: 'confirm', reason: 'confirmed-by-phone', note: 'spoke to an agent' },
  }
  world.decisions.set(id, decision)
  return id
}

export function aView(world: QueueWorld, tenantId: string): string {
  const id = randomUUID()
  world.views.set(id, { id, tenantId, userId: anyone, name: 'Mine', filter: {}, sort: 'visit' })
  return id
}
