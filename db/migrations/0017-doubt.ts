import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, tenantTable } from './kit.ts'

/**
 * Answers that are not believed yet, or were about data that were corrected since; when each request is asked again and why, members whose answer is known, and what is known of
 * each payer: its settings at a clinic, and how it usually answers there.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'billing',
    `
CREATE TYPE billing.recheck_reason AS ENUM ('suspicious', 'ageing', 'payer-doubted', 'asked');
CREATE TYPE billing.canary_kind AS ENUM ('active', 'inactive');

ALTER TABLE billing.eligibility_answers
  ADD suspicions text[] NOT NULL DEFAULT '{}' CHECK (cardinality(suspicions) <= 20),
  ADD outdated boolean NOT NULL DEFAULT false;
GRANT UPDATE (outdated) ON billing.eligibility_answers TO hub_engine;

ALTER TABLE billing.eligibility_requests
  ADD recheck_at timestamptz,
  ADD recheck_why billing.recheck_reason,
  ADD asked_again_at timestamptz,
  ADD corrected_at timestamptz,
  ADD payer_version integer NOT NULL DEFAULT 0 CHECK (payer_version >= 0),
  ADD doubts integer NOT NULL DEFAULT 0 CHECK (doubts >= 0),
  ADD told_verdict billing.verdict,
  ADD CHECK ((recheck_at IS NULL) = (recheck_why IS NULL));
CREATE INDEX eligibility_requests_recheck ON billing.eligibility_requests (tenant_id, payer_id, recheck_at) WHERE recheck_at IS NOT NULL;
CREATE INDEX eligibility_requests_due ON billing.eligibility_requests (recheck_at, tenant_id) WHERE recheck_at IS NOT NULL;
CREATE INDEX eligibility_requests_asked_again ON billing.eligibility_requests (tenant_id, asked_again_at) WHERE asked_again_at IS NOT NULL;
CREATE POLICY across_rows ON billing.eligibility_requests FOR ALL TO ${acrossRole} USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, recheck_at) ON billing.eligibility_requests TO ${acrossRole};

CREATE TABLE billing.canaries (
  tenant_id uuid NOT NULL,
  payer_id text NOT NULL CHECK (length(payer_id) BETWEEN 2 AND 40),
  known billing.canary_kind NOT NULL,
  due_at timestamptz,
  request_id uuid,
  rounds integer NOT NULL DEFAULT 0 CHECK (rounds >= 0),
  asked_at timestamptz,
  answered_at timestamptz,
  verdict billing.verdict,
  PRIMARY KEY (tenant_id, payer_id, known),
  CHECK ((asked_at IS NULL) = (request_id IS NULL)),
  CHECK ((answered_at IS NULL) = (verdict IS NULL))
);
CREATE INDEX canaries_due ON billing.canaries (due_at, tenant_id) WHERE due_at IS NOT NULL;
${tenantTable('billing', 'canaries', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' }, 'SELECT (tenant_id, due_at)')}`,
  )
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.payers
  ADD answer_ages jsonb NOT NULL DEFAULT '{}' CHECK (octet_length(answer_ages::text) <= 1024),
  ADD canaries jsonb NOT NULL DEFAULT '[]' CHECK (octet_length(canaries::text) <= 4096),
  ADD canary_every_minutes integer CHECK (canary_every_minutes BETWEEN 5 AND 10080);

CREATE TABLE catalog.payer_settings (
  tenant_id uuid NOT NULL,
  payer_id text NOT NULL CHECK (length(payer_id) BETWEEN 2 AND 40),
  settings jsonb NOT NULL CHECK (octet_length(settings::text) <= 32768),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  changed_by text NOT NULL CHECK (length(changed_by) BETWEEN 1 AND 80),
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, payer_id)
);
${tenantTable('catalog', 'payer_settings', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT' })};

CREATE TABLE catalog.payer_health (
  tenant_id uuid NOT NULL,
  payer_id text NOT NULL CHECK (length(payer_id) BETWEEN 2 AND 40),
  health jsonb CHECK (octet_length(health::text) <= 131072),
  last_seen_at timestamptz,
  last_believed_at timestamptz,
  doubted_since timestamptz,
  suspicions text[] NOT NULL DEFAULT '{}' CHECK (cardinality(suspicions) <= 20),
  answers bigint NOT NULL DEFAULT 0 CHECK (answers >= 0),
  PRIMARY KEY (tenant_id, payer_id)
);
${tenantTable('catalog', 'payer_health', { hub_engine: 'SELECT, INSERT, UPDATE' })};
GRANT SELECT (tenant_id, payer_id, last_seen_at, last_believed_at, doubted_since, suspicions, answers) ON catalog.payer_health TO hub_api`,
  )
  await acrossFunction(knex, 'billing', {
    signature: 'billing.tenants_to_ask(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT d.tenant_id FROM (
      SELECT r.tenant_id FROM billing.eligibility_requests r WHERE r.recheck_at <= p_now
      UNION SELECT c.tenant_id FROM billing.canaries c WHERE c.due_at <= p_now) d
    JOIN identity.tenants t ON t.tenant_id = d.tenant_id AND t.status = 'active' LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}
