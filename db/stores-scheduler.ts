import type { ScheduleRounds, ScheduleStore } from '@heliox/core/ports'
import { beginCompare, tenantsToCompare } from './clinical/schedule-compare.ts'
import { decideDifference } from './clinical/schedule-decide.ts'
import { giveUpHandover, startHandover } from './clinical/schedule-handover.ts'
import { listDifferences, scheduleState, setDualRun } from './clinical/schedule-view.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

/** Beside the old scheduler. Each method is one transaction of one tenant; no SQL is written here. */
export function makeScheduler({ pool, process, wake }: Deps): ScheduleStore {
  const reader = `service:${process}`
  const at = (now: Date) => ({ now, process, traceparent: null })
  return {
    state: (tenantId) => withTenant(pool, tenantId, reader, scheduleState),
    differences: (tenantId, page) => withTenant(pool, tenantId, reader, (tx) => listDifferences(tx, page)),
    async decide(tenantId, differenceId, decision, actor, now) {
      const outcome = await withTenant(pool, tenantId, actor, (tx) => decideDifference(tx, differenceId, decision, at(now)))
      if (outcome === 'decided') wake.outbox('clinical')
      return outcome
    },
    setDualRun: (tenantId, on, actor, now) => withTenant(pool, tenantId, actor, (tx) => setDualRun(tx, on, at(now))),
    async handOver(tenantId, to, actor, now) {
      const started = await withTenant(pool, tenantId, actor, (tx) => startHandover(tx, to, at(now)))
      if (started.is === 'started') wake.outbox('clinical')
      return started
    },
    async giveUp(tenantId, handoverId, actor, now) {
      const outcome = await withTenant(pool, tenantId, actor, (tx) => giveUpHandover(tx, handoverId, at(now)))
      if (outcome === 'given-up') wake.outbox('clinical')
      return outcome
    },
  }
}

export function makeScheduleRounds({ pool, wake }: Deps): ScheduleRounds {
  return {
    due: (now) => tenantsToCompare(pool, now),
    async begin(tenantId, about) {
      const began = await withTenant(pool, tenantId, `service:${about.process}`, (tx) => beginCompare(tx, { ...about, traceparent: null }))
      if (began) for (const context of ['clinical', 'messaging'] as const) wake.outbox(context)
      return began
    },
  }
}
