import { randomUUID } from 'node:crypto'
import type { ScheduleState, ScheduleStore } from '@heliox/core/ports'

const fresh: ScheduleState = {
  ...{ connected: true, owner: 'hub', ownerSince: null, ownerBy: null, dualRun: false, dualRunSince: null, dualRunBy: null },
  ...{ comparedAt: null, differences: 0, refused: null, handover: null },
}
/** Whose handover it is. */
const handovers = new Map<string, string>()
export function aHandover(tenantId: string): string {
  const id = randomUUID()
  handovers.set(id, tenantId)
  return id
}

const differences = new Map<string, string>()
/** One that can be decided. */
export function aDifference(tenantId: string): string {
  const id = randomUUID()
  differences.set(id, tenantId)
  return id
}

/** One schedule a clinic, in memory; a handover stays in its first phase. */
export function fakeScheduler(): ScheduleStore {
  const states = new Map<string, ScheduleState>()
  const of = (tenantId: string): ScheduleState => states.get(tenantId) ?? fresh
  const set = (tenantId: string, changes: Partial<ScheduleState>): void => void states.set(tenantId, { ...of(tenantId), ...changes })
  return {
    state: async (tenantId) => of(tenantId),
    differences: async () => ({ items: [], nextCursor: null }),
    decide: async (tenantId, differenceId) => (differences.get(differenceId) === tenantId ? 'decided' : 'not-found'),
    async setDualRun(tenantId, on, actor, now) {
      set(tenantId, { dualRun: on, dualRunSince: now.toISOString(), dualRunBy: actor })
      return 'changed'
    },
    async handOver(tenantId, to, actor, now) {
      const { owner, handover } = of(tenantId)
      if (handover?.endedAt === null) return handover.to === to ? { is: 'running', handoverId: handover.id } : { is: 'other-running' }
      if (owner === to) return { is: 'owner-already' }
      const times = { startedAt: now.toISOString(), frozenAt: null, switchedAt: null, endedAt: null }
      const id = aHandover(tenantId)
      set(tenantId, { handover: { id, to, phase: 'freezing', startedBy: actor, ...times, comparisons: 0, differences: 0 } })
      return { is: 'started', handoverId: id }
    },
    giveUp: async (tenantId, handoverId) => (handovers.get(handoverId) === tenantId ? 'given-up' : 'not-found'),
  }
}
