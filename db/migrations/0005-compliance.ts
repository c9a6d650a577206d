import type { Knex } from 'knex'
import { asOwner, contextFunction, tenantTable } from './kit.ts'

/** `audit_logs` only grows: no role has UPDATE or DELETE, and a trigger refuses its owner too. The sealer reads behind `xid`. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'compliance',
    `
CREATE TYPE compliance.audit_outcome AS ENUM ('ok', 'denied', 'error');
CREATE TYPE compliance.consent_kind AS ENUM ('treatment', 'privacy-notice', 'card-authorisation', 'electronic-signature');

CREATE TABLE compliance.audit_logs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  at timestamptz NOT NULL,
  actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 80),
  action text NOT NULL CHECK (length(action) BETWEEN 1 AND 60),
  resource text NOT NULL CHECK (length(resource) BETWEEN 1 AND 200),
  purpose text CHECK (length(purpose) BETWEEN 1 AND 60),
  outcome compliance.audit_outcome NOT NULL,
  correlation_id text CHECK (length(correlation_id) BETWEEN 1 AND 80),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_logs_at ON compliance.audit_logs (tenant_id, at);
${tenantTable('compliance', 'audit_logs', {})};
CREATE FUNCTION compliance.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  RAISE EXCEPTION 'compliance.audit_logs only grows' USING ERRCODE = 'insufficient_privilege';
END
$body$;
REVOKE ALL ON FUNCTION compliance.refuse_change() FROM PUBLIC;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON compliance.audit_logs FOR EACH STATEMENT EXECUTE FUNCTION compliance.refuse_change();

CREATE TABLE compliance.consent_texts (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind compliance.consent_kind NOT NULL,
  language text NOT NULL CHECK (language ~ '^[a-z]{2}$'),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
  body text NOT NULL CHECK (length(body) BETWEEN 1 AND 8000),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  in_force_from timestamptz NOT NULL,
  in_force_until timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX consent_texts_language ON compliance.consent_texts (tenant_id, language);
${tenantTable('compliance', 'consent_texts', { hub_api: 'SELECT', hub_engine: 'SELECT' })};

CREATE TABLE compliance.consents (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  text_id uuid NOT NULL,
  text_sha256 text NOT NULL CHECK (text_sha256 ~ '^[0-9a-f]{64}$'),
  signature_document_id uuid NOT NULL,
  signed_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT consents_once UNIQUE (tenant_id, intake_id, text_id),
  FOREIGN KEY (tenant_id, text_id) REFERENCES compliance.consent_texts (tenant_id, id)
);
${tenantTable('compliance', 'consents', { hub_engine: 'SELECT, INSERT' })}`,
  )
  await contextFunction(knex, 'compliance', {
    signature: 'compliance.audit(p_at timestamptz, p_actor text, p_action text, p_resource text, p_purpose text, p_outcome text, p_correlation_id text)',
    returns: 'void',
    body: `BEGIN
  INSERT INTO compliance.audit_logs (tenant_id, at, actor, action, resource, purpose, outcome, correlation_id)
  VALUES (NULLIF(current_setting('app.tenant_id', true), '')::uuid, p_at, p_actor, p_action, p_resource, p_purpose,
    p_outcome::compliance.audit_outcome, p_correlation_id);
END`,
    callers: ['hub_api', 'hub_engine', 'ctx_identity'],
  })
  await asOwner(knex, 'compliance', 'GRANT USAGE ON SCHEMA compliance TO ctx_identity')
}
