import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

/**
 * A chart that was taken for a patient's and was not: who said so, why, and where its sealed reference lies. What was written there stays
 * until people in the EHR remove it, so somebody is told.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'clinical',
    `
CREATE TYPE clinical.forget_reason AS ENUM ('another-person', 'another-chart', 'other');
CREATE TABLE clinical.forgotten_charts (
  tenant_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  document_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  reason clinical.forget_reason NOT NULL,
  actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 80),
  forgotten_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, patient_id, document_id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES clinical.appointments (tenant_id, id)
);
${tenantTable('clinical', 'forgotten_charts', { hub_api: 'SELECT, INSERT', hub_engine: 'SELECT' })};
GRANT SELECT, UPDATE (document_id, learned_at) ON clinical.charts TO hub_api;
GRANT UPDATE (chart_document_id) ON clinical.appointments TO hub_api`,
  )
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.incident_kind ADD VALUE 'chart-forgotten';
GRANT EXECUTE ON FUNCTION messaging.raise_incident(uuid, text, text, text, text, text, integer, boolean, timestamptz) TO hub_api`,
  )
}
