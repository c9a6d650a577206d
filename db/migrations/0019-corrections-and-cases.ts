import type { Knex } from 'knex'
import { asOwner, contextFunction, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * Putting details right after the form was sent, and answers that need a person. What was there before a correction is kept, sealed as it
 * was: what a payer was asked with can always be told.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
CREATE TYPE identity.correction_asker AS ENUM ('payer-answer', 'staff');
CREATE TYPE identity.corrector AS ENUM ('patient', 'staff');

CREATE TABLE identity.correction_offers (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  intake_id uuid NOT NULL,
  fields text[] NOT NULL CHECK (cardinality(fields) <= 6),
  asked_by identity.correction_asker,
  asked_at timestamptz,
  answer_version integer NOT NULL DEFAULT 0 CHECK (answer_version >= 0),
  PRIMARY KEY (tenant_id, intake_id),
  FOREIGN KEY (tenant_id, intake_id) REFERENCES identity.intake_sessions (tenant_id, id),
  CHECK (cardinality(fields) = 0 OR (asked_by IS NOT NULL AND asked_at IS NOT NULL))
);
${tenantTable('identity', 'correction_offers', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE identity.corrections (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  corrected_by identity.corrector NOT NULL,
  actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 80),
  fields text[] NOT NULL CHECK (cardinality(fields) BETWEEN 1 AND 6),
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 100),
  body_mac bytea NOT NULL CHECK (length(body_mac) = 32),
  former_key_version integer NOT NULL CHECK (former_key_version >= 1),
  former_sealed bytea NOT NULL CHECK (length(former_sealed) BETWEEN 33 AND 65536),
  corrected_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT corrections_once UNIQUE (tenant_id, intake_id, idempotency_key),
  FOREIGN KEY (tenant_id, intake_id) REFERENCES identity.intake_sessions (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id) REFERENCES identity.patients (tenant_id, id)
);
${tenantTable('identity', 'corrections', {})}`,
  )
  await contextFunction(knex, 'identity', {
    signature: 'identity.lock_answers(p_intake_id uuid, p_fields text[], p_key text, p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'TABLE (patient_id uuid, visit_id uuid, sealed bytea, body_mac bytea, by_patient integer, by_staff integer)',
    // The lock makes two corrections of one moment two corrections, one after the other, and two equal ones one and a replay.
    body: `DECLARE session identity.intake_sessions%ROWTYPE;
BEGIN
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id FOR UPDATE;
  IF NOT FOUND OR session.status <> 'submitted' THEN RETURN; END IF;
  PERFORM compliance.audit(p_at, p_actor, 'phi.read', left('patient:' || session.patient_id || ' fields:' || array_to_string(p_fields, ','), 200), p_purpose, 'ok', NULL);
  RETURN QUERY SELECT session.patient_id, session.visit_id, p.sealed,
      (SELECT c.body_mac FROM identity.corrections c WHERE c.tenant_id = ${here} AND c.intake_id = p_intake_id AND c.idempotency_key = p_key),
      (SELECT count(*)::integer FROM identity.corrections c WHERE c.tenant_id = ${here} AND c.intake_id = p_intake_id AND c.corrected_by = 'patient'),
      (SELECT count(*)::integer FROM identity.corrections c WHERE c.tenant_id = ${here} AND c.intake_id = p_intake_id AND c.corrected_by = 'staff')
    FROM identity.patient_phi p WHERE p.tenant_id = ${here} AND p.patient_id = session.patient_id AND p.part = 'answers';
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature:
      'identity.correct_answers(p_intake_id uuid, p_id uuid, p_by text, p_fields text[], p_key text, p_body_mac bytea, p_key_version integer, p_sealed bytea, p_actor text, p_correlation_id text, p_at timestamptz)',
    returns: 'integer',
    body: `DECLARE session identity.intake_sessions%ROWTYPE;
BEGIN
  SELECT * INTO STRICT session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.status = 'submitted' FOR UPDATE;
  INSERT INTO identity.corrections (tenant_id, id, intake_id, patient_id, corrected_by, actor, fields, idempotency_key, body_mac, former_key_version, former_sealed,
    corrected_at)
  SELECT ${here}, p_id, p_intake_id, session.patient_id, p_by::identity.corrector, p_actor, p_fields, p_key, p_body_mac, p.key_version, p.sealed, p_at
  FROM identity.patient_phi p WHERE p.tenant_id = ${here} AND p.patient_id = session.patient_id AND p.part = 'answers';
  UPDATE identity.patient_phi p SET key_version = p_key_version, sealed = p_sealed, updated_at = p_at
  WHERE p.tenant_id = ${here} AND p.patient_id = session.patient_id AND p.part = 'answers';
  IF NOT FOUND THEN RAISE EXCEPTION 'the answers are not there'; END IF;
  UPDATE identity.correction_offers o SET fields = '{}' WHERE o.tenant_id = ${here} AND o.intake_id = p_intake_id;
  UPDATE identity.intake_sessions s SET version = s.version + 1 WHERE s.tenant_id = ${here} AND s.id = p_intake_id;
  PERFORM compliance.audit(p_at, p_actor, 'intake.correct', left('intake:' || p_intake_id || ' fields:' || array_to_string(p_fields, ','), 200), 'treatment', 'ok',
    p_correlation_id);
  RETURN session.version + 1;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.next_intake_version(p_intake_id uuid)',
    returns: 'integer',
    body: `DECLARE found integer;
BEGIN
  UPDATE identity.intake_sessions s SET version = s.version + 1 WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.status = 'submitted'
    RETURNING s.version INTO found;
  RETURN found;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.lock_corrections(p_intake_id uuid)',
    returns: 'integer',
    // Everybody who asks for or makes a correction locks the intake first, and what hangs on it after that.
    body: `BEGIN
  PERFORM 1 FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.status = 'submitted' FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN (SELECT count(*)::integer FROM identity.corrections c WHERE c.tenant_id = ${here} AND c.intake_id = p_intake_id AND c.corrected_by = 'patient');
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await asOwner(
    knex,
    'messaging',
    `
CREATE TABLE messaging.case_marks (
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  intake_id uuid NOT NULL,
  answer_version integer NOT NULL CHECK (answer_version >= 1),
  corrections integer NOT NULL DEFAULT 0 CHECK (corrections >= 0),
  PRIMARY KEY (tenant_id, request_id)
);
CREATE INDEX case_marks_intake ON messaging.case_marks (tenant_id, intake_id);
${tenantTable('messaging', 'case_marks', { hub_engine: 'SELECT, INSERT, UPDATE' })};
CREATE UNIQUE INDEX overrides_one_case ON messaging.overrides (tenant_id, request_id) WHERE status = 'open' AND kind = 'case';
CREATE INDEX overrides_open_of_intake ON messaging.overrides (tenant_id, intake_id) WHERE status = 'open';
CREATE INDEX pins_under_way ON messaging.pins (tenant_id, intake_id) WHERE state IN ('open', 'retrying', 'held');
ALTER TABLE messaging.overrides ADD version integer NOT NULL DEFAULT 1 CHECK (version >= 1);
GRANT UPDATE (cause, reason_codes, version) ON messaging.overrides TO hub_engine`,
  )
  await asOwner(knex, 'billing', 'CREATE INDEX eligibility_requests_intake ON billing.eligibility_requests (tenant_id, intake_id)')
}
