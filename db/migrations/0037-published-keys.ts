import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner } from './kit.ts'

/** The public halves of a connection's signing keys, for the partner to fetch: written beside the secrets, so that nobody opens these to tell them. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
ALTER TABLE identity.connections
  ADD keys_id text CHECK (keys_id ~ '^[A-Za-z0-9_-]{32,64}$'),
  ADD public_keys jsonb CHECK (octet_length(public_keys::text) <= 16384);
CREATE UNIQUE INDEX connections_keys ON identity.connections (keys_id) WHERE keys_id IS NOT NULL;
GRANT SELECT (keys_id, public_keys) ON identity.connections TO hub_api;
GRANT SELECT (keys_id, public_keys) ON identity.connections TO ${acrossRole}`,
  )
  await acrossFunction(knex, 'identity', {
    signature: 'identity.find_public_keys(p_keys_id text)',
    returns: 'TABLE (public_keys jsonb)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT c.public_keys FROM identity.connections c JOIN identity.tenants t ON t.tenant_id = c.tenant_id AND t.status = 'active'
    WHERE c.keys_id = p_keys_id AND c.public_keys IS NOT NULL;
END`,
    callers: ['hub_api'],
  })
}
