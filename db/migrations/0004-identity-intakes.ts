import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

/** Everything about a patient that could name them is here, sealed; the rest of the hub holds ids (C-5). */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
CREATE TYPE identity.intake_status AS ENUM ('created', 'opened', 'submitted', 'expired', 'revoked');
CREATE TYPE identity.phi_part AS ENUM ('answers', 'identifiers');
CREATE TYPE identity.document_kind AS ENUM ('signature', 'effect-input', 'effect-answer', 'late-answer', 'ehr-references', 'override-note');

CREATE TABLE identity.intake_sessions (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  id uuid NOT NULL,
  visit_id uuid NOT NULL,
  link_sha256 text NOT NULL CHECK (link_sha256 ~ '^[0-9a-f]{64}$'),
  status identity.intake_status NOT NULL DEFAULT 'created',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  opened_at timestamptz,
  submitted_at timestamptz,
  patient_id uuid,
  idempotency_key text CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  body_mac bytea CHECK (length(body_mac) = 32),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT intake_sessions_link UNIQUE (link_sha256),
  CHECK ((status = 'submitted') = (submitted_at IS NOT NULL)),
  CHECK ((status = 'submitted') = (patient_id IS NOT NULL)),
  CHECK ((status = 'submitted') = (idempotency_key IS NOT NULL AND body_mac IS NOT NULL))
);
CREATE INDEX intake_sessions_visit ON identity.intake_sessions (tenant_id, visit_id);
${tenantTable('identity', 'intake_sessions', { hub_api: 'SELECT, UPDATE (status, version, opened_at)' }, 'SELECT (tenant_id, id, visit_id, link_sha256, status, expires_at)')};

CREATE TABLE identity.patients (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('identity', 'patients', {})};
ALTER TABLE identity.intake_sessions ADD FOREIGN KEY (tenant_id, patient_id) REFERENCES identity.patients (tenant_id, id);

CREATE TABLE identity.patient_phi (
  tenant_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  part identity.phi_part NOT NULL,
  key_version integer NOT NULL CHECK (key_version >= 1),
  sealed bytea NOT NULL CHECK (length(sealed) BETWEEN 33 AND 65536),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, patient_id, part),
  FOREIGN KEY (tenant_id, patient_id) REFERENCES identity.patients (tenant_id, id)
);
${tenantTable('identity', 'patient_phi', {})};

CREATE TABLE identity.phi_documents (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  id uuid NOT NULL,
  kind identity.document_kind NOT NULL,
  intake_id uuid,
  patient_id uuid,
  key_version integer NOT NULL CHECK (key_version >= 1),
  sealed bytea NOT NULL CHECK (length(sealed) BETWEEN 33 AND 1048576),
  stored_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('identity', 'phi_documents', {})}`,
  )
}
