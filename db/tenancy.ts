import pg from 'pg'
import type { Pool } from './pool.ts'
import { transaction } from './transaction.ts'

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
  const begin = `BEGIN; SELECT set_config('app.tenant_id', ${pg.escapeLiteral(tenantId)}, true)`
  return transaction(pool, begin, (client) =>
    fn({ tenantId, actor, query: (sql, values) => client.query(sql, values === undefined ? undefined : [...values]) }),
  )
}
