import type { Tx } from '../tenancy.ts'

/** Names of staff, as colleagues know them; who is gone from the list is not in the answer. */
export async function staffNames(tx: Tx, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map()
  const found = await tx.query<{ id: string; name: string }>('SELECT id, display_name AS name FROM identity.users WHERE tenant_id = $1 AND id = ANY ($2)', [
    tx.tenantId,
    [...new Set(userIds)],
  ])
  return new Map(found.rows.map((row) => [row.id, row.name]))
}
