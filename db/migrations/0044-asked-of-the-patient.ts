import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, tenantTable } from './kit.ts'

/**
 * What only the patient can do: confirm a charge at their bank, and leave another card or account. And what must not be forgotten meanwhile: a
 * charge that waits for them is looked at, and money that a bank goes on holding is told to somebody.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.incident_kind ADD VALUE 'hold-not-given-back';
ALTER TYPE messaging.incident_about ADD VALUE 'payment'`,
  )
  await asOwner(knex, 'billing', tables)
  await knex.raw(`SET LOCAL ROLE ${acrossRole}; DROP FUNCTION billing.tenants_with_dues(timestamptz); RESET ROLE`)
  await acrossFunction(knex, 'billing', {
    signature: 'billing.tenants_with_dues(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT d.tenant_id FROM (
      SELECT c.tenant_id FROM billing.charges c WHERE c.due_at <= p_now
      UNION SELECT w.tenant_id FROM billing.charges w WHERE w.check_at <= p_now
      UNION SELECT p.tenant_id FROM billing.payments p WHERE p.check_at <= p_now
      UNION SELECT i.tenant_id FROM billing.instalments i WHERE i.open AND i.due_at <= p_now) d
    JOIN identity.tenants t ON t.tenant_id = d.tenant_id AND t.status = 'active' LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, n.flow, 1, 100, a.activated_at FROM catalog.flow_activations a CROSS JOIN (VALUES ('charge-confirm'), ('charge-check')) AS n(flow)
WHERE a.flow = 'charge' AND a.version = 1 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}

const tables = `
ALTER TABLE billing.charges
  ADD with_patient boolean NOT NULL DEFAULT false,
  ADD page_document_id uuid,
  ADD check_at timestamptz,
  ADD checks integer NOT NULL DEFAULT 0 CHECK (checks >= 0),
  ADD giving_up boolean NOT NULL DEFAULT false,
  ADD CHECK (check_at IS NULL OR status = 'needs-you');
CREATE INDEX charges_to_check ON billing.charges (tenant_id, check_at) WHERE check_at IS NOT NULL;
GRANT SELECT (check_at) ON billing.charges TO ${acrossRole};

ALTER TABLE billing.payments
  ADD standing text NOT NULL DEFAULT 'current' CHECK (standing IN ('current', 'offered', 'past')),
  DROP CONSTRAINT payments_once;
CREATE UNIQUE INDEX payments_one_current ON billing.payments (tenant_id, intake_id) WHERE standing = 'current';
CREATE UNIQUE INDEX payments_one_offered ON billing.payments (tenant_id, intake_id) WHERE standing = 'offered';
CREATE INDEX payments_intake ON billing.payments (tenant_id, intake_id);
GRANT SELECT (standing, customer_id, payment_method_id), INSERT (tenant_id, id, intake_id, patient_id, currency, standing, version, created_at, updated_at),
  UPDATE (standing, updated_at) ON billing.payments TO hub_api;

CREATE TABLE billing.method_requests (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  requested_by text NOT NULL CHECK (length(requested_by) BETWEEN 1 AND 80),
  requested_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_how text CHECK (ended_how IN ('stored', 'withdrawn')),
  PRIMARY KEY (tenant_id, id),
  CHECK ((ended_at IS NULL) = (ended_how IS NULL))
);
CREATE UNIQUE INDEX method_requests_one_open ON billing.method_requests (tenant_id, intake_id) WHERE ended_at IS NULL;
${tenantTable('billing', 'method_requests', { hub_api: 'SELECT, INSERT, UPDATE (ended_at, ended_how)', hub_engine: 'SELECT, UPDATE (ended_at, ended_how)' })}`
