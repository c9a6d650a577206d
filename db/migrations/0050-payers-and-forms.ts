import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

/**
 * What the patient finds an insurer by; insurers that nobody can ask by computer;
 * and the clinic's own questions. Whoever asks payers gets the flows that know the difference; what is under way keeps its version.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'messaging', `ALTER TYPE messaging.hold_cause ADD VALUE 'not-listed'; ALTER TYPE messaging.hold_cause ADD VALUE 'unsupported'`)
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.payers
  ADD aliases text[] NOT NULL DEFAULT '{}' CHECK (cardinality(aliases) <= 20),
  ADD card_payer_ids text[] NOT NULL DEFAULT '{}' CHECK (cardinality(card_payer_ids) <= 20),
  ADD supported boolean NOT NULL DEFAULT true;
INSERT INTO catalog.payers (id, name, time_zone, supported) VALUES ('not-listed', 'Insurer not on the list', 'UTC', false);

CREATE TABLE catalog.forms (
  tenant_id uuid NOT NULL,
  id text NOT NULL CHECK (id ~ '^[a-z][a-z0-9-]{0,39}$'),
  version integer NOT NULL CHECK (version >= 1),
  definition jsonb NOT NULL CHECK (octet_length(definition::text) <= 65536),
  saved_by text NOT NULL CHECK (length(saved_by) BETWEEN 1 AND 80),
  asked_from timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id, version)
);
CREATE UNIQUE INDEX forms_one ON catalog.forms (tenant_id, id) WHERE ended_at IS NULL;
${tenantTable('catalog', 'forms', { hub_api: 'SELECT, INSERT, UPDATE (ended_at)', hub_engine: 'SELECT' })};

ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, n.flow, n.version, 100, a.activated_at FROM catalog.flow_activations a CROSS JOIN (VALUES ('eligibility', 4), ('clearinghouse-batch', 3)) AS n(flow, version)
WHERE a.flow = 'eligibility' AND a.version = 3 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
