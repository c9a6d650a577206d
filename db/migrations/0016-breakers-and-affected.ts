import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * What an answer is not believed for, why a step waits and for whom, and which cause stands behind a waiting item.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.incident_kind ADD VALUE 'not-answering';
ALTER TYPE messaging.incident_kind ADD VALUE 'implausible-answers';
ALTER TYPE messaging.incident_about ADD VALUE 'partner';
ALTER TABLE messaging.effects
  ADD COLUMN suspicions text[] NOT NULL DEFAULT '{}' CHECK (cardinality(suspicions) <= 20),
  ADD COLUMN payer_id text CHECK (length(payer_id) BETWEEN 2 AND 40),
  ADD COLUMN cause messaging.hold_cause;
ALTER TABLE messaging.overrides
  ADD COLUMN payer_id text CHECK (length(payer_id) BETWEEN 2 AND 40),
  ADD COLUMN incident_id uuid,
  ADD FOREIGN KEY (tenant_id, incident_id) REFERENCES messaging.incidents (tenant_id, id)`,
  )
}
