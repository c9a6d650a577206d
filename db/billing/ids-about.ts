import type { Tx } from '../tenancy.ts'

/** Charges, refunds and plans of one form, by which the audit names who asked for them or ended them. */
export async function billingIdsAbout(tx: Tx, intakeId: string): Promise<string[]> {
  const found = await tx.query<{ id: string }>(
    `WITH charged AS (SELECT id FROM billing.charges WHERE tenant_id = $1 AND intake_id = $2 LIMIT 500)
     SELECT id FROM charged UNION SELECT r.id FROM billing.refunds r JOIN charged c ON c.id = r.charge_id WHERE r.tenant_id = $1
     UNION SELECT p.id FROM billing.plans p WHERE p.tenant_id = $1 AND p.intake_id = $2`,
    [tx.tenantId, intakeId],
  )
  return found.rows.map(({ id }) => id)
}
