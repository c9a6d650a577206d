import { type Clock, canonicalJson } from '@heliox/core/kit'
import type { ConnectionAdminStore, ConnectionStore } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Pool } from '../pool.ts'
import { type Tx, withTenant } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { tenantFacts } from './tenants.ts'

const connectionPlace = (adapterId: string) => ({ table: 'identity.connections', row: adapterId })

/** The engine's side: secrets opened, and every opening audited. */
export function makeConnections(pool: Pool, vault: Vault, process: string, clock: Clock): ConnectionStore {
  const actor = `service:${process}`
  return {
    tenant: (tenantId) => withTenant(pool, tenantId, actor, tenantFacts),
    async connection(tenantId, adapterId) {
      const row = await withTenant(pool, tenantId, actor, async (tx) => {
        const found = await tx.query<{ config: unknown; sealed: Buffer }>(
          'SELECT config, secrets_sealed AS sealed FROM identity.connections WHERE tenant_id = $1 AND adapter_id = $2',
          [tenantId, adapterId],
        )
        if (found.rows[0]) await audit(tx, { action: 'connection.open', resource: `connection:${adapterId}`, outcome: 'ok' }, clock.now())
        return found.rows[0]
      })
      return row && { config: row.config, secrets: JSON.parse(await vault.open(tenantId, connectionPlace(adapterId), row.sealed)) }
    },
  }
}

/** The admin's side: names of secrets, never their values. */
export function makeConnectionAdmin(pool: Pool, vault: Vault, process: string): ConnectionAdminStore {
  return {
    list: (tenantId) =>
      withTenant(pool, tenantId, `service:${process}`, async (tx) => {
        const found = await tx.query<{ adapterId: string; config: unknown; secretNames: string[]; updatedAt: Date }>(
          `SELECT adapter_id AS "adapterId", config, secret_names AS "secretNames", updated_at AS "updatedAt"
           FROM identity.connections WHERE tenant_id = $1 ORDER BY adapter_id LIMIT 100`,
          [tenantId],
        )
        return found.rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }))
      }),
    async save(tenantId, adapterId, config, secrets, actor, now) {
      await vault.warm(tenantId)
      await withTenant(pool, tenantId, actor, async (tx) => {
        await saveConnection(tx, vault, { adapterId, config, secrets }, now)
        await audit(tx, { action: 'connection.save', resource: `connection:${adapterId}`, outcome: 'ok' }, now)
      })
    },
  }
}

export async function saveConnection(tx: Tx, vault: Vault, connection: { adapterId: string; config: unknown; secrets: unknown }, now: Date): Promise<void> {
  const { adapterId, config } = connection
  const secrets = (connection.secrets ?? {}) as Record<string, unknown>
  const sealed = await vault.seal(tx.tenantId, connectionPlace(adapterId), canonicalJson(secrets))
  await tx.query(
    `INSERT INTO identity.connections (tenant_id, adapter_id, config, secrets_sealed, secret_names, updated_at, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (tenant_id, adapter_id) DO UPDATE SET config = excluded.config, secrets_sealed = excluded.secrets_sealed,
       secret_names = excluded.secret_names, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
    [tx.tenantId, adapterId, JSON.stringify(config ?? {}), sealed.bytes, Object.keys(secrets).sort(), now, tx.actor],
  )
}
