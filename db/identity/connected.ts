import type { Tx } from '../tenancy.ts'

/** Whether the clinic has this partner at all; neither settings nor secrets. */
export async function isConnected(tx: Tx, adapterId: string): Promise<boolean> {
  const found = await tx.query('SELECT 1 FROM identity.connections WHERE tenant_id = $1 AND adapter_id = $2', [tx.tenantId, adapterId])
  return found.rowCount === 1
}
