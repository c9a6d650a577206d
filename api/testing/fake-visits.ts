import { canChange, statusAfter } from '@heliox/core/clinical'
import type { VisitStore, VisitView } from '@heliox/core/ports'
import type { ApiDeps } from '../deps.ts'
import type { World } from './world.ts'

export const chartSince = '2026-01-05T09:00:00.000Z'

/** Visits of the links of this world; every one of them stands at its first revision until it is changed. */
export const fakeVisits = (world: World): ApiDeps['visits'] => {
  const revisions = new Map<string, number>()
  /** Every chart was found when the world began, until somebody lets it be forgotten. */
  const forgotten = new Set<string>()
  const linkOf = (tenantId: string, visitId: string) => [...world.links.values()].find((link) => link.tenantId === tenantId && link.visitId === visitId)
  const view = (tenantId: string, visitId: string): VisitView | undefined => {
    const link = linkOf(tenantId, visitId)
    if (!link) return undefined
    const { intakeId, startsAt, endsAt, practitioner, visitStatus: status } = link
    const revision = revisions.get(visitId) ?? 1
    return {
      visitId,
      intakeId,
      status,
      startsAt,
      endsAt,
      practitioner,
      revision,
      cancelReason: null,
      changeable: 'yes',
      chart: forgotten.has(visitId) ? null : { since: chartSince, source: 'written' },
      ofAnother: world.ofAnother.has(visitId),
      changes: [],
    }
  }
  return {
    find: async (tenantId, visitId) => view(tenantId, visitId),
    change: async (tenantId, visitId, revision, wish) => {
      const link = linkOf(tenantId, visitId)
      if (!link) return { is: 'not-found' }
      if ((revisions.get(visitId) ?? 1) !== revision) return { is: 'changed-meanwhile' }
      if (!canChange(link.visitStatus, wish.change)) return { is: 'not-possible' }
      link.visitStatus = statusAfter(wish.change)
      if (wish.startsAt) link.startsAt = wish.startsAt.toISOString()
      if (wish.endsAt) link.endsAt = wish.endsAt.toISOString()
      revisions.set(visitId, revision + 1)
      const visit = view(tenantId, visitId)
      return visit ? { is: 'changed', visit } : { is: 'not-found' }
    },
    forgetChart: async (tenantId, visitId, { knownSince }) => {
      const visit = view(tenantId, visitId)
      if (!visit) return { is: 'not-found' }
      if (!visit.chart) return { is: 'same', visit }
      if (knownSince.toISOString() !== chartSince) return { is: 'changed-meanwhile' }
      forgotten.add(visitId)
      return { is: 'forgotten', visit: { ...visit, chart: null } }
    },
  } satisfies VisitStore
}
