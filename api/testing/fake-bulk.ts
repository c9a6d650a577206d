import { randomUUID } from 'node:crypto'
import { lastTurnAt, noSkips } from '@heliox/core/messaging'
import type { BulkRelease, BulkReleaseStore } from '@heliox/core/ports'

type Kept = BulkRelease & { tenantId: string }

/** One at work, of two items. */
export const aBulkRelease = (tenantId: string): Kept => ({
  tenantId,
  id: randomUUID(),
  action: 'retry',
  selection: { cause: 'timeout' },
  ratePerMinute: 60,
  reason: 'partner-is-back',
  status: 'running',
  progress: { total: 2, waiting: 1, decided: 1, carriedOut: 0, refused: 0, skipped: noSkips() },
  startedBy: 'user:ops',
  startedAt: '2026-03-02T09:59:00.000Z',
  changedBy: null,
  changedAt: null,
  finishedAt: null,
  endsAt: '2026-03-02T10:00:01.000Z',
})

/** Bulk releases in memory: every open item of a clinic is one that fits. */
export function fakeBulkReleases(known: Map<string, Kept>, openItems: (tenantId: string) => { id: string; visitAt: string | null }[]): BulkReleaseStore {
  const find = (tenantId: string, id: string): Kept | undefined => {
    const release = known.get(id)
    return release?.tenantId === tenantId ? release : undefined
  }
  const set = (status: 'running' | 'stopped'): BulkReleaseStore['stop'] => {
    return async (tenantId, id, actor, now) => {
      const release = find(tenantId, id)
      if (!release) return 'not-found'
      if (release.status === 'finished') return 'finished'
      if (release.status !== status) Object.assign(release, { status, changedBy: actor, changedAt: now.toISOString() })
      return release
    }
  }
  return {
    plan: async (tenantId) => {
      const open = openItems(tenantId)
      const visitsByDay = open.length > 0 ? [{ day: '2026-03-04', items: open.length }] : []
      const plan = { items: open.length, skipped: noSkips(), more: false, soonestVisitAt: open[0]?.visitAt ?? null, visitsByDay }
      return { plan, sample: open.slice(0, 10).map(({ id }) => id) }
    },
    start: async (tenantId, wish, _may, actor, now) => {
      const before = find(tenantId, wish.bulkReleaseId)
      if (before) return before.ratePerMinute === wish.ratePerMinute ? before : 'conflict'
      const total = openItems(tenantId).length
      if (total === 0) return 'empty'
      const release: Kept = {
        tenantId,
        id: wish.bulkReleaseId,
        action: wish.action,
        selection: wish.selection,
        ratePerMinute: wish.ratePerMinute,
        reason: wish.reason,
        status: 'running',
        progress: { total, waiting: total, decided: 0, carriedOut: 0, refused: 0, skipped: noSkips() },
        startedBy: actor,
        startedAt: now.toISOString(),
        changedBy: null,
        changedAt: null,
        finishedAt: null,
        endsAt: lastTurnAt(now, wish.ratePerMinute, total, now).toISOString(),
      }
      known.set(release.id, release)
      return release
    },
    list: async (tenantId) => ({ items: [...known.values()].filter((release) => release.tenantId === tenantId), nextCursor: null }),
    find: async (tenantId, id) => find(tenantId, id),
    stop: set('stopped'),
    resume: set('running'),
  }
}
