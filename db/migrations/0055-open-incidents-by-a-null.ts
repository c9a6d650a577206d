import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * Under row-level security PostgreSQL does not look up how rare an enum's value is: of two it takes each for half. So it counted a clinic's open
 * incidents by reading all that it ever had. How many rows have no end it does know; `closed_at` is null where, and only where, an incident is open.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
DROP INDEX messaging.incidents_open;
CREATE INDEX incidents_open ON messaging.incidents (tenant_id, opened_at, id) WHERE closed_at IS NULL`,
  )
}
