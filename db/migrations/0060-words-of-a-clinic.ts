import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * A version of a consent text says who published it, and whether the clinic says that it covers bank accounts. Texts of before were published by nobody
 * who is known, and nobody said it of them. How many signed a version is counted by the text.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'compliance',
    `
ALTER TABLE compliance.consent_texts
  ADD published_by text CHECK (length(published_by) BETWEEN 1 AND 80),
  ADD covers_bank_accounts boolean NOT NULL DEFAULT false CHECK (kind = 'card-authorisation' OR NOT covers_bank_accounts);
CREATE INDEX consents_text ON compliance.consents (tenant_id, text_id)`,
  )
}
