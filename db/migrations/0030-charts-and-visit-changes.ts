import type { Knex } from 'knex'
import { asOwner, contextFunction, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * Which chart in the EHR is whose (the reference itself is sealed), what hub and chart last agreed on about each visit, and every change of a
 * visit with who made it. `revision` counts these changes only: `version` also counts what the desk does not see.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'clinical',
    `
CREATE TYPE clinical.chart_source AS ENUM ('found', 'chosen', 'written');
CREATE TYPE clinical.visit_changer AS ENUM ('clinic', 'ehr', 'legacy-scheduler');
CREATE TYPE clinical.visit_change AS ENUM ('moved', 'cancelled', 'no-show', 'fulfilled', 'reopened');
CREATE TYPE clinical.cancel_reason AS ENUM ('patient-asked', 'clinic-closed', 'clinician-away', 'booked-twice', 'other', 'elsewhere');

ALTER TABLE clinical.appointments
  ADD revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
  ADD cancel_reason clinical.cancel_reason,
  ADD changed_at timestamptz,
  ADD changed_by clinical.visit_changer,
  ADD chart_document_id uuid,
  ADD agreed_status clinical.appointment_status,
  ADD agreed_starts_at timestamptz,
  ADD agreed_ends_at timestamptz,
  ADD ehr_version text CHECK (length(ehr_version) BETWEEN 1 AND 64),
  ADD ehr_updated_at timestamptz,
  ADD cover jsonb CHECK (octet_length(cover::text) <= 4096),
  ADD cover_version integer NOT NULL DEFAULT 0 CHECK (cover_version >= 0),
  ADD searches smallint NOT NULL DEFAULT 0 CHECK (searches >= 0),
  ADD CHECK ((agreed_status IS NULL) = (agreed_starts_at IS NULL) AND (agreed_starts_at IS NULL) = (agreed_ends_at IS NULL)),
  ADD CHECK ((ehr_version IS NULL) = (ehr_updated_at IS NULL)),
  ADD CHECK ((cover IS NULL) = (cover_version = 0)),
  ADD CHECK ((changed_at IS NULL) = (changed_by IS NULL));
CREATE INDEX appointments_patient ON clinical.appointments (tenant_id, patient_id);
GRANT UPDATE (status, starts_at, ends_at, practitioner, cancel_reason, changed_at, changed_by, revision, version, updated_at) ON clinical.appointments TO hub_api;
GRANT INSERT ON clinical.appointments TO hub_engine;

CREATE TABLE clinical.charts (
  tenant_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  document_id uuid,
  source clinical.chart_source NOT NULL,
  learned_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, patient_id)
);
${tenantTable('clinical', 'charts', { hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE clinical.visit_changes (
  tenant_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  revision integer NOT NULL CHECK (revision >= 2),
  change clinical.visit_change NOT NULL,
  changed_by clinical.visit_changer NOT NULL,
  actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 80),
  reason clinical.cancel_reason,
  from_status clinical.appointment_status NOT NULL,
  from_starts_at timestamptz NOT NULL,
  from_ends_at timestamptz NOT NULL,
  status clinical.appointment_status NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, visit_id, revision),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES clinical.appointments (tenant_id, id)
);
${tenantTable('clinical', 'visit_changes', { hub_api: 'SELECT, INSERT', hub_engine: 'SELECT, INSERT' })}`,
  )
  await contextFunction(knex, 'identity', {
    signature: 'identity.move_link_end(p_intake_id uuid, p_expires_at timestamptz)',
    returns: 'void',
    // A form that was sent needs its link for the status page only, which asks the visit itself.
    body: `BEGIN
  UPDATE identity.intake_sessions s SET expires_at = p_expires_at
  WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.status IN ('created', 'opened');
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.incident_kind ADD VALUE IF NOT EXISTS 'visit-conflict';
ALTER TYPE messaging.incident_kind ADD VALUE IF NOT EXISTS 'duplicate-chart';
ALTER TYPE messaging.incident_about ADD VALUE IF NOT EXISTS 'visit'`,
  )
  await asOwner(
    knex,
    'reporting',
    `
CREATE TYPE reporting.visit_status AS ENUM ('proposed', 'booked', 'cancelled', 'noshow', 'fulfilled');
CREATE TYPE reporting.visit_change AS ENUM ('moved', 'cancelled', 'no-show', 'fulfilled', 'reopened');
CREATE TYPE reporting.visit_changer AS ENUM ('clinic', 'ehr', 'legacy-scheduler');
ALTER TABLE reporting.journeys
  ADD visit_status reporting.visit_status NOT NULL DEFAULT 'booked',
  ADD visit_version integer NOT NULL DEFAULT 0,
  ADD visit_change reporting.visit_change,
  ADD visit_changed_by reporting.visit_changer,
  ADD visit_changed_at timestamptz`,
  )
}
