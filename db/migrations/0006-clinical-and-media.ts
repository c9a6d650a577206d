import type { Knex } from 'knex'
import { asOwner, contextFunction, tenantTable } from './kit.ts'

export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'clinical',
    `
CREATE TYPE clinical.appointment_status AS ENUM ('proposed', 'booked', 'cancelled', 'noshow', 'fulfilled');
CREATE TYPE clinical.writeback_status AS ENUM ('none', 'written', 'refused', 'with-our-team');
CREATE TABLE clinical.appointments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  patient_id uuid,
  status clinical.appointment_status NOT NULL DEFAULT 'booked',
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  practitioner text NOT NULL CHECK (length(practitioner) BETWEEN 1 AND 80),
  writeback clinical.writeback_status NOT NULL DEFAULT 'none',
  writeback_codes text[] NOT NULL DEFAULT '{}' CHECK (cardinality(writeback_codes) <= 20),
  ehr_document_id uuid,
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK (ends_at > starts_at)
);
CREATE INDEX appointments_starts_at ON clinical.appointments (tenant_id, starts_at, id);
${tenantTable('clinical', 'appointments', { hub_api: 'SELECT, INSERT', hub_engine: 'SELECT, UPDATE' })}`,
  )
  await asOwner(
    knex,
    'media',
    `
CREATE TYPE media.upload_status AS ENUM ('expected', 'quarantined', 'clean', 'rejected');
CREATE TYPE media.upload_kind AS ENUM ('card-front', 'card-back');
CREATE TABLE media.uploads (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  kind media.upload_kind NOT NULL,
  status media.upload_status NOT NULL DEFAULT 'expected',
  declared_type text NOT NULL CHECK (length(declared_type) BETWEEN 1 AND 60),
  quarantine_key text NOT NULL CHECK (length(quarantine_key) BETWEEN 1 AND 120),
  clean_key text CHECK (length(clean_key) BETWEEN 1 AND 120),
  content_type text CHECK (length(content_type) BETWEEN 1 AND 60),
  quarantine_sha256 text CHECK (quarantine_sha256 ~ '^[0-9a-f]{64}$'),
  clean_sha256 text CHECK (clean_sha256 ~ '^[0-9a-f]{64}$'),
  clean_bytes integer CHECK (clean_bytes BETWEEN 1 AND 10485760),
  width_px integer CHECK (width_px >= 1),
  height_px integer CHECK (height_px >= 1),
  reason text CHECK (length(reason) BETWEEN 1 AND 40),
  finding text CHECK (length(finding) BETWEEN 1 AND 120),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  requested_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK ((status = 'clean') = (clean_key IS NOT NULL AND clean_sha256 IS NOT NULL)),
  CHECK (status <> 'rejected' OR reason IS NOT NULL)
);
CREATE INDEX uploads_intake ON media.uploads (tenant_id, intake_id);
${tenantTable('media', 'uploads', { hub_api: 'SELECT, INSERT, UPDATE (status, version, updated_at)', hub_engine: 'SELECT, UPDATE' })}`,
  )
  await contextFunction(knex, 'media', {
    signature: 'media.uploads_of_intake(p_intake_id uuid, p_ids uuid[])',
    returns: 'uuid[]',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN ARRAY(SELECT u.id FROM media.uploads u
    WHERE u.tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid AND u.intake_id = p_intake_id AND u.id = ANY (p_ids)
    ORDER BY u.requested_at, u.id);
END`,
    callers: ['ctx_identity'],
  })
  await asOwner(knex, 'media', 'GRANT USAGE ON SCHEMA media TO ctx_identity')
}
