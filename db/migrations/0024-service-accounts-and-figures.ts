import type { Knex } from 'knex'
import { acrossFunction, asOwner, tenantTable } from './kit.ts'

/** Programs that ask the API for a clinic, and what the live view's counts need to be cheap. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
CREATE TYPE identity.service_role AS ENUM ('live');
CREATE TABLE identity.service_accounts (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  role identity.service_role NOT NULL,
  token_sha256 text NOT NULL CHECK (token_sha256 ~ '^[0-9a-f]{64}$'),
  created_by text NOT NULL CHECK (length(created_by) BETWEEN 1 AND 80),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT service_accounts_token UNIQUE (token_sha256),
  CHECK (expires_at > created_at)
);
${tenantTable(
  'identity',
  'service_accounts',
  { hub_api: 'SELECT (tenant_id, id, name, role, created_by, created_at, expires_at, ended_at), INSERT, UPDATE (ended_at)' },
  'SELECT (tenant_id, id, role, token_sha256, expires_at, ended_at)',
)}`,
  )
  await acrossFunction(knex, 'identity', {
    signature: 'identity.find_service_account(p_token_sha256 text, p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid, region text, account_id uuid, role text)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT a.tenant_id, t.region, a.id, a.role::text
    FROM identity.service_accounts a JOIN identity.tenants t ON t.tenant_id = a.tenant_id AND t.status = 'active'
    WHERE a.token_sha256 = p_token_sha256 AND a.ended_at IS NULL AND a.expires_at > p_now;
END`,
    callers: ['hub_api'],
  })
  await asOwner(
    knex,
    'messaging',
    `
CREATE INDEX pins_unsettled ON messaging.pins (tenant_id, flow) WHERE state <> 'settled';
CREATE INDEX effect_attempts_recent ON messaging.effect_attempts (tenant_id, started_at)`,
  )
}
