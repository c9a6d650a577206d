import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

const languages = "ARRAY['en', 'es', 'de', 'fr']"

/** The languages that a clinic offers, the one that it prefers first. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
ALTER TABLE identity.tenants ADD languages text[] NOT NULL DEFAULT '{en,es}'
  CHECK (cardinality(languages) BETWEEN 1 AND 4 AND languages <@ ${languages} AND array_position(languages, NULL) IS NULL);
ALTER TABLE identity.tenants NO FORCE ROW LEVEL SECURITY;
UPDATE identity.tenants SET languages = '{de,en,fr}' WHERE region LIKE 'eu-%';
ALTER TABLE identity.tenants FORCE ROW LEVEL SECURITY`,
  )
  await asOwner(
    knex,
    'billing',
    `
ALTER TABLE billing.plans DROP CONSTRAINT plans_language_check,
  ADD CONSTRAINT plans_language_check CHECK (language = ANY (${languages}))`,
  )
}
