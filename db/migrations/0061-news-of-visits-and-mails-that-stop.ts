import type { Knex } from 'knex'
import { acrossFunction, asOwner, contextFunction, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * A visit that was moved or called off is told; a mail carries an address that stops mails. That address is a hash here, like every other: whoever
 * reads the table can stop nobody's mails.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.message_kind ADD VALUE 'moved';
ALTER TYPE messaging.message_kind ADD VALUE 'cancelled';
ALTER TYPE messaging.incident_kind ADD VALUE 'key-refused';
CREATE TABLE messaging.unsubscribe_links (
  tenant_id uuid NOT NULL,
  token_sha256 text NOT NULL CHECK (token_sha256 ~ '^[0-9a-f]{64}$'),
  message_id uuid NOT NULL,
  address_key text NOT NULL CHECK (address_key ~ '^[0-9a-f]{64}$'),
  language text NOT NULL CHECK (length(language) BETWEEN 2 AND 8),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, token_sha256),
  FOREIGN KEY (tenant_id, message_id) REFERENCES messaging.messages (tenant_id, id)
);
CREATE UNIQUE INDEX unsubscribe_links_token ON messaging.unsubscribe_links (token_sha256);
${tenantTable('messaging', 'unsubscribe_links', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT' }, 'SELECT (tenant_id, token_sha256)')}`,
  )
  await acrossFunction(knex, 'messaging', {
    signature: 'messaging.find_unsubscribe(p_token_sha256 text)',
    returns: 'TABLE (tenant_id uuid, region text)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT t.tenant_id, t.region FROM messaging.unsubscribe_links u JOIN identity.tenants t ON t.tenant_id = u.tenant_id AND t.status = 'active'
    WHERE u.token_sha256 = p_token_sha256;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.submitted_at(p_intake_id uuid)',
    returns: 'timestamptz',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN (SELECT s.submitted_at FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id);
END`,
    callers: ['hub_api', 'hub_engine'],
  })
}
