import type { Pool } from '../pool.ts'

/** Throws as a write would: an insert of no row changes nothing, and a database that takes no writes refuses it all the same. */
export async function checkWritable(pool: Pool): Promise<void> {
  await pool.query('INSERT INTO identity.outbox (tenant_id) SELECT NULL::uuid WHERE false')
}
