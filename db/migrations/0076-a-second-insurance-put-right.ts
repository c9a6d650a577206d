import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** The second insurance can be put right too: two more names of fields in a question to the patient, and in what was changed. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
ALTER TABLE identity.correction_offers DROP CONSTRAINT correction_offers_fields_check,
  ADD CONSTRAINT correction_offers_fields_check CHECK (cardinality(fields) <= 8);
ALTER TABLE identity.corrections DROP CONSTRAINT corrections_fields_check,
  ADD CONSTRAINT corrections_fields_check CHECK (cardinality(fields) BETWEEN 1 AND 8)`,
  )
}
