import { randomUUID } from 'node:crypto'
import { type ContextName, type Contract, type Envelope, limits, type ValueOf } from '@heliox/core/kit'
import { eventByType } from '@heliox/core/registry'
import type { Tx } from './tenancy.ts'

/** Where and when a commit happens: goes into every event it writes. */
export interface Emission {
  now: Date
  process: string
  traceparent: string | null
}
interface NewEvent<C extends Contract = Contract> {
  type: string
  contract: C
  payload: ValueOf<C>
  aggregateType: string
  aggregateId: string
  aggregateVersion: number
  intakeId: string | null
}

/** Writes one event into its context's outbox, in the caller's transaction. The payload is parsed first: what leaves is what the contract says. */
export async function emit<C extends Contract>(tx: Tx, event: NewEvent<C>, at: Emission): Promise<string> {
  const spec = eventByType.get(event.type)
  if (!spec || spec.contract.id !== event.contract.id) throw new Error(`emit: ${event.type} is not declared with this contract`)
  const payload = JSON.stringify(event.contract.schema.parse(event.payload))
  if (Buffer.byteLength(payload) > limits.eventBytesMax) throw new Error(`emit: ${event.type} is larger than ${limits.eventBytesMax} bytes`)
  const id = randomUUID()
  await tx.query(
    `INSERT INTO ${spec.context}.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type, contract,
       payload, region, intake_id, traceparent, occurred_at, process, available_at, created_at)
     VALUES ($1, $2, $2, $2, $3, $4, $5, $6, $7, $8, identity.tenant_region(), $9, $10, $11, $12, $11, $11)`,
    [
      tx.tenantId,
      id,
      event.aggregateType,
      event.aggregateId,
      event.aggregateVersion,
      event.type,
      event.contract.id,
      payload,
      event.intakeId,
      at.traceparent,
      at.now,
      at.process,
    ],
  )
  return id
}

/**
 * The original event once more, to one flow only (retry, resolution). Same id, root and payload: pins, ledger and inbox know
 * it, so finished steps answer from the ledger and nothing happens twice. Always in messaging's outbox.
 */
export async function redeliver(tx: Tx, envelope: Envelope, to: { flow: string; attempt: number; at: Date; now: Date }): Promise<void> {
  if (envelope.tenantId !== tx.tenantId) throw new Error('redeliver: the event belongs to another tenant')
  await tx.query(
    `INSERT INTO messaging.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type, contract,
       payload, region, intake_id, traceparent, occurred_at, process, attempt, only_flow, available_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [
      tx.tenantId,
      randomUUID(),
      envelope.id,
      envelope.rootId,
      envelope.aggregateType,
      envelope.aggregateId,
      envelope.aggregateVersion,
      envelope.type,
      envelope.contract,
      JSON.stringify(envelope.payload),
      envelope.region,
      envelope.intakeId,
      envelope.traceparent,
      envelope.occurredAt,
      envelope.process,
      to.attempt,
      to.flow,
      to.at,
      to.now,
    ],
  )
}

/** The inbox row of one step: false when the same event was applied by this step before. */
export async function firstTime(tx: Tx, context: ContextName, key: { eventId: string; flow: string; step: string }, now: Date): Promise<boolean> {
  const inserted = await tx.query(
    `INSERT INTO ${context}.inbox (tenant_id, event_id, flow, step, applied_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [tx.tenantId, key.eventId, key.flow, key.step, now],
  )
  return inserted.rowCount === 1
}
