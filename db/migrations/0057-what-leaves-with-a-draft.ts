import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * The photos of a draft leave with it: when the patient clears it, when the visit becomes somebody else's, and when the link has ended. They are
 * nobody's from that commit on, and their files are taken away (`hub/quarantine`). And a draft ends when its link does, also after the visit was moved.
 */
export async function up(knex: Knex): Promise<void> {
  await uploads(knex)
  await drafts(knex)
}

async function uploads(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'media',
    `
ALTER TABLE media.uploads ADD COLUMN left_out_at timestamptz, ADD COLUMN clean_removed_at timestamptz;
CREATE INDEX uploads_left_out ON media.uploads (tenant_id, quarantine_removed_at, id) WHERE left_out_at IS NOT NULL AND clean_removed_at IS NULL;
GRANT SELECT (left_out_at, clean_removed_at) ON media.uploads TO ${acrossRole};
DROP FUNCTION media.uploads_of_intake(uuid, uuid[])`,
  )
  await contextFunction(knex, 'media', {
    signature: 'media.uploads_of_intake(p_intake_id uuid, p_ids uuid[])',
    returns: 'uuid[]',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN ARRAY(SELECT u.id FROM media.uploads u
    WHERE u.tenant_id = ${here} AND u.intake_id = p_intake_id AND u.id = ANY (p_ids) AND u.left_out_at IS NULL ORDER BY u.requested_at, u.id);
END`,
    callers: ['ctx_identity'],
  })
  await contextFunction(knex, 'media', {
    signature: 'media.leave_out_uploads(p_intake_id uuid, p_at timestamptz)',
    returns: 'void',
    body: `BEGIN
  UPDATE media.uploads u SET left_out_at = p_at, updated_at = p_at, version = u.version + 1
  WHERE u.tenant_id = ${here} AND u.intake_id = p_intake_id AND u.left_out_at IS NULL;
END`,
    callers: ['ctx_identity'],
  })
  await knex.raw(`SET LOCAL ROLE ${acrossRole}; DROP FUNCTION media.tenants_with_quarantine(timestamptz, integer, integer, integer); RESET ROLE`)
  await acrossFunction(knex, 'media', {
    signature: 'media.tenants_with_quarantine(p_now timestamptz, p_url_seconds integer, p_upload_hours integer, p_quarantine_days integer)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    // A clean copy may still be written by a scan that began before the quarantine was emptied: it goes one such time later.
    body: `BEGIN
  RETURN QUERY SELECT u.tenant_id FROM media.uploads u
    WHERE u.quarantine_removed_at IS NULL AND u.first_requested_at < p_now - make_interval(secs => p_url_seconds) AND (
      (u.status IN ('clean', 'rejected') AND u.requested_at < p_now - make_interval(secs => p_url_seconds))
      OR (u.left_out_at IS NOT NULL AND u.requested_at < p_now - make_interval(secs => p_url_seconds))
      OR (u.status = 'expected' AND u.first_requested_at < p_now - make_interval(hours => p_upload_hours))
      OR (u.status = 'quarantined' AND u.first_requested_at < p_now - make_interval(days => p_quarantine_days)))
    UNION SELECT u.tenant_id FROM media.uploads u
    WHERE u.left_out_at IS NOT NULL AND u.clean_removed_at IS NULL AND u.quarantine_removed_at < p_now - make_interval(secs => p_url_seconds)
    LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}

async function drafts(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
DROP FUNCTION identity.move_link_end(uuid, timestamptz);
DROP FUNCTION identity.clear_draft(uuid, text, timestamptz);
DROP FUNCTION identity.empty_ended(timestamptz);
DROP FUNCTION identity.typed_for(uuid, text, timestamptz);
DROP FUNCTION identity.save_contact(uuid, integer, bytea, bytea, boolean, text, timestamptz);
ALTER TABLE identity.intake_sessions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE identity.intake_drafts NO FORCE ROW LEVEL SECURITY;
UPDATE identity.intake_drafts d SET due_at = s.expires_at FROM identity.intake_sessions s
WHERE s.tenant_id = d.tenant_id AND s.id = d.intake_id AND d.due_at IS NOT NULL AND d.due_at <> s.expires_at;
ALTER TABLE identity.intake_drafts FORCE ROW LEVEL SECURITY;
ALTER TABLE identity.intake_sessions FORCE ROW LEVEL SECURITY`,
  )
  await contextFunction(knex, 'identity', {
    signature: 'identity.move_link_end(p_intake_id uuid, p_expires_at timestamptz)',
    returns: 'void',
    // A form that was sent needs its link for the status page only, which asks the visit itself. A draft ends with the link that it is typed at.
    body: `BEGIN
  UPDATE identity.intake_sessions s SET expires_at = p_expires_at
  WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.status IN ('created', 'opened');
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE identity.intake_drafts d SET due_at = p_expires_at WHERE d.tenant_id = ${here} AND d.intake_id = p_intake_id AND d.sealed IS NOT NULL;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.clear_draft(p_intake_id uuid, p_actor text, p_at timestamptz)',
    returns: 'boolean',
    // As in 0056, with the photos.
    body: `DECLARE session identity.intake_sessions%ROWTYPE; v_told boolean; v_named boolean;
BEGIN
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id FOR UPDATE;
  IF NOT FOUND OR session.status = 'submitted' THEN RETURN false; END IF;
  UPDATE identity.intake_drafts d SET sealed = NULL, due_at = NULL, version = d.version + 1, saved_at = p_at
  WHERE d.tenant_id = ${here} AND d.intake_id = p_intake_id AND d.sealed IS NOT NULL;
  UPDATE identity.visit_contacts c SET sealed = NULL, match_mac = NULL, saved_at = p_at
  WHERE c.tenant_id = ${here} AND c.visit_id = session.visit_id AND c.source = 'patient' AND c.sealed IS NOT NULL;
  v_told := FOUND;
  v_named := EXISTS (SELECT 1 FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = session.visit_id AND c.source = 'staff' AND c.sealed IS NOT NULL);
  UPDATE identity.intake_sessions s SET guarded = v_named WHERE s.tenant_id = ${here} AND s.id = p_intake_id;
  IF NOT v_named THEN${endProofs('p_intake_id')}
  END IF;
  PERFORM media.leave_out_uploads(p_intake_id, p_at);
  PERFORM compliance.audit(p_at, p_actor, 'draft.clear', 'intake:' || p_intake_id, NULL, 'ok', NULL);
  RETURN v_told;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.empty_ended(p_at timestamptz)',
    returns: 'integer',
    // As in 0049, with the photos; and under the sessions' locks, as everywhere: what was moved to a later day meanwhile is not due any more.
    body: `DECLARE emptied integer; codes integer; v_due uuid[];
BEGIN
  v_due := ARRAY(SELECT s.id FROM identity.intake_sessions s JOIN identity.intake_drafts d ON d.tenant_id = s.tenant_id AND d.intake_id = s.id
    WHERE s.tenant_id = ${here} AND d.due_at <= p_at ORDER BY s.id FOR UPDATE OF s);
  v_due := ARRAY(SELECT d.intake_id FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = ANY (v_due) AND d.due_at <= p_at);
  UPDATE identity.intake_drafts d SET sealed = NULL, due_at = NULL, version = d.version + 1 WHERE d.tenant_id = ${here} AND d.intake_id = ANY (v_due);
  GET DIAGNOSTICS emptied = ROW_COUNT;
  UPDATE identity.visit_contacts c SET sealed = NULL, match_mac = NULL, phone_key = NULL, mail_key = NULL FROM identity.intake_sessions s
  WHERE s.tenant_id = ${here} AND s.id = ANY (v_due) AND s.status <> 'submitted'
    AND c.tenant_id = s.tenant_id AND c.visit_id = s.visit_id AND c.source = 'patient' AND c.sealed IS NOT NULL;
  PERFORM media.leave_out_uploads(s.id, p_at) FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = ANY (v_due) AND s.status <> 'submitted';
  UPDATE identity.proof_codes c SET ended_at = p_at, sealed = NULL WHERE c.tenant_id = ${here} AND c.ended_at IS NULL AND c.expires_at <= p_at;
  GET DIAGNOSTICS codes = ROW_COUNT;
  RETURN emptied + codes;
END`,
    callers: ['hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.typed_for(p_visit_id uuid, p_actor text, p_at timestamptz)',
    returns: 'TABLE (intake_id uuid, contact bytea, draft bytea, patient_id uuid, answers bytea)',
    // As in 0049, and also where somebody was named and no draft is kept: there may be photos all the same.
    body: `DECLARE session identity.intake_sessions%ROWTYPE;
BEGIN
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.visit_id = p_visit_id FOR UPDATE;
  IF session.patient_id IS NULL AND NOT EXISTS (SELECT 1 FROM identity.visit_contacts c WHERE c.tenant_id = ${here} AND c.visit_id = p_visit_id)
    AND NOT EXISTS (SELECT 1 FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = session.id AND d.sealed IS NOT NULL) THEN RETURN; END IF;
  PERFORM compliance.audit(p_at, p_actor, 'contact.read', 'visit:' || p_visit_id, 'contact', 'ok', NULL);
  IF session.patient_id IS NOT NULL THEN
    PERFORM compliance.audit(p_at, p_actor, 'phi.read', 'patient:' || session.patient_id || ' fields:birthDate,familyName,givenName', 'contact', 'ok', NULL);
    RETURN QUERY SELECT session.id, NULL::bytea, NULL::bytea, f.patient_id, f.sealed FROM identity.patient_phi f
      WHERE f.tenant_id = ${here} AND f.patient_id = session.patient_id AND f.part = 'answers';
    RETURN;
  END IF;
  RETURN QUERY SELECT session.id, (SELECT c.sealed FROM identity.visit_contacts c WHERE c.tenant_id = ${here} AND c.visit_id = p_visit_id),
    (SELECT d.sealed FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = session.id), NULL::uuid, NULL::bytea;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature:
      'identity.save_contact(p_visit_id uuid, p_key_version integer, p_sealed bytea, p_match bytea, p_another boolean, p_actor text, p_at timestamptz)',
    returns: 'boolean',
    // As in 0049, with the photos: what was typed for somebody else goes, and what was photographed.
    body: `DECLARE session identity.intake_sessions%ROWTYPE; former bytea; former_source identity.contact_source;
BEGIN
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.visit_id = p_visit_id FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT c.match_mac, c.source INTO former, former_source FROM identity.visit_contacts c WHERE c.tenant_id = ${here} AND c.visit_id = p_visit_id;
  INSERT INTO identity.visit_contacts (tenant_id, visit_id, source, key_version, sealed, match_mac, saved_at)
  VALUES (${here}, p_visit_id, 'staff', p_key_version, p_sealed, p_match, p_at)
  ON CONFLICT (tenant_id, visit_id) DO UPDATE SET source = 'staff', key_version = excluded.key_version, sealed = excluded.sealed,
    match_mac = excluded.match_mac, saved_at = excluded.saved_at;
  IF p_another THEN
    UPDATE identity.intake_drafts d SET sealed = NULL, due_at = NULL, version = d.version + 1, saved_at = p_at
    WHERE d.tenant_id = ${here} AND d.intake_id = session.id AND d.sealed IS NOT NULL;
    PERFORM media.leave_out_uploads(session.id, p_at);
  END IF;
  UPDATE identity.intake_sessions s SET guarded = p_sealed IS NOT NULL OR s.status = 'submitted' OR EXISTS (
    SELECT 1 FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = s.id AND d.sealed IS NOT NULL)
  WHERE s.tenant_id = ${here} AND s.id = session.id;
  IF p_another OR former IS NULL OR former_source = 'patient' OR p_match IS NULL OR former <> p_match THEN${endProofs('session.id')}
  END IF;
  PERFORM compliance.audit(p_at, p_actor, 'contact.save', 'visit:' || p_visit_id, NULL, 'ok', NULL);
  RETURN true;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
}

const endProofs = (intake: string): string => `
    UPDATE identity.intake_proofs p SET ended_at = p_at WHERE p.tenant_id = ${here} AND p.intake_id = ${intake} AND p.ended_at IS NULL;
    UPDATE identity.proof_codes c SET ended_at = p_at, sealed = NULL WHERE c.tenant_id = ${here} AND c.intake_id = ${intake} AND c.ended_at IS NULL;`
