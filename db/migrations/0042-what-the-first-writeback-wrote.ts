import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * The first major of the write-back kept no word of what hub and chart agreed on, and visits could not be changed here then: what it wrote is
 * what the visit still says. Without that word a change that was made in the chart since would look like nothing agreed on, and be written over.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'clinical',
    `
ALTER TABLE clinical.appointments NO FORCE ROW LEVEL SECURITY;
UPDATE clinical.appointments SET agreed_status = status, agreed_starts_at = starts_at, agreed_ends_at = ends_at
WHERE writeback = 'written' AND agreed_status IS NULL AND changed_at IS NULL;
ALTER TABLE clinical.appointments FORCE ROW LEVEL SECURITY`,
  )
}
