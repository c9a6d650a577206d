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
    settings: (tenantId, adapterId) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const found = await tx.query<{ config: unknown }>('SELECT config FROM identity.connections WHERE tenant_id = $1 AND adapter_id = $2', [
          tenantId,
          adapterId,
        ])
        return found.rows[0]?.config
      }),
  }
}

/** Tenants that have this adapter, through a listed function that says ids alone. */
export async function tenantsConnected(pool: Pool, adapterId: string): Promise<string[]> {
  const found = await pool.query<{ tenantId: string }>('SELECT tenant_id AS "tenantId" FROM identity.tenants_connected($1)', [adapterId])
  return found.rows.map((row) => row.tenantId)
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

/**
 * Update first, then insert: an upsert would read `secrets_sealed`, and the API's role may write that column but never read
 * it. Undefined secrets keep those that are stored.
 */
export async function saveConnection(tx: Tx, vault: Vault, connection: { adapterId: string; config: unknown; secrets: unknown }, now: Date): Promise<void> {
  const { adapterId, secrets } = connection
  const config = JSON.stringify(connection.config ?? {})
  const names = Object.keys((secrets ?? {}) as Record<string, unknown>).sort()
  const { bytes } = await vault.seal(tx.tenantId, connectionPlace(adapterId), canonicalJson(secrets ?? {}))
  const row = [tx.tenantId, adapterId, config, now, tx.actor]
  const update = () =>
    secrets === undefined
      ? tx.query('UPDATE identity.connections SET config = $3, updated_at = $4, updated_by = $5 WHERE tenant_id = $1 AND adapter_id = $2', row)
      : tx.query(
          `UPDATE identity.connections SET config = $3, updated_at = $4, updated_by = $5, secrets_sealed = $6, secret_names = $7
           WHERE tenant_id = $1 AND adapter_id = $2`,
          [...row, bytes, names],
        )
  if ((await update()).rowCount !== 0) return
  const inserted = await tx.query(
    `INSERT INTO identity.connections (tenant_id, adapter_id, config, updated_at, updated_by, secrets_sealed, secret_names)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [...row, bytes, names],
  )
  // Someone else's insert came first: theirs is there now.
  if (inserted.rowCount === 0) await update()
}
