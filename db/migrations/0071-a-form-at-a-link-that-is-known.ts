import type { Knex } from 'knex'
import { contextFunction } from './kit.ts'

/**
 * A form whose link the api remembers is kept in one round trip: what is remembered is compared with what is so, under the lock of the same
 * commit. Anything else than a form that is kept is `stale`, with nothing written: the api looks the link up and begins again.
 */
export async function up(knex: Knex): Promise<void> {
  await contextFunction(knex, 'identity', {
    signature:
      'identity.submit_remembered(p_link_sha256 text, p_guarded boolean, p_tenant uuid, p_doc jsonb, p_body_mac bytea, p_key_version integer, p_answers bytea, p_signature bytea)',
    returns: 'text',
    body: `DECLARE session identity.intake_sessions%ROWTYPE; visit record;
BEGIN
  PERFORM set_config('app.tenant_id', p_tenant::text, true);
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = p_tenant AND s.id = (p_doc->>'intakeId')::uuid FOR UPDATE;
  IF NOT FOUND OR session.link_sha256 <> p_link_sha256 OR session.revoked_at IS NOT NULL OR session.guarded <> p_guarded
    OR session.status NOT IN ('created', 'opened') OR session.expires_at <= (p_doc->>'now')::timestamptz THEN RETURN 'stale'; END IF;
  IF NOT EXISTS (SELECT 1 FROM identity.tenants t WHERE t.tenant_id = p_tenant AND t.status = 'active') THEN RETURN 'stale'; END IF;
  SELECT * INTO visit FROM clinical.visit_of_link(session.visit_id);
  IF NOT FOUND OR visit.status = 'cancelled' OR visit.starts_at <> (p_doc->>'startsAt')::timestamptz THEN RETURN 'stale'; END IF;
  RETURN CASE identity.submit_intake(p_tenant, p_doc, p_body_mac, p_key_version, p_answers, p_signature) WHEN 'submitted' THEN 'submitted' ELSE 'stale' END;
END`,
    callers: ['hub_api'],
  })
}
