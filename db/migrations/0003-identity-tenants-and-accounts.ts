import type { Knex } from 'knex'
import { asOwner, tenantTable } from './kit.ts'

export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
CREATE TYPE identity.tenant_status AS ENUM ('active', 'suspended');
CREATE TYPE identity.user_status AS ENUM ('active', 'disabled');
CREATE TYPE identity.role AS ENUM ('admin', 'front-desk', 'ops', 'analyst');
CREATE TYPE identity.key_status AS ENUM ('active', 'retired');

CREATE TABLE identity.tenants (
  tenant_id uuid PRIMARY KEY,
  slug text NOT NULL CHECK (slug ~ '^[a-z][a-z0-9-]{1,38}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  region text NOT NULL CHECK (length(region) BETWEEN 1 AND 20),
  time_zone text NOT NULL CHECK (length(time_zone) BETWEEN 1 AND 40),
  npi text NOT NULL CHECK (npi ~ '^[0-9]{10}$'),
  brand_colour text NOT NULL DEFAULT '#0f766e' CHECK (brand_colour ~ '^#[0-9a-f]{6}$'),
  contact_phone text NOT NULL CHECK (length(contact_phone) BETWEEN 5 AND 30),
  status identity.tenant_status NOT NULL DEFAULT 'active',
  created_at timestamptz NOT NULL,
  CONSTRAINT tenants_slug UNIQUE (slug)
);
${tenantTable('identity', 'tenants', { hub_api: 'SELECT', hub_engine: 'SELECT' }, 'SELECT (tenant_id, slug, region, status)')};

CREATE TABLE identity.keys (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  version integer NOT NULL CHECK (version >= 1),
  kek_id text NOT NULL CHECK (length(kek_id) BETWEEN 1 AND 80),
  wrapped bytea NOT NULL CHECK (length(wrapped) BETWEEN 32 AND 4096),
  status identity.key_status NOT NULL DEFAULT 'active',
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version)
);
${tenantTable('identity', 'keys', { hub_api: 'SELECT, INSERT', hub_engine: 'SELECT, INSERT' })};

CREATE TABLE identity.users (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  id uuid NOT NULL,
  email text NOT NULL CHECK (length(email) BETWEEN 3 AND 120 AND email = lower(email)),
  display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 80),
  password_hash text NOT NULL CHECK (length(password_hash) BETWEEN 20 AND 300),
  status identity.user_status NOT NULL DEFAULT 'active',
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT users_email UNIQUE (tenant_id, email)
);
${tenantTable('identity', 'users', { hub_api: 'SELECT (tenant_id, id, email, display_name, status)' }, 'SELECT (tenant_id, id, email, password_hash, status)')};

CREATE TABLE identity.user_roles (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role identity.role NOT NULL,
  granted_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, role),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.users (tenant_id, id)
);
${tenantTable('identity', 'user_roles', { hub_api: 'SELECT' })};

CREATE TABLE identity.sessions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_sha256 text NOT NULL CHECK (token_sha256 ~ '^[0-9a-f]{64}$'),
  started_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.users (tenant_id, id),
  CONSTRAINT sessions_token UNIQUE (token_sha256),
  CHECK (expires_at > started_at)
);
${tenantTable('identity', 'sessions', { hub_api: 'SELECT (tenant_id, id, user_id, expires_at, ended_at), INSERT, UPDATE (ended_at)' }, 'SELECT (tenant_id, id, user_id, token_sha256, expires_at, ended_at)')};

CREATE TABLE identity.connections (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  adapter_id text NOT NULL CHECK (adapter_id ~ '^[a-z][a-z0-9-]{1,38}$'),
  config jsonb NOT NULL CHECK (octet_length(config::text) <= 16384),
  secrets_sealed bytea NOT NULL CHECK (length(secrets_sealed) <= 32768),
  secret_names text[] NOT NULL CHECK (cardinality(secret_names) <= 40),
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL CHECK (length(updated_by) BETWEEN 1 AND 80),
  PRIMARY KEY (tenant_id, adapter_id)
);
${tenantTable('identity', 'connections', { hub_api: 'SELECT (tenant_id, adapter_id, config, secret_names, updated_at), INSERT, UPDATE', hub_engine: 'SELECT' })}`,
  )
}
