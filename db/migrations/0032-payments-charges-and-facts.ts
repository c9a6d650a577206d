import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, tenantTable } from './kit.ts'

/**
 * Methods that a patient confirms, facts from the payment partner, charges and refunds; and the door at which partners call us. The API
 * takes those calls, and sees of a connection's secrets only what proves a call: sealed apart, in a column of its own.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
ALTER TYPE identity.document_kind ADD VALUE 'payment-action';
ALTER TABLE identity.connections
  ADD hook_key text CHECK (hook_key ~ '^[A-Za-z0-9_-]{32,64}$'),
  ADD hook_sealed bytea CHECK (length(hook_sealed) <= 32768);
CREATE UNIQUE INDEX connections_hook ON identity.connections (hook_key) WHERE hook_key IS NOT NULL;
GRANT SELECT (hook_key, hook_sealed) ON identity.connections TO hub_api;
GRANT SELECT (hook_key) ON identity.connections TO ${acrossRole}`,
  )
  await acrossFunction(knex, 'identity', {
    signature: 'identity.find_hook(p_adapter_id text, p_hook_key text)',
    returns: 'TABLE (tenant_id uuid, region text)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT t.tenant_id, t.region FROM identity.connections c JOIN identity.tenants t ON t.tenant_id = c.tenant_id AND t.status = 'active'
    WHERE c.hook_key = p_hook_key AND c.adapter_id = p_adapter_id;
END`,
    callers: ['hub_api'],
  })
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.incident_kind ADD VALUE 'refund-failed';
ALTER TYPE messaging.incident_about ADD VALUE 'refund';
GRANT SELECT (tenant_id, receiver, sha256, copies), INSERT, UPDATE (copies) ON messaging.received_files TO hub_api;
GRANT INSERT ON messaging.received_file_parts TO hub_api`,
  )
  await asOwner(knex, 'billing', tables)
}

const partnerId = (column: string): string => `${column} text CHECK (length(${column}) BETWEEN 1 AND 80)`
const tables = `
CREATE TYPE billing.charge_status AS ENUM ('scheduled', 'requested', 'processing', 'needs-you', 'declined', 'canceled', 'succeeded');
CREATE TYPE billing.refund_status AS ENUM ('requested', 'pending', 'requires-action', 'succeeded', 'refused', 'canceled', 'failed');
ALTER TABLE billing.payments
  ADD intent_kind text CHECK (intent_kind IN ('setup', 'payment')),
  ADD ${partnerId('intent_id')},
  ADD ${partnerId('customer_id')},
  ADD ${partnerId('payment_method_id')},
  ADD method text CHECK (method IN ('card', 'us-bank-account', 'other')),
  ADD action_document_id uuid,
  ADD held_until timestamptz,
  ADD fact_at timestamptz,
  ADD check_at timestamptz,
  ADD checks integer NOT NULL DEFAULT 0 CHECK (checks >= 0);
CREATE INDEX payments_intent ON billing.payments (tenant_id, intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX payments_to_check ON billing.payments (tenant_id, check_at) WHERE check_at IS NOT NULL;
GRANT SELECT (tenant_id, id, intake_id, patient_id, status, currency, method, action_document_id, held_until, code, version) ON billing.payments TO hub_api;
GRANT SELECT (tenant_id, payment_id, patient_id, customer_id, payment_method_id) ON billing.payment_methods TO hub_api;
GRANT SELECT (tenant_id, id, intake_id, current_answer_id) ON billing.eligibility_requests TO hub_api;
GRANT SELECT (tenant_id, id, copay_cents) ON billing.eligibility_answers TO hub_api;

CREATE TABLE billing.charges (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  series_id uuid NOT NULL,
  attempt integer NOT NULL CHECK (attempt BETWEEN 1 AND 20),
  intake_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('copay', 'instalment')),
  instalment_id uuid,
  amount_minor integer NOT NULL CHECK (amount_minor BETWEEN 1 AND 99999999),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  ${partnerId('customer_id')} NOT NULL,
  ${partnerId('payment_method_id')} NOT NULL,
  status billing.charge_status NOT NULL,
  next text CHECK (next IN ('patient-confirms', 'later', 'new-method', 'stop')),
  code text CHECK (length(code) BETWEEN 1 AND 60),
  ${partnerId('payment_intent_id')},
  due_at timestamptz,
  first_at timestamptz NOT NULL,
  fact_at timestamptz,
  requested_by text NOT NULL CHECK (length(requested_by) BETWEEN 1 AND 80),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT charges_attempt UNIQUE (tenant_id, series_id, attempt),
  CHECK ((purpose = 'instalment') = (instalment_id IS NOT NULL)),
  CHECK ((status = 'scheduled') = (due_at IS NOT NULL))
);
CREATE UNIQUE INDEX charges_one_copay ON billing.charges (tenant_id, intake_id) WHERE purpose = 'copay' AND status NOT IN ('declined', 'canceled');
CREATE UNIQUE INDEX charges_one_instalment ON billing.charges (tenant_id, instalment_id) WHERE status NOT IN ('declined', 'canceled');
CREATE INDEX charges_intake ON billing.charges (tenant_id, intake_id);
CREATE INDEX charges_intent ON billing.charges (tenant_id, payment_intent_id) WHERE payment_intent_id IS NOT NULL;
CREATE INDEX charges_due ON billing.charges (tenant_id, due_at) WHERE due_at IS NOT NULL;
${tenantTable('billing', 'charges', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT, INSERT, UPDATE' }, 'SELECT (tenant_id, due_at)')};

CREATE TABLE billing.refunds (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  charge_id uuid NOT NULL,
  intake_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  amount_minor integer NOT NULL CHECK (amount_minor BETWEEN 1 AND 99999999),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  reason text NOT NULL CHECK (reason IN ('charged-too-much', 'visit-cancelled', 'charged-twice', 'insurer-paid', 'other', 'at-the-partner')),
  status billing.refund_status NOT NULL,
  code text CHECK (length(code) BETWEEN 1 AND 60),
  ${partnerId('partner_refund_id')},
  fact_at timestamptz,
  seen_at timestamptz,
  requested_by text NOT NULL CHECK (length(requested_by) BETWEEN 1 AND 80),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, charge_id) REFERENCES billing.charges (tenant_id, id)
);
CREATE INDEX refunds_charge ON billing.refunds (tenant_id, charge_id);
CREATE UNIQUE INDEX refunds_partner ON billing.refunds (tenant_id, partner_refund_id) WHERE partner_refund_id IS NOT NULL;
${tenantTable('billing', 'refunds', { hub_api: 'SELECT, INSERT, UPDATE', hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE billing.payment_facts (
  tenant_id uuid NOT NULL,
  event_id text NOT NULL CHECK (length(event_id) BETWEEN 1 AND 80),
  type text NOT NULL CHECK (length(type) BETWEEN 1 AND 80),
  about text CHECK (about IN ('payment', 'charge', 'refund')),
  about_id uuid,
  changed boolean NOT NULL,
  said_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, event_id)
);
${tenantTable('billing', 'payment_facts', { hub_engine: 'SELECT, INSERT' })}`
