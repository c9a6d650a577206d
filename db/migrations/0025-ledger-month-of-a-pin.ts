import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * The month of a delivery's first pin, by UTC: every ledger row of the delivery is kept under it, in whatever month it is tried. Worked out
 * from `pinned_at`, which nobody changes, so that the two cannot part.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `ALTER TABLE messaging.pins ADD COLUMN ledger_month date NOT NULL GENERATED ALWAYS AS (date_trunc('month', pinned_at AT TIME ZONE 'UTC')::date) STORED`,
  )
}
