import { audit } from '../compliance/audit.ts'
import type { Tx } from '../tenancy.ts'

export interface OpsRules {
  /** A second person must agree before somebody speaks for a payer or another partner. */
  confirmNeedsTwo: boolean
}

/** A clinic that has said nothing trusts one person. */
export async function opsRules(tx: Tx): Promise<OpsRules> {
  const found = await tx.query<OpsRules>('SELECT confirm_needs_two AS "confirmNeedsTwo" FROM messaging.ops_rules WHERE tenant_id = $1', [tx.tenantId])
  return found.rows[0] ?? { confirmNeedsTwo: false }
}

export async function saveOpsRules(tx: Tx, { confirmNeedsTwo }: OpsRules, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO messaging.ops_rules (tenant_id, confirm_needs_two, changed_by, changed_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id) DO UPDATE SET confirm_needs_two = excluded.confirm_needs_two, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [tx.tenantId, confirmNeedsTwo, tx.actor, now],
  )
  await audit(tx, { action: 'ops-rules.save', resource: `confirm-needs-two:${confirmNeedsTwo}`, outcome: 'ok' }, now)
}
