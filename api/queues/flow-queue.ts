import { isDeepStrictEqual } from 'node:util'
import { type ResolveReason, resolveReasons } from '@heliox/core/messaging'
import type { FlowDelivery, FlowDepth } from '@heliox/core/ports'
import { referenceOf } from '@heliox/core/reporting'
import { z } from 'zod'
import type { DeadLetters } from '../deps.ts'
import { Refusal } from '../kit/errors.ts'
import { listedMax, type QueueView, type Standing } from './hub-queue.ts'

const isUuid = (id: string): boolean => z.uuid().safeParse(id).success
const reference = (intakeId: string | null): string | null => (intakeId === null ? null : referenceOf(intakeId))

/** Of one clinic; whoever looks has been let in by the time this is called. */
export interface FlowQueueSources {
  depths(): Promise<readonly FlowDepth[]>
  deliveries(flow: string, state: 'open' | 'retrying', page: { from: number; limit: number }): Promise<FlowDelivery[]>
  delivery(flow: string, rootId: string): Promise<FlowDelivery | undefined>
  /** Undefined while the bus does not answer. */
  deadCounts(): Promise<ReadonlyMap<string, number> | undefined>
  deadLetters(queue: string, limit: number): ReturnType<DeadLetters['list']>
  requeue(queue: string, id: string): Promise<void>
  correct(queue: string, id: string, payload: unknown, reason: ResolveReason): Promise<void>
}

/** A closed list, since it goes into the audit, where no words of one's own belong. */
const Reason = z.enum(resolveReasons)

/**
 * A flow's queue at the bus. What waits unread there cannot be looked at without taking it out, and belongs to all clinics; what is
 * under way and what waits for its next try is known from the rows of this clinic. Given up by the bus: its dead letters.
 */
export function flowQueue(flow: string, sources: FlowQueueSources): QueueView {
  const name = `flow.${flow}`
  const dead = async (limit: number): Promise<Standing[]> => (await sources.deadLetters(name, limit)).map((letter) => deadLetter(letter, sources))
  return {
    name,
    title: flow,
    description: 'Deliveries of this clinic: under way, waiting for their next try, given up by the bus.',
    statuses: ['active', 'delayed', 'failed'],
    async counts() {
      const [depths, counts] = await Promise.all([sources.depths(), sources.deadCounts()])
      const own = depths.find((depth) => depth.flow === flow)
      return { active: own?.active ?? 0, delayed: own?.retrying ?? 0, failed: counts?.get(name) ?? 0 }
    },
    async list(status, from, to) {
      if (status === 'failed') return (await dead(to + 1)).slice(from)
      const page = { from, limit: to - from + 1 }
      if (status === 'active') return (await sources.deliveries(flow, 'open', page)).map(delivery)
      if (status === 'delayed') return (await sources.deliveries(flow, 'retrying', page)).map(delivery)
      return []
    },
    async find(id) {
      const one = isUuid(id) ? await sources.delivery(flow, id) : undefined
      return one ? delivery(one) : (await dead(listedMax)).find((letter) => letter.id === id)
    },
  }
}

/** Events that no projector could read; the journeys lack them until they are read. */
export function reportingQueue(name: string, sources: FlowQueueSources): QueueView {
  const dead = async (limit: number): Promise<Standing[]> => (await sources.deadLetters(name, limit)).map((letter) => deadLetter(letter, sources))
  return {
    name,
    title: name,
    description: 'Events for the journeys; given up by the bus.',
    statuses: ['failed'],
    counts: async () => ({ failed: (await sources.deadCounts())?.get(name) ?? 0 }),
    list: async (status, from, to) => (status === 'failed' ? (await dead(to + 1)).slice(from) : []),
    find: async (id) => (await dead(listedMax)).find((letter) => letter.id === id),
  }
}

function delivery({ rootId, flow, version, intakeId, state, since }: FlowDelivery): Standing {
  const data = { flow, version, reference: reference(intakeId), intakeId, rootEvent: rootId }
  return { id: rootId, name: `${flow} version ${version}`, status: state === 'retrying' ? 'delayed' : 'active', at: since, attempts: 0, reason: null, data }
}

function deadLetter(letter: Awaited<ReturnType<DeadLetters['list']>>[number], sources: FlowQueueSources): Standing {
  const { id, queue, type, intakeId, reason, diedAt, payload, correctable = [] } = letter
  const fixed = { queue, type, reference: reference(intakeId), intakeId, correctable }
  return {
    ...{ id, name: type ?? 'unknown event', status: 'failed', at: diedAt, attempts: 0, reason },
    // An event's payload holds ids, codes and amounts, never a patient's data.
    data: { ...fixed, payload: payload ?? null, correctionReason: null },
    retry: () => sources.requeue(queue, id),
    async correct(data) {
      const { payload: corrected, correctionReason, ...rest } = data
      const why = Reason.safeParse(correctionReason)
      if (!why.success || !isDeepStrictEqual(rest, fixed)) throw new Refusal('correction-refused')
      await sources.correct(queue, id, corrected, why.data)
    },
  }
}
