import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

/**
 * The effect ledger, its attempts, the pins of deliveries, what waits for a person, and the patient's messages.
 * A row `started` without a lease (attempt 0) is a generation that a person opened and nobody has sent yet.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
CREATE TYPE messaging.effect_state AS ENUM ('started', 'succeeded', 'rejected', 'failed', 'unknown', 'reconciled');
CREATE TYPE messaging.port AS ENUM ('ok', 'rejected');
CREATE TYPE messaging.pin_state AS ENUM ('open', 'retrying', 'held', 'settled');
CREATE TYPE messaging.override_status AS ENUM ('open', 'resolved');
CREATE TYPE messaging.hold_cause AS ENUM ('unavailable', 'throttled', 'timeout', 'uncertain', 'credentials', 'contract', 'bug', 'overdue', 'no-connection');
CREATE TYPE messaging.hold_owner AS ENUM ('ops', 'clinic', 'patient', 'engineer');
CREATE TYPE messaging.resolution AS ENUM ('answer', 'retry', 'correct', 'move', 'drop');
CREATE TYPE messaging.resolve_reason AS ENUM ('partner-is-back', 'confirmed-by-phone', 'confirmed-on-website', 'data-corrected', 'connection-fixed',
  'software-fixed', 'visit-cancelled', 'duplicate', 'other');
CREATE TYPE messaging.notification_status AS ENUM ('written', 'sent');
CREATE TYPE messaging.template AS ENUM ('eligibility-confirmed', 'eligibility-inactive', 'eligibility-needs-you', 'eligibility-checking',
  'payment-stored', 'payment-needs-you', 'photo-rejected', 'visit-ready');

CREATE TABLE messaging.pins (
  tenant_id uuid NOT NULL,
  root_id uuid NOT NULL,
  flow text NOT NULL CHECK (length(flow) BETWEEN 1 AND 40),
  version integer NOT NULL CHECK (version >= 1),
  aggregate_id uuid NOT NULL,
  intake_id uuid,
  state messaging.pin_state NOT NULL DEFAULT 'open',
  pinned_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, root_id, flow)
);
${tenantTable('messaging', 'pins', { hub_api: 'SELECT, UPDATE (version, state, updated_at)', hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE messaging.effects (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  root_id uuid NOT NULL,
  flow text NOT NULL CHECK (length(flow) BETWEEN 1 AND 40),
  step text NOT NULL CHECK (length(step) BETWEEN 1 AND 80),
  generation integer NOT NULL DEFAULT 1 CHECK (generation BETWEEN 1 AND 1000),
  flow_version integer NOT NULL CHECK (flow_version >= 1),
  intake_id uuid,
  partner text CHECK (length(partner) BETWEEN 1 AND 40),
  operation text CHECK (length(operation) BETWEEN 1 AND 80),
  state messaging.effect_state NOT NULL,
  owner text CHECK (length(owner) BETWEEN 1 AND 80),
  fencing integer NOT NULL DEFAULT 0 CHECK (fencing >= 0),
  lease_until timestamptz,
  tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  uncertain boolean NOT NULL DEFAULT false,
  first_sent_at timestamptz,
  round_started_at timestamptz,
  not_before timestamptz,
  attempt_at timestamptz,
  ended_at timestamptz,
  input_document_id uuid,
  answer_document_id uuid,
  port messaging.port,
  manual boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 0 CHECK (version >= 0),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT effects_key UNIQUE (tenant_id, root_id, flow, step, generation),
  CHECK ((state IN ('succeeded', 'rejected', 'reconciled')) = (port IS NOT NULL)),
  CHECK ((port IS NOT NULL) = (answer_document_id IS NOT NULL)),
  CHECK (state <> 'started' OR lease_until IS NOT NULL OR fencing = 0),
  CHECK (state = 'started' OR lease_until IS NULL)
);
${tenantTable('messaging', 'effects', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE messaging.effect_attempts (
  tenant_id uuid NOT NULL,
  effect_id uuid NOT NULL,
  fencing integer NOT NULL CHECK (fencing >= 1),
  owner text NOT NULL CHECK (length(owner) BETWEEN 1 AND 80),
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome messaging.effect_state,
  cause messaging.hold_cause,
  late_at timestamptz,
  late_document_id uuid,
  PRIMARY KEY (tenant_id, effect_id, fencing),
  FOREIGN KEY (tenant_id, effect_id) REFERENCES messaging.effects (tenant_id, id)
);
${tenantTable('messaging', 'effect_attempts', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE messaging.overrides (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  root_id uuid NOT NULL,
  flow text NOT NULL CHECK (length(flow) BETWEEN 1 AND 40),
  flow_version integer NOT NULL CHECK (flow_version >= 1),
  step text NOT NULL CHECK (length(step) BETWEEN 1 AND 80),
  effect_id uuid,
  intake_id uuid,
  partner text CHECK (length(partner) BETWEEN 1 AND 40),
  operation text CHECK (length(operation) BETWEEN 1 AND 80),
  cause messaging.hold_cause NOT NULL,
  owner messaging.hold_owner NOT NULL,
  staff_text text NOT NULL CHECK (length(staff_text) BETWEEN 1 AND 500),
  attempts integer NOT NULL CHECK (attempts >= 0),
  input_document_id uuid,
  envelope jsonb NOT NULL CHECK (octet_length(envelope::text) <= 65536),
  status messaging.override_status NOT NULL DEFAULT 'open',
  opened_at timestamptz NOT NULL,
  resolution messaging.resolution,
  reason messaging.resolve_reason,
  note_document_id uuid,
  resolved_by text CHECK (length(resolved_by) BETWEEN 1 AND 80),
  resolved_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, effect_id) REFERENCES messaging.effects (tenant_id, id),
  CHECK ((status = 'resolved') = (resolution IS NOT NULL AND resolved_by IS NOT NULL AND resolved_at IS NOT NULL AND reason IS NOT NULL
    AND note_document_id IS NOT NULL))
);
CREATE UNIQUE INDEX overrides_one_open ON messaging.overrides (tenant_id, root_id, flow, step) WHERE status = 'open';
CREATE INDEX overrides_open ON messaging.overrides (tenant_id, opened_at, id) WHERE status = 'open';
CREATE INDEX overrides_resolved ON messaging.overrides (tenant_id, resolved_at, id) WHERE status = 'resolved';
${tenantTable('messaging', 'overrides', { hub_api: 'SELECT, UPDATE (status, resolution, reason, note_document_id, resolved_by, resolved_at)', hub_engine: 'SELECT, INSERT' })};

CREATE TABLE messaging.notifications (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  template messaging.template NOT NULL,
  about_id uuid NOT NULL,
  status messaging.notification_status NOT NULL DEFAULT 'written',
  written_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT notifications_once UNIQUE (tenant_id, intake_id, template, about_id)
);
${tenantTable('messaging', 'notifications', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT' })}`,
  )
}
