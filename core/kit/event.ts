import { z } from 'zod'
import type { Contract } from './contract.ts'

/** `intake.submitted.v1` */
export type EventType = string

export interface EventSpec<Type extends EventType = EventType, C extends Contract = Contract> {
  readonly type: Type
  readonly contract: C
  /** The schema whose outbox carries it. */
  readonly context: ContextName
  readonly summary: string
}

export const contextNames = ['identity', 'clinical', 'compliance', 'billing', 'media', 'messaging', 'catalog', 'reporting'] as const
export type ContextName = (typeof contextNames)[number]

/** Events carry ids, codes and amounts, never PHI: a PHI contract is refused at load. */
export function defineEvent<const Type extends EventType, C extends Contract>(spec: EventSpec<Type, C>): EventSpec<Type, C> {
  if (spec.contract.phi) throw new Error(`${spec.type}: a PHI contract cannot be an event`)
  return spec
}

/** What is on the bus. `rootId` survives every retry and resolution: pins, ledger and inbox are keyed by it. */
export const Envelope = z.object({
  id: z.uuid(),
  rootId: z.uuid(),
  type: z.string().max(80),
  contract: z.string().max(80),
  tenantId: z.uuid(),
  region: z.string().max(20),
  aggregateType: z.string().max(40),
  aggregateId: z.uuid(),
  aggregateVersion: z.int().min(1),
  /** The intake this belongs to, when it belongs to one; the journey is told by it. */
  intakeId: z.uuid().nullable(),
  /** ISO time of the commit's transaction, from the producer's clock. */
  occurredAt: z.iso.datetime(),
  /** Which process wrote it. */
  process: z.string().max(40),
  traceparent: z.string().max(60).nullable(),
  /** 1 for the first try; counted by the hub, not by the broker. */
  attempt: z.int().min(1),
  payload: z.unknown(),
})
export type Envelope = z.output<typeof Envelope>

/** A redelivery goes to one flow only; everything else is routed by its type. */
export const routingKey = (type: EventType, onlyFlow?: string | null): string => (onlyFlow ? `redeliver.${onlyFlow}` : type)
