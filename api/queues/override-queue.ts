import type { OverrideStatus } from '@heliox/core/messaging'
import type { QueueView, Standing } from './hub-queue.ts'

/** As much of an item as the board shows; the words for staff never hold a patient's data. */
export interface HeldItem {
  id: string
  reference: string | null
  intakeId: string | null
  flow: string
  version: number
  step: string
  partner: string | null
  operation: string | null
  cause: string
  owner: string
  staffText: string
  attempts: number
  openedAt: string
  visitAt: string | null
  status: OverrideStatus
  resolution: string | null
  resolvedAt: string | null
}

/** Of one clinic. */
export interface OverrideQueueSources {
  /** The first so many: open ones by visit time, resolved ones newest first. */
  page(status: 'open' | 'resolved', limit: number): Promise<{ items: readonly HeldItem[]; total: number }>
  find(id: string): Promise<HeldItem | undefined>
  /** A decision of who looks: the same question again. */
  retry(item: HeldItem): Promise<void>
}

/** What waits for a person. Trying again is one of several things that may be done with an item; the others are on its own page. */
export function overrideQueue(sources: OverrideQueueSources): QueueView {
  const standing = (item: HeldItem): Standing => {
    const { id, reference, intakeId, flow, version, step, partner, operation, cause, owner, visitAt, resolution } = item
    const open = item.status === 'open'
    return {
      ...{ id, name: `${flow} version ${version}: ${step}`, status: open ? 'failed' : 'completed', at: item.openedAt, attempts: item.attempts },
      reason: open ? item.staffText : resolution,
      data: { reference, intakeId, flow, version, step, partner, operation, cause, owner, visitAt, page: `/ops/overrides/${id}` },
      endedAt: item.resolvedAt,
      ...(open ? { retry: () => sources.retry(item) } : {}),
    }
  }
  const listed = async (status: 'open' | 'resolved', from: number, to: number): Promise<Standing[]> => {
    const { items } = await sources.page(status, to + 1)
    return items.slice(from, to + 1).map(standing)
  }
  return {
    name: 'override',
    title: 'override queue',
    description: 'What waits for a person. Anything but a retry is decided on the item’s own page.',
    statuses: ['failed', 'completed'],
    async counts() {
      const [open, resolved] = await Promise.all([sources.page('open', 1), sources.page('resolved', 1)])
      return { failed: open.total, completed: resolved.total }
    },
    async list(status, from, to) {
      if (status === 'failed') return listed('open', from, to)
      return status === 'completed' ? listed('resolved', from, to) : []
    },
    async find(id) {
      const item = await sources.find(id)
      return item && standing(item)
    },
  }
}
