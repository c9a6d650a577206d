import { defaultQuietHours, type QuietHours } from '@heliox/core/messaging'
import type { MessageRules } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import { tenantFacts } from '../identity/tenants.ts'
import type { Tx } from '../tenancy.ts'

/** What a clinic says of its messages; else what every clinic has. */
export async function messageRules(tx: Tx): Promise<MessageRules> {
  const found = await tx.query<{ fromMinutes: number; untilMinutes: number; senderName: string | null }>(
    `SELECT quiet_from_minutes AS "fromMinutes", quiet_until_minutes AS "untilMinutes", sender_name AS "senderName" FROM messaging.message_rules WHERE tenant_id = $1`,
    [tx.tenantId],
  )
  const row = found.rows[0]
  return row
    ? { quiet: { fromMinutes: row.fromMinutes, untilMinutes: row.untilMinutes }, senderName: row.senderName }
    : { quiet: defaultQuietHours, senderName: null }
}

export async function saveMessageRules(tx: Tx, { quiet, senderName }: MessageRules, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO messaging.message_rules (tenant_id, quiet_from_minutes, quiet_until_minutes, sender_name, saved_by, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant_id) DO UPDATE SET quiet_from_minutes = excluded.quiet_from_minutes, quiet_until_minutes = excluded.quiet_until_minutes,
       sender_name = excluded.sender_name, saved_by = excluded.saved_by, saved_at = excluded.saved_at`,
    [tx.tenantId, quiet.fromMinutes, quiet.untilMinutes, senderName, tx.actor, now],
  )
  await audit(tx, { action: 'message-rules.save', resource: 'message-rules', outcome: 'ok' }, now)
}

/** The clock by which a clinic's patients are left in peace. */
export async function clinicClock(tx: Tx): Promise<{ timeZone: string; quiet: QuietHours; name: string }> {
  const [{ timeZone, name }, { quiet, senderName }] = [await tenantFacts(tx), await messageRules(tx)]
  return { timeZone, quiet, name: senderName ?? name }
}
