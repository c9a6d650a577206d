import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * The form promises that the clinic gets what is typed when it is sent. How to reach a patient is kept before that, for the code that lets them in at
 * another device, and now for nothing else: the desk does not read it, no reminder and no link goes there, and it makes no desk's save too late.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
ALTER TABLE identity.visit_contacts ADD COLUMN typed_n integer NOT NULL DEFAULT 0;
DROP FUNCTION identity.read_contacts(uuid[], text, text, timestamptz);
DROP FUNCTION identity.reach_of(uuid, timestamptz);
DROP FUNCTION identity.tell_contact(uuid, integer, bytea, bytea, timestamptz);
CREATE OR REPLACE FUNCTION identity.count_contact() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  -- What the patient types, and clears before it was sent, changes nothing that anybody at the clinic has seen.
  IF NEW.typed_n = OLD.typed_n AND NOT (OLD.source = 'patient' AND NEW.source = 'patient' AND NEW.sealed IS NULL) THEN
    NEW.revision := OLD.revision + 1;
  END IF;
  RETURN NEW;
END
$body$;
GRANT SELECT (source) ON identity.visit_contacts TO ${acrossRole}`,
  )
  await contextFunction(knex, 'identity', {
    signature: 'identity.tell_contact(p_visit_id uuid, p_key_version integer, p_sealed bytea, p_match bytea, p_at timestamptz)',
    returns: 'boolean',
    // As in 0049; counted apart, from nothing.
    body: `BEGIN
  INSERT INTO identity.visit_contacts AS c (tenant_id, visit_id, source, key_version, sealed, match_mac, saved_at, revision, typed_n)
  VALUES (${here}, p_visit_id, 'patient', p_key_version, p_sealed, p_match, p_at, 0, 1)
  ON CONFLICT (tenant_id, visit_id) DO UPDATE SET source = 'patient', key_version = excluded.key_version, sealed = excluded.sealed,
    match_mac = excluded.match_mac, saved_at = excluded.saved_at, typed_n = c.typed_n + 1 WHERE c.source = 'patient' OR c.sealed IS NULL;
  RETURN FOUND;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.read_contacts(p_visit_ids uuid[], p_typed boolean, p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'TABLE (visit_id uuid, source text, sealed bytea)',
    // As in 0063. Not `p_typed`: of those who told it themselves only who has sent the form.
    body: `DECLARE v_read uuid[];
BEGIN
  SELECT coalesce(array_agg(c.visit_id), '{}') INTO v_read FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = ANY (p_visit_ids) AND c.sealed IS NOT NULL
      AND (p_typed OR c.source = 'staff' OR EXISTS (SELECT 1 FROM identity.intake_sessions s
        WHERE s.tenant_id = c.tenant_id AND s.visit_id = c.visit_id AND s.status = 'submitted'));
  PERFORM compliance.audit_list(p_at, p_actor, 'contact.read', 'visits', v_read, p_purpose);
  RETURN QUERY SELECT c.visit_id, c.source::text, c.sealed FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = ANY (v_read) AND c.sealed IS NOT NULL;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.reach_of(p_intake_id uuid, p_at timestamptz)',
    returns: 'TABLE (visit_id uuid, status text, link boolean, phone_key text, mail_key text, sms_allowed boolean, language text, typed boolean)',
    volatility: 'STABLE',
    // As in 0051. typed: this is the patient's word, and the form was not sent.
    body: `BEGIN
  RETURN QUERY SELECT s.visit_id, CASE WHEN s.revoked_at IS NOT NULL THEN 'revoked' ELSE s.status::text END,
      s.revoked_at IS NULL AND (s.status = 'submitted' OR (s.status IN ('created', 'opened') AND s.expires_at > p_at))
        AND EXISTS (SELECT 1 FROM identity.intake_links l WHERE l.tenant_id = s.tenant_id AND l.intake_id = s.id),
      c.phone_key, c.mail_key, coalesce(c.sms_allowed, false), coalesce(c.language, 'en'), coalesce(c.source = 'patient', false) AND s.status <> 'submitted'
    FROM identity.intake_sessions s LEFT JOIN identity.visit_contacts c ON c.tenant_id = s.tenant_id AND c.visit_id = s.visit_id AND c.sealed IS NOT NULL
    WHERE s.tenant_id = ${here} AND s.id = p_intake_id;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await knex.raw(`SET LOCAL ROLE ${acrossRole}; DROP FUNCTION messaging.tenants_with_messages(timestamptz); RESET ROLE`)
  await acrossFunction(knex, 'messaging', {
    signature: 'messaging.tenants_with_messages(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    // As in 0051, for whom the clinic has named.
    body: `BEGIN
  RETURN QUERY SELECT w.tenant_id FROM (
      SELECT m.tenant_id FROM messaging.messages m WHERE m.due_at <= p_now
      UNION SELECT a.tenant_id FROM clinical.appointments a
        JOIN identity.intake_sessions s ON s.tenant_id = a.tenant_id AND s.id = a.intake_id AND s.status IN ('created', 'opened') AND s.revoked_at IS NULL
        JOIN identity.visit_contacts c ON c.tenant_id = a.tenant_id AND c.visit_id = a.id AND c.source = 'staff'
          AND (c.phone_key IS NOT NULL OR c.mail_key IS NOT NULL)
        CROSS JOIN (VALUES ('reminder-72h'::messaging.message_kind, interval '72 hours'), ('reminder-24h', interval '24 hours')) AS r(kind, lead)
        WHERE a.status IN ('proposed', 'booked') AND a.starts_at BETWEEN p_now + interval '12 hours' AND p_now + interval '72 hours'
          AND p_now BETWEEN a.starts_at - r.lead AND a.starts_at - r.lead / 2 AND greatest(a.created_at, a.changed_at) <= a.starts_at - r.lead
          AND NOT EXISTS (SELECT 1 FROM messaging.messages o
            WHERE o.tenant_id = a.tenant_id AND o.visit_id = a.id AND o.visit_revision = a.revision AND o.kind = r.kind)) w
    JOIN identity.tenants t ON t.tenant_id = w.tenant_id AND t.status = 'active' LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}
