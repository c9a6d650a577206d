import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

/** What the chart said of a visit while nobody could change one. Ids, codes and times, as the event has them; one word of each visit, the newest. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'clinical',
    `
CREATE TABLE clinical.withheld_words (
  tenant_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  received jsonb NOT NULL CHECK (jsonb_typeof(received) = 'object' AND octet_length(received::text) <= 4096),
  ehr_updated_at timestamptz NOT NULL,
  withheld_at timestamptz NOT NULL,
  told_at timestamptz,
  PRIMARY KEY (tenant_id, visit_id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES clinical.appointments (tenant_id, id)
);
CREATE INDEX withheld_words_waiting ON clinical.withheld_words (tenant_id, visit_id) WHERE told_at IS NULL;
${tenantTable('clinical', 'withheld_words', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })}`,
  )
}
