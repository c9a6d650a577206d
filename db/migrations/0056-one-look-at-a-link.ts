import type { Knex } from 'knex'
import { acrossRole, asOwner, contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * A link is looked up with its visit in one statement. And what was sent is behind the proof like what is typed: also of a form that nobody had
 * named or begun to save before. The browser that sends such a form is known from that commit on.
 */
export async function up(knex: Knex): Promise<void> {
  await lookUp(knex)
  await contextFunctionAnew(knex, 'identity.submit_intake(uuid, jsonb, bytea, integer, bytea, bytea)', {
    signature: 'identity.submit_intake(p_tenant uuid, p_doc jsonb, p_body_mac bytea, p_key_version integer, p_answers bytea, p_signature bytea)',
    returns: 'text',
    body: submitBody,
    callers: ['hub_api'],
  })
  await contextFunctionAnew(knex, 'identity.clear_draft(uuid, text, timestamptz)', {
    signature: 'identity.clear_draft(p_intake_id uuid, p_actor text, p_at timestamptz)',
    // True: what the patient had typed of how to reach them went with it.
    returns: 'boolean',
    body: clearBody,
    callers: ['hub_api'],
  })
  // As in 0022, the table's owner is freed of its one tenant for this one statement.
  await asOwner(
    knex,
    'identity',
    `
ALTER TABLE identity.intake_sessions NO FORCE ROW LEVEL SECURITY;
UPDATE identity.intake_sessions SET guarded = true WHERE status = 'submitted' AND NOT guarded;
ALTER TABLE identity.intake_sessions FORCE ROW LEVEL SECURITY`,
  )
}

async function contextFunctionAnew(knex: Knex, former: string, spec: Parameters<typeof contextFunction>[2]): Promise<void> {
  await asOwner(knex, 'identity', `DROP FUNCTION ${former}`)
  await contextFunction(knex, 'identity', spec)
}

async function lookUp(knex: Knex): Promise<void> {
  await contextFunction(knex, 'clinical', {
    signature: 'clinical.visit_of_link(p_visit_id uuid)',
    returns: 'TABLE (starts_at timestamptz, ends_at timestamptz, practitioner text, status text)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT a.starts_at, a.ends_at, a.practitioner, a.status::text FROM clinical.appointments a WHERE a.tenant_id = ${here} AND a.id = p_visit_id;
END`,
    callers: ['ctx_identity'],
  })
  await asOwner(knex, 'clinical', 'GRANT USAGE ON SCHEMA clinical TO ctx_identity')
  await knex.raw(`SET LOCAL ROLE ${acrossRole}; GRANT EXECUTE ON FUNCTION identity.find_link(text, timestamptz, text[]) TO ctx_identity; RESET ROLE`)
  await contextFunction(knex, 'identity', {
    signature: 'identity.look_up_link(p_link_sha256 text, p_now timestamptz, p_proofs text[])',
    returns:
      'TABLE (tenant_id uuid, region text, intake_id uuid, visit_id uuid, status text, expires_at timestamptz, proof text, starts_at timestamptz, ends_at timestamptz, practitioner text, visit_status text)',
    // The tenant is the link's own, for this one statement; what it may see of the visit is decided by that.
    body: `DECLARE link record; visit record;
BEGIN
  SELECT * INTO link FROM identity.find_link(p_link_sha256, p_now, p_proofs);
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.tenant_id', link.tenant_id::text, true);
  SELECT * INTO STRICT visit FROM clinical.visit_of_link(link.visit_id);
  RETURN QUERY SELECT link.tenant_id, link.region, link.intake_id, link.visit_id, link.status, link.expires_at, link.proof,
    visit.starts_at, visit.ends_at, visit.practitioner, visit.status;
END`,
    callers: ['hub_api'],
  })
}

/**
 * As in 0049, and new: where the link asks for the proof by now, it is looked for under the lock, since the desk may have named somebody else after the look-up. A form that is sent at
 * a link that asked for no proof makes it ask, and its browser one that is known. So does the repeat of such a form, whose first answer may never have
 * arrived: the key and every byte of the form say who it is. An api of before sends no proofs: it has looked by itself.
 */
const submitBody = `DECLARE
  session identity.intake_sessions%ROWTYPE;
  tenant identity.tenants%ROWTYPE;
  v_now timestamptz := (p_doc->>'now')::timestamptz;
  v_intake uuid := (p_doc->>'intakeId')::uuid;
  v_patient uuid := (p_doc->>'patientId')::uuid;
  v_event uuid := (p_doc->>'eventId')::uuid;
  v_signature uuid := (p_doc->>'signatureDocumentId')::uuid;
  v_proved boolean := true;
  v_proof uuid := (p_doc->>'proofId')::uuid;
BEGIN
  PERFORM set_config('app.tenant_id', p_tenant::text, true);
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = p_tenant AND s.id = v_intake FOR UPDATE;
  IF NOT FOUND OR session.revoked_at IS NOT NULL THEN RETURN 'closed'; END IF;
  IF session.guarded AND p_doc->'proofs' IS NOT NULL THEN
    v_proved := EXISTS (SELECT 1 FROM identity.intake_proofs p WHERE p.tenant_id = p_tenant AND p.intake_id = v_intake AND p.ended_at IS NULL
      AND p.expires_at > v_now AND p.token_sha256 = ANY (ARRAY(SELECT jsonb_array_elements_text(p_doc->'proofs'))));
  END IF;
  IF session.status = 'submitted' THEN
    IF session.idempotency_key <> p_doc->>'idempotencyKey' THEN RETURN 'closed'; END IF;
    IF session.body_mac <> p_body_mac THEN RETURN 'conflict'; END IF;
    IF NOT v_proved AND v_proof IS NOT NULL THEN
      UPDATE identity.intake_proofs p SET ended_at = v_now WHERE p.tenant_id = p_tenant AND p.id IN (
        SELECT o.id FROM identity.intake_proofs o WHERE o.tenant_id = p_tenant AND o.intake_id = v_intake AND o.ended_at IS NULL
        ORDER BY o.proved_at DESC OFFSET (p_doc->>'proofsMax')::integer - 1);
      INSERT INTO identity.intake_proofs (tenant_id, id, intake_id, token_sha256, proved_at, expires_at)
      VALUES (p_tenant, v_proof, v_intake, p_doc->>'proofSha256', v_now, (p_doc->>'proofUntil')::timestamptz);
    END IF;
    RETURN 'replayed';
  END IF;
  IF session.status NOT IN ('created', 'opened') OR session.expires_at <= v_now THEN RETURN 'closed'; END IF;
  IF session.guarded AND NOT v_proved THEN RETURN 'proof-needed'; END IF;
  SELECT * INTO STRICT tenant FROM identity.tenants t WHERE t.tenant_id = p_tenant;

  INSERT INTO identity.patients (tenant_id, id, created_at, match_mac) VALUES (p_tenant, v_patient, v_now, decode(p_doc->>'match', 'hex'));
  INSERT INTO identity.patient_phi (tenant_id, patient_id, part, key_version, sealed, updated_at)
  VALUES (p_tenant, v_patient, 'answers', p_key_version, p_answers, v_now);
  INSERT INTO identity.phi_documents (tenant_id, id, kind, intake_id, patient_id, key_version, sealed, stored_at)
  VALUES (p_tenant, v_signature, 'signature', v_intake, v_patient, p_key_version, p_signature, v_now);
  IF p_doc->>'contact' IS NOT NULL THEN
    INSERT INTO identity.visit_contacts (tenant_id, visit_id, source, key_version, sealed, match_mac, saved_at, phone_key, mail_key, language)
    VALUES (p_tenant, session.visit_id, 'patient', p_key_version, decode(p_doc->>'contact', 'base64'), decode(p_doc->>'match', 'hex'), v_now,
      p_doc->>'phoneKey', p_doc->>'mailKey', p_doc->>'language')
    ON CONFLICT (tenant_id, visit_id) DO UPDATE SET source = 'patient', key_version = excluded.key_version, sealed = excluded.sealed,
      match_mac = excluded.match_mac, saved_at = excluded.saved_at, phone_key = excluded.phone_key, mail_key = excluded.mail_key,
      sms_allowed = excluded.sms_allowed, language = excluded.language WHERE visit_contacts.source = 'patient' OR visit_contacts.sealed IS NULL;
  END IF;
  IF session.guarded THEN
    UPDATE identity.intake_drafts d SET sealed = NULL, due_at = NULL, version = d.version + 1
    WHERE d.tenant_id = p_tenant AND d.intake_id = v_intake AND d.sealed IS NOT NULL;
  ELSIF v_proof IS NOT NULL THEN
    INSERT INTO identity.intake_proofs (tenant_id, id, intake_id, token_sha256, proved_at, expires_at)
    VALUES (p_tenant, v_proof, v_intake, p_doc->>'proofSha256', v_now, (p_doc->>'proofUntil')::timestamptz);
  END IF;
  UPDATE identity.intake_sessions s SET status = 'submitted', version = s.version + 1, submitted_at = v_now, patient_id = v_patient,
    idempotency_key = p_doc->>'idempotencyKey', body_mac = p_body_mac, guarded = true
  WHERE s.tenant_id = p_tenant AND s.id = v_intake;
  INSERT INTO identity.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type, contract, payload, region,
    intake_id, traceparent, occurred_at, process, available_at, created_at)
  VALUES (p_tenant, v_event, v_event, v_event, 'intake', v_intake, session.version + 1, 'intake.submitted.v1', 'IntakeSubmitted.v1',
    jsonb_build_object(
      'intakeId', v_intake, 'patientId', v_patient, 'visitId', session.visit_id, 'payerId', p_doc->>'payerId', 'payerName', p_doc->>'payerName',
      'serviceDate', to_char((p_doc->>'startsAt')::timestamptz AT TIME ZONE tenant.time_zone, 'YYYY-MM-DD'),
      'uploadIds', to_jsonb(media.uploads_of_intake(v_intake, ARRAY(SELECT jsonb_array_elements_text(p_doc->'uploadIds')::uuid))),
      'consents', p_doc->'consents', 'signatureDocumentId', v_signature, 'confirmationTokenId', p_doc->'confirmationTokenId', 'submittedAt', p_doc->>'now'),
    tenant.region, v_intake, p_doc->>'traceparent', v_now, p_doc->>'process', v_now, v_now);
  PERFORM compliance.audit(v_now, 'patient:' || v_intake, 'intake.submit', 'intake:' || v_intake, 'treatment', 'ok', p_doc->>'correlationId');
  RETURN 'submitted';
END`

/**
 * As in 0049, and new: a link that is open again was proved by nobody. The browser that types next may be somebody else's, and what it types is not
 * for those that were known before. Locks of an intake are taken in one order everywhere: session, proofs, codes.
 */
const clearBody = `DECLARE session identity.intake_sessions%ROWTYPE; v_told boolean; v_named boolean;
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
  IF NOT v_named THEN
    UPDATE identity.intake_proofs p SET ended_at = p_at WHERE p.tenant_id = ${here} AND p.intake_id = p_intake_id AND p.ended_at IS NULL;
    UPDATE identity.proof_codes c SET ended_at = p_at, sealed = NULL WHERE c.tenant_id = ${here} AND c.intake_id = p_intake_id AND c.ended_at IS NULL;
  END IF;
  PERFORM compliance.audit(p_at, p_actor, 'draft.clear', 'intake:' || p_intake_id, NULL, 'ok', NULL);
  RETURN v_told;
END`
