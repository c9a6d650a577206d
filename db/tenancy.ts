import pg from 'pg'
import type { Pool } from './pool.ts'

/** What runs inside one transaction of one tenant. */
export interface Tx {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<pg.QueryResult<R>>
  readonly tenantId: string
  readonly actor: string
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The only door to a transaction. The tenant is set for this transaction alone (a session setting would survive into the next
 * request of the pooled connection), in the same round trip as BEGIN. `actor` says who, for the audit.
 */
export async function withTenant<T>(pool: Pool, tenantId: string, actor: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  if (!uuid.test(tenantId)) throw new Error('withTenant: the tenant is not a UUID')
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(`BEGIN; SELECT set_config('app.tenant_id', ${pg.escapeLiteral(tenantId)}, true)`)
    const result = await fn({ tenantId, actor, query: (sql, values) => client.query(sql, values === undefined ? undefined : [...values]) })
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError
    })
    throw error
  } finally {
    // A connection whose rollback failed may still be inside the transaction: it is closed, never reused.
    client.release(broken)
  }
}
