import { randomBytes } from 'node:crypto'
import { type Clock, canonicalJson, isHookSecret, type PublicKey } from '@heliox/core/kit'
import type { ConnectionAdminStore, ConnectionStore } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Pool } from '../pool.ts'
import type { Deps } from '../store-deps.ts'
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
        const found = await tx.query<{ config: unknown; sealed: Buffer; hookKey: string | null }>(
          'SELECT config, secrets_sealed AS sealed, hook_key AS "hookKey" FROM identity.connections WHERE tenant_id = $1 AND adapter_id = $2',
          [tenantId, adapterId],
        )
        if (found.rows[0]) await audit(tx, { action: 'connection.open', resource: `connection:${adapterId}`, outcome: 'ok' }, clock.now())
        return found.rows[0]
      })
      return row && { config: row.config, hookKey: row.hookKey, secrets: JSON.parse(await vault.open(tenantId, connectionPlace(adapterId), row.sealed)) }
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
export function makeConnectionAdmin({ pool, vault, process, wake }: Deps): ConnectionAdminStore {
  return {
    list: (tenantId) =>
      withTenant(pool, tenantId, `service:${process}`, async (tx) => {
        const found = await tx.query<{
          adapterId: string
          config: unknown
          secretNames: string[]
          updatedAt: Date
          hookKey: string | null
          keysId: string | null
        }>(
          `SELECT adapter_id AS "adapterId", config, secret_names AS "secretNames", updated_at AS "updatedAt", hook_key AS "hookKey",
             CASE WHEN public_keys IS NOT NULL THEN keys_id END AS "keysId"
           FROM identity.connections WHERE tenant_id = $1 ORDER BY adapter_id LIMIT 100`,
          [tenantId],
        )
        return found.rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }))
      }),
    async save(tenantId, adapterId, config, secrets, actor, now, { publicKeys = [], isCalled = false } = {}) {
      await vault.warm(tenantId)
      await withTenant(pool, tenantId, actor, async (tx) => {
        await saveConnection(tx, vault, { adapterId, config, secrets, isCalled }, now)
        if (secrets !== undefined) await publishKeys(tx, adapterId, publicKeys)
        await audit(tx, { action: 'connection.save', resource: `connection:${adapterId}`, outcome: 'ok' }, now)
      })
      wake.clinic(tenantId)
    },
    async publicKeys(keysId) {
      const found = await pool.query<{ publicKeys: PublicKey[] }>('SELECT public_keys AS "publicKeys" FROM identity.find_public_keys($1)', [keysId])
      return found.rows[0]?.publicKeys
    },
  }
}

/** Beside the secrets that they belong to. The address stays when keys are changed: the partner has it in its books. */
async function publishKeys(tx: Tx, adapterId: string, keys: readonly PublicKey[]): Promise<void> {
  await tx.query(
    `UPDATE identity.connections SET public_keys = $3, keys_id = coalesce(keys_id, $4)
     WHERE tenant_id = $1 AND adapter_id = $2 AND ($3::jsonb IS NOT NULL OR public_keys IS NOT NULL)`,
    [tx.tenantId, adapterId, keys.length === 0 ? null : JSON.stringify(keys), randomBytes(24).toString('base64url')],
  )
}

interface Connection {
  adapterId: string
  config: unknown
  secrets: unknown
  /** Where the partner calls us; a new one is made when there is none. For seeds, whose simulators know it beforehand. */
  hookKey?: string
  /** It has such an address, also before there is a secret that proves its calls: until then nothing is taken there. */
  isCalled?: boolean
}

/**
 * Update first, then insert: an upsert would read `secrets_sealed`, and the API's role may write that column but never read
 * it. Undefined secrets keep those that are stored.
 */
export async function saveConnection(tx: Tx, vault: Vault, connection: Connection, now: Date): Promise<void> {
  const { adapterId, secrets } = connection
  const config = JSON.stringify(connection.config ?? {})
  const names = Object.keys((secrets ?? {}) as Record<string, unknown>).sort()
  const { bytes } = await vault.seal(tx.tenantId, connectionPlace(adapterId), canonicalJson(secrets ?? {}))
  const row = [tx.tenantId, adapterId, config, now, tx.actor]
  const [proof, hookKey] = await hookOf(tx, vault, connection)
  const update = () =>
    secrets === undefined
      ? tx.query(
          `UPDATE identity.connections SET config = $3, updated_at = $4, updated_by = $5, hook_key = coalesce(hook_key, $6)
           WHERE tenant_id = $1 AND adapter_id = $2`,
          [...row, hookKey],
        )
      : tx.query(
          `UPDATE identity.connections SET config = $3, updated_at = $4, updated_by = $5, secrets_sealed = $6, secret_names = $7,
             hook_sealed = $8, hook_key = coalesce(hook_key, $9) WHERE tenant_id = $1 AND adapter_id = $2`,
          [...row, bytes, names, proof, hookKey],
        )
  if ((await update()).rowCount !== 0) return
  const inserted = await tx.query(
    `INSERT INTO identity.connections (tenant_id, adapter_id, config, updated_at, updated_by, secrets_sealed, secret_names, hook_sealed, hook_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [...row, bytes, names, proof, hookKey],
  )
  // Someone else's insert came first: theirs is there now.
  if (inserted.rowCount === 0) await update()
}

const hookPlace = (adapterId: string) => ({ table: 'identity.connections.hook', row: adapterId })

/** What proves the partner's calls, sealed apart: the API opens this and nothing else of the secrets. */
async function hookOf(tx: Tx, vault: Vault, { adapterId, secrets, hookKey, isCalled }: Connection): Promise<[Buffer | null, string | null]> {
  const proving = Object.fromEntries(Object.entries((secrets ?? {}) as Record<string, unknown>).filter(([name]) => isHookSecret(name)))
  const isProven = Object.keys(proving).length > 0
  const key = isProven || isCalled ? (hookKey ?? randomBytes(24).toString('base64url')) : null
  return [isProven ? (await vault.seal(tx.tenantId, hookPlace(adapterId), canonicalJson(proving))).bytes : null, key]
}

/** The API's side of a partner's call. */
export async function findHook(pool: Pool, adapterId: string, hookKey: string): Promise<{ tenantId: string; region: string } | undefined> {
  const found = await pool.query<{ tenantId: string; region: string }>('SELECT tenant_id AS "tenantId", region FROM identity.find_hook($1, $2)', [
    adapterId,
    hookKey,
  ])
  return found.rows[0]
}
/** One line of the audit in this time, for one connection and process. */
const hookAuditMs = 15 * 60_000
const hooksRememberedMax = 5_000

/**
 * Settings, and of the secrets what proves a call. The engine's openings are audited one by one, since each of them is a question of ours. Here
 * anybody who knows an address makes us open them, and a row per call would let whoever calls fill the audit without proving anything: so the
 * audit says which process had the secrets of which connection in which quarter of an hour. What was proven is a kept file, with its hash and
 * its moment.
 */
export function makeHookOpener({ pool, vault, process, clock }: { pool: Pool; vault: Vault; process: string; clock: Clock }) {
  /** When each was audited last. */
  const audited = new Map<string, number>()
  return async (tenantId: string, adapterId: string): Promise<{ config: unknown; secrets: unknown } | undefined> => {
    await vault.warm(tenantId)
    const now = clock.now()
    const key = `${tenantId}/${adapterId}`
    const last = audited.get(key)
    const isDue = last === undefined || Math.abs(now.getTime() - last) >= hookAuditMs
    const row = await withTenant(pool, tenantId, `service:${process}`, async (tx) => {
      const found = await tx.query<{ config: unknown; sealed: Buffer | null }>(
        'SELECT config, hook_sealed AS sealed FROM identity.connections WHERE tenant_id = $1 AND adapter_id = $2',
        [tenantId, adapterId],
      )
      if (found.rows[0]?.sealed && isDue) await audit(tx, { action: 'connection.open-hook', resource: `connection:${adapterId}`, outcome: 'ok' }, now)
      return found.rows[0]
    })
    if (!row?.sealed) return undefined
    // After the commit: an opening whose audit failed did not happen.
    if (isDue) {
      audited.delete(key)
      audited.set(key, now.getTime())
      if (audited.size > hooksRememberedMax) audited.delete(audited.keys().next().value as string)
    }
    return { config: row.config, secrets: JSON.parse(await vault.open(tenantId, hookPlace(adapterId), row.sealed)) }
  }
}
