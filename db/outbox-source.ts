import { type ContextName, contextNames, type Envelope, routingKey } from '@heliox/core/kit'
import type { OutboxRow, OutboxSource } from '@heliox/core/ports'
import { listen } from './listen.ts'
import type { Pool } from './pool.ts'
import { transaction } from './transaction.ts'
import { outboxChannel } from './wake.ts'

interface Row {
  tenant_id: string
  id: string
  envelope_id: string
  root_id: string
  aggregate_type: string
  aggregate_id: string
  aggregate_version: number
  event_type: string
  contract: string
  payload: unknown
  region: string
  intake_id: string | null
  traceparent: string | null
  occurred_at: Date
  process: string
  attempt: number
  only_flow: string | null
}

const isContext = (schema: string): schema is ContextName => (contextNames as readonly string[]).includes(schema)

/**
 * The relay's side of the outboxes. Rows are claimed and marked through functions that see every tenant and nothing but the
 * outbox; the locks are held while `publish` waits for its confirms, so a relay that dies gives its rows back at once.
 */
export function makeOutboxSource(pool: Pool, options: { onError?: (error: Error) => void } = {}): OutboxSource {
  return {
    async drain(schema, limit, now, publish) {
      if (!isContext(schema)) throw new Error('drain: not one of the eight schemas')
      return transaction(pool, 'BEGIN', async (client) => {
        const claimed = await client.query<Row>(`SELECT * FROM ${schema}.outbox_claim($1, $2)`, [limit, now])
        if (claimed.rows.length === 0) return 0
        const { confirmed, refused } = await publish(claimed.rows.map((row) => toOutboxRow(schema, row)))
        const tell = async (fn: 'outbox_mark' | 'outbox_put_off', rows: readonly Row[]): Promise<void> => {
          if (rows.length > 0) await client.query(`SELECT ${schema}.${fn}($1, $2, $3)`, [rows.map((r) => r.tenant_id), rows.map((r) => r.id), now])
        }
        await tell(
          'outbox_mark',
          claimed.rows.filter((row) => confirmed.has(row.id)),
        )
        await tell(
          'outbox_put_off',
          claimed.rows.filter((row) => refused.has(row.id) && !confirmed.has(row.id)),
        )
        return claimed.rows.length
      })
    },
    onWake: (handler) =>
      listen(pool, [outboxChannel], {
        onPayload: (schema) => {
          if (isContext(schema)) handler(schema)
        },
        // Whatever was called out while the connection was down: look everywhere once.
        onUp: () => {
          for (const schema of contextNames) handler(schema)
        },
        onError: options.onError,
      }),
  }
}

function toOutboxRow(schema: ContextName, row: Row): OutboxRow {
  const envelope: Envelope = {
    id: row.envelope_id,
    rootId: row.root_id,
    type: row.event_type,
    contract: row.contract,
    tenantId: row.tenant_id,
    region: row.region,
    aggregateType: row.aggregate_type,
    aggregateId: row.aggregate_id,
    aggregateVersion: row.aggregate_version,
    intakeId: row.intake_id,
    occurredAt: row.occurred_at.toISOString(),
    process: row.process,
    traceparent: row.traceparent,
    attempt: row.attempt,
    payload: row.payload,
  }
  return { id: row.id, schema, routingKey: routingKey(row.event_type, row.only_flow), envelope }
}
