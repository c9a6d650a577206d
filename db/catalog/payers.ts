import type { Payer } from '@heliox/core/catalog'
import type { Pool } from '../pool.ts'

/** The same for every tenant. */
export async function listPayers(pool: Pool): Promise<Payer[]> {
  const found = await pool.query<Payer>('SELECT id, name, time_zone AS "timeZone" FROM catalog.payers ORDER BY name LIMIT 1000')
  return found.rows
}
