import { randomUUID } from 'node:crypto'
import type { Role } from '@heliox/core/identity'
import type { AccountStore } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Pool } from '../pool.ts'
import { withTenant } from '../tenancy.ts'

interface FoundSession {
  tenantId: string
  region: string
  sessionId: string
  userId: string
  expiresAt: Date
}

export function makeAccounts(pool: Pool): AccountStore {
  const find = async (tokenSha256: string, now: Date): Promise<FoundSession | undefined> => {
    const found = await pool.query<FoundSession>(
      `SELECT tenant_id AS "tenantId", region, session_id AS "sessionId", user_id AS "userId", expires_at AS "expiresAt"
       FROM identity.find_session($1, $2)`,
      [tokenSha256, now],
    )
    return found.rows[0]
  }
  return {
    async login(tenantSlug, email) {
      const found = await pool.query<{ tenantId: string; region: string; userId: string; passwordHash: string }>(
        `SELECT tenant_id AS "tenantId", region, user_id AS "userId", password_hash AS "passwordHash" FROM identity.find_login($1, $2)`,
        [tenantSlug, email],
      )
      return found.rows[0]
    },
    createSession: (tenantId, userId, tokenSha256, expiresAt, now) =>
      withTenant(pool, tenantId, `user:${userId}`, async (tx) => {
        const id = randomUUID()
        await tx.query('INSERT INTO identity.sessions (tenant_id, id, user_id, token_sha256, started_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)', [
          tenantId,
          id,
          userId,
          tokenSha256,
          now,
          expiresAt,
        ])
        await audit(tx, { action: 'session.start', resource: `session:${id}`, outcome: 'ok' }, now)
        return id
      }),
    async session(tokenSha256, now) {
      const found = await find(tokenSha256, now)
      if (!found) return undefined
      return withTenant(pool, found.tenantId, `user:${found.userId}`, async (tx) => {
        const user = await tx.query<{ displayName: string; email: string; roles: Role[] }>(
          `SELECT u.display_name AS "displayName", u.email,
             ARRAY(SELECT r.role::text FROM identity.user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.id ORDER BY 1) AS roles
           FROM identity.users u WHERE u.tenant_id = $1 AND u.id = $2`,
          [tx.tenantId, found.userId],
        )
        const row = user.rows[0]
        return row && { ...found, ...row, expiresAt: found.expiresAt.toISOString() }
      })
    },
    async endSession(tokenSha256, now) {
      const found = await find(tokenSha256, now)
      if (!found) return
      await withTenant(pool, found.tenantId, `user:${found.userId}`, async (tx) => {
        await tx.query('UPDATE identity.sessions SET ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL', [tx.tenantId, found.sessionId, now])
        await audit(tx, { action: 'session.end', resource: `session:${found.sessionId}`, outcome: 'ok' }, now)
      })
    },
  }
}
