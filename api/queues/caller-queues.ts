import { randomUUID } from 'node:crypto'
import type { Action } from '@heliox/core/identity'
import { sha256Hex } from '@heliox/core/kit'
import type { FlowDepth } from '@heliox/core/ports'
import { giveBack } from '../dead-letters.ts'
import type { ApiDeps } from '../deps.ts'
import { Refusal } from '../kit/errors.ts'
import { type FlowQueueSources, flowQueue, reportingQueue } from './flow-queue.ts'
import { listedMax, type QueueView } from './hub-queue.ts'
import { type HeldItem, type OverrideQueueSources, overrideQueue } from './override-queue.ts'

interface BoardCaller {
  tenantId: string
  userId: string
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

function flowSources(deps: ApiDeps, caller: BoardCaller): FlowQueueSources {
  const { live, deadLetters } = deps
  const { tenantId } = caller
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
    requeue: (queue, id) => giveBack(deps, caller, { queue, id }),
    correct: (queue, id, payload, reason) => giveBack(deps, caller, { queue, id, correction: { payload, reason } }),
  }
}

/** The store's pages hold so many; the board asks for page after page, and gets no more than `listedMax` of them. */
const pageRowsMax = 200

function overrideSources({ queue }: ApiDeps, { tenantId, userId, actor, now }: BoardCaller): OverrideQueueSources {
  const pages = async (status: 'open' | 'resolved', limit: number): ReturnType<OverrideQueueSources['page']> => {
    const items: HeldItem[] = []
    for (let cursor: string | undefined; ; ) {
      const rows = Math.min(limit - items.length, pageRowsMax)
      const page = await queue.list(tenantId, { status, sort: 'visit', grouped: false, cursor, limit: rows }, userId, now)
      items.push(...page.items)
      if (items.length >= limit || page.nextCursor === null) return { items, total: page.total }
      cursor = page.nextCursor
    }
  }
  return {
    page: (status, limit) => pages(status, Math.min(limit, listedMax)),
    find: (id) => queue.find(tenantId, id, now),
    async retry(item) {
      const decide = (decisionId: string) =>
        queue.decide(tenantId, item.id, { decisionId, action: 'retry', reason: 'other', note: 'Tried again from the queue board.' }, () => false, actor, now)
      let made = await decide(decisionIdOf(item))
      // One that came to nothing is over: whoever presses again means again.
      if (made.is === 'decided' && (made.decision.state === 'undone' || made.decision.state === 'refused')) made = await decide(randomUUID())
      if (made.is !== 'decided') throw new Refusal(made.is)
    },
  }
}

/** The same for the same item in the same state: a double click, or two people at once, is one decision. */
function decisionIdOf({ id, openedAt, attempts }: HeldItem): string {
  const hex = sha256Hex(`queue board|${id}|${openedAt}|${attempts}`)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
