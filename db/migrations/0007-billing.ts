import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

/** Codes and amounts; money in integer cents (a numeric key could not use an index under RLS). */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'billing',
    `
CREATE TYPE billing.coverage_status AS ENUM ('draft', 'active', 'cancelled');
CREATE TYPE billing.request_status AS ENUM ('requested', 'answered');
CREATE TYPE billing.verdict AS ENUM ('active', 'inactive', 'mixed', 'rejected', 'unknown');
CREATE TYPE billing.payment_status AS ENUM ('requested', 'stored', 'needs-you', 'declined');

CREATE TABLE billing.coverages (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  payer_id text NOT NULL CHECK (length(payer_id) BETWEEN 2 AND 40),
  status billing.coverage_status NOT NULL DEFAULT 'draft',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
${tenantTable('billing', 'coverages', { hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE billing.eligibility_requests (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  coverage_id uuid NOT NULL,
  intake_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  payer_id text NOT NULL CHECK (length(payer_id) BETWEEN 2 AND 40),
  payer_name text NOT NULL CHECK (length(payer_name) BETWEEN 1 AND 60),
  service_date date NOT NULL,
  status billing.request_status NOT NULL DEFAULT 'requested',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at timestamptz NOT NULL,
  answered_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT eligibility_requests_once UNIQUE (tenant_id, intake_id),
  FOREIGN KEY (tenant_id, coverage_id) REFERENCES billing.coverages (tenant_id, id),
  CHECK ((status = 'answered') = (answered_at IS NOT NULL))
);
${tenantTable('billing', 'eligibility_requests', { hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE billing.eligibility_answers (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  request_id uuid NOT NULL,
  verdict billing.verdict NOT NULL,
  rule text NOT NULL CHECK (length(rule) BETWEEN 1 AND 60),
  reason_codes text[] NOT NULL CHECK (cardinality(reason_codes) <= 20),
  copay_cents integer CHECK (copay_cents >= 0),
  manual boolean NOT NULL,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, request_id) REFERENCES billing.eligibility_requests (tenant_id, id)
);
CREATE INDEX eligibility_answers_request ON billing.eligibility_answers (tenant_id, request_id);
${tenantTable('billing', 'eligibility_answers', { hub_engine: 'SELECT, INSERT' })};

CREATE TABLE billing.payments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  status billing.payment_status NOT NULL DEFAULT 'requested',
  amount_cents integer NOT NULL DEFAULT 0 CHECK (amount_cents >= 0),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  setup_intent_id text CHECK (length(setup_intent_id) BETWEEN 1 AND 80),
  code text CHECK (length(code) BETWEEN 1 AND 60),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT payments_once UNIQUE (tenant_id, intake_id)
);
${tenantTable('billing', 'payments', { hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE billing.payment_methods (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  payment_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  customer_id text NOT NULL CHECK (length(customer_id) BETWEEN 1 AND 80),
  payment_method_id text NOT NULL CHECK (length(payment_method_id) BETWEEN 1 AND 80),
  stored_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT payment_methods_once UNIQUE (tenant_id, payment_id),
  FOREIGN KEY (tenant_id, payment_id) REFERENCES billing.payments (tenant_id, id)
);
${tenantTable('billing', 'payment_methods', { hub_engine: 'SELECT, INSERT' })}`,
  )
}
