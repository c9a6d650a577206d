import type { Action } from '@heliox/core/identity'
import type { FlowDepth } from '@heliox/core/ports'
import type { ApiDeps } from '../deps.ts'
import { Refusal } from '../kit/errors.ts'
import { type FlowQueueSources, flowQueue, reportingQueue } from './flow-queue.ts'
import type { QueueView } from './hub-queue.ts'
import { type OverrideQueueSources, overrideQueue } from './override-queue.ts'

export interface BoardCaller {
  tenantId: string
  /** As the audit writes it. */
  actor: string
  now: Date
  correlationId: string
}

/** The queues of one clinic, made for one request: what several of them count is read once. */
export async function callerQueues(deps: ApiDeps, caller: BoardCaller): Promise<{ view: QueueView; retryNeeds: Action }[]> {
  const names = [...new Set((await deps.flows()).map(({ name }) => name))].sort()
  const flows = flowSources(deps, caller)
  return [
    { view: overrideQueue(overrideSources(deps, caller)), retryNeeds: 'override.decide' },
    ...names.map((name) => ({ view: flowQueue(name, flows), retryNeeds: 'dead-letter.requeue' as const })),
    { view: reportingQueue('reporting', flows), retryNeeds: 'dead-letter.requeue' },
  ]
}

function flowSources({ live, deadLetters, audit }: ApiDeps, { tenantId, actor, now, correlationId }: BoardCaller): FlowQueueSources {
  let depths: Promise<FlowDepth[]> | undefined
  let counts: Promise<ReadonlyMap<string, number> | undefined> | undefined
  return {
    depths: () => {
      depths ??= live.depths(tenantId)
      return depths
    },
    deliveries: (flow, state, page) => live.deliveries(tenantId, flow, state, page),
    delivery: (flow, rootId) => live.delivery(tenantId, flow, rootId),
    // While the bus is away the rows can still be looked at.
    deadCounts: () => {
      counts ??= deadLetters.counts(tenantId).catch(() => undefined)
      return counts
    },
    deadLetters: (queue, limit) => deadLetters.list(tenantId, limit, queue),
    async requeue(queue, id) {
      if (!(await deadLetters.requeue(tenantId, queue, id))) throw new Refusal('not-found')
      await audit.audit(tenantId, { actor, action: 'dead-letter.requeue', resource: id, outcome: 'ok', correlationId }, now)
    },
  }
}

function overrideSources({ ops, overrides }: ApiDeps, { tenantId, actor, now }: BoardCaller): OverrideQueueSources {
  return {
    page: (status, limit) => ops.overrides(tenantId, { status, limit }),
    find: (id) => ops.override(tenantId, id),
    async retry({ id }) {
      const how = { resolution: 'retry', reason: 'other', note: 'Tried again from the queue board.' } as const
      const resolved = await overrides.resolve(tenantId, id, how, actor, now)
      if (typeof resolved === 'string') throw new Refusal(resolved)
    },
  }
}
