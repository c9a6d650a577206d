import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, tenantTable } from './kit.ts'

/** Payment plans, agreed by the patient; what is due of them and of charges that are tried again; and the flows that move money, for whoever keeps cards. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'billing', plans)
  await acrossFunction(knex, 'billing', {
    signature: 'billing.tenants_with_dues(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT c.tenant_id FROM billing.charges c WHERE c.due_at <= p_now
    UNION SELECT p.tenant_id FROM billing.payments p WHERE p.check_at <= p_now
    UNION SELECT i.tenant_id FROM billing.instalments i WHERE i.open AND i.due_at <= p_now
    LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, n.flow, n.version, 100, a.activated_at FROM catalog.flow_activations a CROSS JOIN (VALUES
  ('payment', 2), ('payment-fact', 1), ('payment-check', 1), ('charge', 1), ('refund', 1)
) AS n(flow, version)
WHERE a.flow = 'payment' AND a.version = 1 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}

const plans = `
CREATE TYPE billing.plan_status AS ENUM ('proposed', 'agreed', 'ended');
CREATE TABLE billing.plans (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  replaces_id uuid,
  total_minor integer NOT NULL CHECK (total_minor BETWEEN 1 AND 99999999),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  status billing.plan_status NOT NULL,
  terms_sha256 text CHECK (terms_sha256 ~ '^[0-9a-f]{64}$'),
  language text CHECK (language IN ('en', 'es')),
  proposed_by text NOT NULL CHECK (length(proposed_by) BETWEEN 1 AND 80),
  agreed_by text CHECK (length(agreed_by) BETWEEN 1 AND 80),
  proposed_at timestamptz NOT NULL,
  agreed_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK (status = 'proposed' OR status = 'ended' OR (agreed_at IS NOT NULL AND terms_sha256 IS NOT NULL AND agreed_by IS NOT NULL AND language IS NOT NULL))
);
CREATE UNIQUE INDEX plans_one_proposed ON billing.plans (tenant_id, intake_id) WHERE status = 'proposed';
CREATE UNIQUE INDEX plans_one_agreed ON billing.plans (tenant_id, intake_id) WHERE status = 'agreed';
CREATE INDEX plans_intake ON billing.plans (tenant_id, intake_id);
${tenantTable('billing', 'plans', { hub_api: 'SELECT, INSERT, UPDATE (status, terms_sha256, language, agreed_by, agreed_at, ended_at)', hub_engine: 'SELECT' })};
CREATE TABLE billing.instalments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  plan_id uuid NOT NULL,
  number integer NOT NULL CHECK (number BETWEEN 1 AND 24),
  due_on date NOT NULL,
  due_at timestamptz NOT NULL,
  amount_minor integer NOT NULL CHECK (amount_minor BETWEEN 1 AND 99999999),
  open boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT instalments_number UNIQUE (tenant_id, plan_id, number),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES billing.plans (tenant_id, id)
);
CREATE INDEX instalments_due ON billing.instalments (tenant_id, due_at) WHERE open;
${tenantTable('billing', 'instalments', { hub_api: 'SELECT, INSERT, UPDATE (open)', hub_engine: 'SELECT, UPDATE (open)' }, 'SELECT (tenant_id, due_at, open)')};
ALTER TABLE billing.charges ADD FOREIGN KEY (tenant_id, instalment_id) REFERENCES billing.instalments (tenant_id, id);
CREATE INDEX charges_instalment ON billing.charges (tenant_id, instalment_id) WHERE instalment_id IS NOT NULL;
CREATE POLICY across_rows ON billing.payments FOR ALL TO ${acrossRole} USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, check_at) ON billing.payments TO ${acrossRole}`
