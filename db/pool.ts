import pg from 'pg'

export type Pool = pg.Pool
export type Client = pg.PoolClient

/** A machine that vanishes says no goodbye: it is missed after about 20 s. Without the first number the kernel waits for two hours. */
export const noticesLoss = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

/**
 * Every limit is said here; no default of the driver decides one. The server ends a statement, and the client stops waiting for a server
 * that is gone. `onError` hears of connections that broke while idle.
 */
export function openPool(url: string, options: { max: number; application?: string; role?: string; onError?: (error: Error) => void }): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: options.application ?? 'heliox-hub',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    ...noticesLoss,
    options: options.role ? `-c role=${options.role}` : undefined,
    statement_timeout: 30_000,
    query_timeout: 35_000,
    idle_in_transaction_session_timeout: 60_000,
  })
  // Without a listener a connection that breaks between two queries ends the process, in the pool and in somebody's hands alike.
  // Whoever holds it hears of it from the next query; the pool replaces it by itself.
  pool.on('connect', (client) => client.on('error', (error) => options.onError?.(error)))
  pool.on('error', () => undefined)
  return pool
}
