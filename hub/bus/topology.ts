import { limits, routingKey } from '@heliox/core/kit'
import { events } from '@heliox/core/registry'
import type { QueueSpec } from './bus.ts'

/** One queue per flow: its dispatcher is the only kind of consumer. */
export const flowQueue = (flow: string): string => `flow.${flow}`
/** Everything that happens, for the journey's read model. */
export const reportingQueue = 'reporting'

/**
 * Every queue of a hub that runs these flows. The relay declares them before it publishes and the engine before it consumes:
 * an event published before its queue exists would be lost to that flow, however well it was confirmed. A flow may come in
 * several versions: its queue takes what any of them enters by.
 */
export function busQueues(flows: readonly { readonly name: string; readonly enters: readonly string[] }[]): QueueSpec[] {
  const deliveriesMax = limits.brokerDeliveriesMax
  const versionsOf = Map.groupBy(flows, (flow) => flow.name)
  return [
    ...[...versionsOf].map(([name, versions]) => ({
      name: flowQueue(name),
      bindings: [...new Set(versions.flatMap((flow) => flow.enters)), routingKey('', name)],
      deliveriesMax,
    })),
    { name: reportingQueue, bindings: events.map((event) => event.type), deliveriesMax },
  ]
}

/** Where a queue's dead letters wait for a person. */
export const deadQueue = (queue: string): string => `${queue}.dead`
