import type { MessageChannel, OptOutCause } from '@heliox/core/messaging'
import type { Tx } from '../tenancy.ts'

/** Addresses that get no messages, each under its keyed hash: one row per address, taken back and set again as often as people say so. */
export interface OptOut {
  cause: OptOutCause
  saidAt: Date
}

/** Undefined: messages may go there. */
export async function optOutOf(tx: Tx, channel: MessageChannel, addressKey: string): Promise<OptOut | undefined> {
  const found = await tx.query<OptOut>(
    `SELECT cause::text AS cause, said_at AS "saidAt" FROM messaging.opt_outs WHERE tenant_id = $1 AND channel = $2 AND address_key = $3 AND ended_at IS NULL`,
    [tx.tenantId, channel, addressKey],
  )
  return found.rows[0]
}

interface Said {
  channel: MessageChannel
  addressKey: string
  /** When it was said; what was said before the last word changes nothing. */
  at: Date
}
/** Of STOP and START of one second, STOP counts. */
export async function optOut(tx: Tx, { channel, addressKey, at }: Said, cause: OptOutCause, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO messaging.opt_outs AS o (tenant_id, channel, address_key, cause, said_at, said_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant_id, channel, address_key) DO UPDATE SET cause = excluded.cause, said_at = greatest(o.said_at, excluded.said_at), said_by = excluded.said_by, ended_at = NULL
     WHERE o.ended_at IS NULL OR o.ended_at <= excluded.said_at`,
    [tx.tenantId, channel, addressKey, cause, at, by],
  )
}

/** Also where nothing was said before: a START that overtakes its STOP must stand above it. */
export async function optIn(tx: Tx, { channel, addressKey, at }: Said, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO messaging.opt_outs AS o (tenant_id, channel, address_key, cause, said_at, said_by, ended_at) VALUES ($1, $2, $3, 'patient', $4, $5, $4)
     ON CONFLICT (tenant_id, channel, address_key) DO UPDATE SET ended_at = excluded.ended_at, said_by = excluded.said_by
     WHERE o.said_at < excluded.ended_at AND (o.ended_at IS NULL OR o.ended_at < excluded.ended_at)`,
    [tx.tenantId, channel, addressKey, at, by],
  )
}
