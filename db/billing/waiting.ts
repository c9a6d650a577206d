import type { Pool } from '../pool.ts'

/** Tenants in which inquiries wait for a batch, through a listed function that says ids alone. */
export async function tenantsWaiting(pool: Pool): Promise<string[]> {
  const found = await pool.query<{ tenantId: string }>('SELECT tenant_id AS "tenantId" FROM billing.tenants_waiting()')
  return found.rows.map((row) => row.tenantId)
}
