import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

/** `payers` and `flow_releases` are the same for every tenant (listed in db/lists.ts); who runs which release is not. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'catalog',
    `
CREATE TABLE catalog.payers (
  id text PRIMARY KEY CHECK (length(id) BETWEEN 2 AND 40),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  time_zone text NOT NULL CHECK (length(time_zone) BETWEEN 1 AND 40)
);
GRANT SELECT ON catalog.payers TO hub_api, hub_engine;
CREATE TABLE catalog.flow_releases (
  flow text NOT NULL CHECK (length(flow) BETWEEN 1 AND 40),
  version integer NOT NULL CHECK (version >= 1),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  release jsonb NOT NULL CHECK (octet_length(release::text) <= 1048576),
  registered_at timestamptz NOT NULL,
  PRIMARY KEY (flow, version)
);
GRANT SELECT ON catalog.flow_releases TO hub_api;
GRANT SELECT, INSERT ON catalog.flow_releases TO hub_engine;
CREATE TABLE catalog.flow_activations (
  tenant_id uuid NOT NULL,
  flow text NOT NULL CHECK (length(flow) BETWEEN 1 AND 40),
  version integer NOT NULL CHECK (version >= 1),
  percent integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
  activated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, flow, version)
);
${tenantTable('catalog', 'flow_activations', { hub_api: 'SELECT', hub_engine: 'SELECT' })}`,
  )
  await asOwner(
    knex,
    'reporting',
    `
CREATE TYPE reporting.intake_state AS ENUM ('created', 'opened', 'submitted');
CREATE TYPE reporting.eligibility_state AS ENUM ('checking', 'provisional', 'confirmed', 'inactive', 'needs-you', 'with-our-team', 'corrected');
CREATE TYPE reporting.payment_state AS ENUM ('requested', 'stored', 'needs-you', 'declined', 'with-our-team');
CREATE TYPE reporting.writeback_state AS ENUM ('none', 'written', 'refused', 'with-our-team');
CREATE TYPE reporting.photo_state AS ENUM ('waiting', 'clean', 'rejected');
CREATE TYPE reporting.hold_state AS ENUM ('open', 'resolved', 'dropped');

CREATE TABLE reporting.journeys (
  tenant_id uuid NOT NULL,
  intake_id uuid NOT NULL,
  visit_id uuid,
  starts_at timestamptz,
  practitioner text CHECK (length(practitioner) BETWEEN 1 AND 80),
  intake reporting.intake_state NOT NULL DEFAULT 'created',
  eligibility reporting.eligibility_state,
  eligibility_version integer NOT NULL DEFAULT 0,
  payment reporting.payment_state,
  payment_version integer NOT NULL DEFAULT 0,
  writeback reporting.writeback_state NOT NULL DEFAULT 'none',
  writeback_version integer NOT NULL DEFAULT 0,
  submitted_at timestamptz,
  first_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, intake_id)
);
CREATE INDEX journeys_newest ON reporting.journeys (tenant_id, first_at DESC, intake_id DESC);
${tenantTable('reporting', 'journeys', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE reporting.journey_steps (
  tenant_id uuid NOT NULL,
  event_id uuid NOT NULL,
  intake_id uuid NOT NULL,
  at timestamptz NOT NULL,
  step text NOT NULL CHECK (length(step) BETWEEN 1 AND 130),
  process text NOT NULL CHECK (length(process) BETWEEN 1 AND 40),
  outcome text CHECK (length(outcome) BETWEEN 1 AND 60),
  duration_ms integer CHECK (duration_ms >= 0),
  recorded_order bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (tenant_id, event_id)
);
CREATE INDEX journey_steps_intake ON reporting.journey_steps (tenant_id, intake_id, at);
${tenantTable('reporting', 'journey_steps', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT' })};

CREATE TABLE reporting.journey_photos (
  tenant_id uuid NOT NULL,
  intake_id uuid NOT NULL,
  upload_id uuid NOT NULL,
  state reporting.photo_state NOT NULL,
  submitted boolean NOT NULL,
  PRIMARY KEY (tenant_id, intake_id, upload_id)
);
${tenantTable('reporting', 'journey_photos', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE reporting.journey_holds (
  tenant_id uuid NOT NULL,
  intake_id uuid NOT NULL,
  override_id uuid NOT NULL,
  flow text NOT NULL CHECK (length(flow) BETWEEN 1 AND 40),
  state reporting.hold_state NOT NULL,
  PRIMARY KEY (tenant_id, intake_id, override_id)
);
${tenantTable('reporting', 'journey_holds', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })}`,
  )
}
