import type { Knex } from 'knex'
import { acrossFunction } from './kit.ts'

/** What must be found before the tenant is known. Each returns ids and codes only, for one exact key. */
export async function up(knex: Knex): Promise<void> {
  await acrossFunction(knex, 'identity', {
    signature: 'identity.find_link(p_link_sha256 text, p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid, region text, intake_id uuid, visit_id uuid, status text, expires_at timestamptz)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT s.tenant_id, t.region, s.id, s.visit_id,
      CASE WHEN s.status IN ('created', 'opened') AND s.expires_at <= p_now THEN 'expired' ELSE s.status::text END, s.expires_at
    FROM identity.intake_sessions s JOIN identity.tenants t ON t.tenant_id = s.tenant_id AND t.status = 'active'
    WHERE s.link_sha256 = p_link_sha256;
END`,
    callers: ['hub_api'],
  })
  await acrossFunction(knex, 'identity', {
    signature: 'identity.find_login(p_slug text, p_email text)',
    returns: 'TABLE (tenant_id uuid, region text, user_id uuid, password_hash text)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT t.tenant_id, t.region, u.id, u.password_hash
    FROM identity.tenants t JOIN identity.users u ON u.tenant_id = t.tenant_id
    WHERE t.slug = p_slug AND t.status = 'active' AND u.email = lower(p_email) AND u.status = 'active';
END`,
    callers: ['hub_api'],
  })
  await acrossFunction(knex, 'identity', {
    signature: 'identity.find_session(p_token_sha256 text, p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid, region text, session_id uuid, user_id uuid, expires_at timestamptz)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT s.tenant_id, t.region, s.id, s.user_id, s.expires_at
    FROM identity.sessions s
    JOIN identity.users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id AND u.status = 'active'
    JOIN identity.tenants t ON t.tenant_id = s.tenant_id AND t.status = 'active'
    WHERE s.token_sha256 = p_token_sha256 AND s.ended_at IS NULL AND s.expires_at > p_now;
END`,
    callers: ['hub_api'],
  })
}
