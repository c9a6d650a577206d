import { randomUUID } from 'node:crypto'
import type { ServiceRole } from '@heliox/core/identity'
import type { ServiceAccount, ServiceAccountStore } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Pool } from '../pool.ts'
import { withTenant } from '../tenancy.ts'

/** That many may be in force at once; whoever makes them in a loop stops here. */
const accountsMax = 20
const listedMax = 100

interface Row extends Omit<ServiceAccount, 'createdAt' | 'expiresAt' | 'endedAt'> {
  createdAt: Date
  expiresAt: Date
  endedAt: Date | null
}

export function makeServiceAccounts(pool: Pool, process: string): ServiceAccountStore {
  return {
    async find(tokenSha256, now) {
      const found = await pool.query<{ id: string; tenantId: string; region: string; role: ServiceRole }>(
        'SELECT account_id AS id, tenant_id AS "tenantId", region, role FROM identity.find_service_account($1, $2)',
        [tokenSha256, now],
      )
      return found.rows[0]
    },
    list: (tenantId) =>
      withTenant(pool, tenantId, `service:${process}`, async (tx) => {
        const found = await tx.query<Row>(
          `SELECT id, name, role::text AS role, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt", ended_at AS "endedAt"
           FROM identity.service_accounts WHERE tenant_id = $1 ORDER BY created_at DESC, id LIMIT ${listedMax}`,
          [tx.tenantId],
        )
        return found.rows.map((row) => ({
          ...row,
          createdAt: row.createdAt.toISOString(),
          expiresAt: row.expiresAt.toISOString(),
          endedAt: row.endedAt?.toISOString() ?? null,
        }))
      }),
    create: (tenantId, { name, role, tokenSha256, expiresAt }, actor, now) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const there = await tx.query<{ n: number }>(
          'SELECT count(*)::int AS n FROM identity.service_accounts WHERE tenant_id = $1 AND ended_at IS NULL AND expires_at > $2',
          [tx.tenantId, now],
        )
        if ((there.rows[0]?.n ?? 0) >= accountsMax) return 'too-many'
        const id = randomUUID()
        await tx.query(
          `INSERT INTO identity.service_accounts (tenant_id, id, name, role, token_sha256, created_by, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [tx.tenantId, id, name, role, tokenSha256, actor, now, expiresAt],
        )
        await audit(tx, { action: 'service-account.create', resource: `service-account:${id}`, outcome: 'ok' }, now)
        return id
      }),
    end: (tenantId, id, actor, now) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const ended = await tx.query('UPDATE identity.service_accounts SET ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL', [
          tx.tenantId,
          id,
          now,
        ])
        if (ended.rowCount === 0) return 'not-found'
        await audit(tx, { action: 'service-account.end', resource: `service-account:${id}`, outcome: 'ok' }, now)
        return 'ended'
      }),
  }
}
