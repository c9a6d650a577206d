import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

/** The desk reads its journeys by the time of the visit; and what a file booked is known again, by a keyed hash of its line. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'reporting', 'CREATE INDEX journeys_by_time ON reporting.journeys (tenant_id, starts_at, intake_id)')
  await asOwner(
    knex,
    'clinical',
    `
CREATE TABLE clinical.visit_imports (
  tenant_id uuid NOT NULL,
  line_mac bytea NOT NULL CHECK (length(line_mac) = 32),
  visit_id uuid NOT NULL,
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, line_mac),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES clinical.appointments (tenant_id, id)
);
${tenantTable('clinical', 'visit_imports', { hub_api: 'SELECT, INSERT' })}`,
  )
}
