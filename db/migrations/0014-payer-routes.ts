import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** How each payer wants to be asked, when it can be, and by when it owes the answers to a batch. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'catalog',
    `
CREATE TYPE catalog.payer_route AS ENUM ('real-time', 'real-time-or-batch', 'batch');
ALTER TABLE catalog.payers
  ADD route catalog.payer_route NOT NULL DEFAULT 'real-time',
  ADD calendar jsonb NOT NULL DEFAULT '{}' CHECK (octet_length(calendar::text) <= 16384),
  ADD batch_rule jsonb NOT NULL DEFAULT '{}' CHECK (octet_length(batch_rule::text) <= 1024)`,
  )
}
