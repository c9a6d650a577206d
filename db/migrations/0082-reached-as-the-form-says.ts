import type { Knex } from 'knex'
import { asOwner, contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * What a form says of how to reach its patient counts from the commit that keeps it on, also where the desk had named them: number, mailbox and language.
 * `named` is the desk's word beside it, sealed as it was: name and birth date of it are what a proof is compared with, and what the form leaves
 * out is filled from it. Whoever writes the contact anew writes all of it.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
ALTER TABLE identity.visit_contacts ADD COLUMN named bytea CHECK (length(named) BETWEEN 33 AND 4096);
CREATE OR REPLACE FUNCTION identity.count_contact() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF NEW.named IS NOT DISTINCT FROM OLD.named THEN NEW.named := NULL; END IF;
  -- As in 0067.
  IF NEW.typed_n = OLD.typed_n AND NOT (OLD.source = 'patient' AND NEW.source = 'patient' AND NEW.sealed IS NULL) THEN
    NEW.revision := OLD.revision + 1;
  END IF;
  RETURN NEW;
END
$body$;
DROP FUNCTION identity.submit_intake(uuid, jsonb, bytea, integer, bytea, bytea);
DROP FUNCTION identity.read_contacts(uuid[], boolean, text, text, timestamptz);
DROP FUNCTION identity.proof_facts(uuid, text, timestamptz)`,
  )
  await contextFunction(knex, 'identity', {
    signature: 'identity.submit_intake(p_tenant uuid, p_doc jsonb, p_body_mac bytea, p_key_version integer, p_answers bytea, p_signature bytea)',
    returns: 'text',
    body: submitBody,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.read_contacts(p_visit_ids uuid[], p_typed boolean, p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'TABLE (visit_id uuid, source text, sealed bytea, named bytea)',
    // As in 0067, with what the desk named beside it.
    body: `DECLARE v_read uuid[];
BEGIN
  SELECT coalesce(array_agg(c.visit_id), '{}') INTO v_read FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = ANY (p_visit_ids) AND c.sealed IS NOT NULL
      AND (p_typed OR c.source = 'staff' OR EXISTS (SELECT 1 FROM identity.intake_sessions s
        WHERE s.tenant_id = c.tenant_id AND s.visit_id = c.visit_id AND s.status = 'submitted'));
  PERFORM compliance.audit_list(p_at, p_actor, 'contact.read', 'visits', v_read, p_purpose);
  RETURN QUERY SELECT c.visit_id, c.source::text, c.sealed, c.named FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = ANY (v_read) AND c.sealed IS NOT NULL;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.proof_facts(p_intake_id uuid, p_actor text, p_at timestamptz)',
    returns:
      'TABLE (visit_id uuid, contact bytea, named bytea, draft bytea, patient_id uuid, answers bytea, paused_until timestamptz, code_id uuid, code_mac bytea, code_expires_at timestamptz, tries integer)',
    // As in 0049, with what the desk named. The answers that were sent, where the contact cannot be one with a birth date and a number: then they say the birth date that is asked for.
    body: `DECLARE v_patient uuid;
BEGIN
  PERFORM compliance.audit(p_at, p_actor, 'contact.read', 'intake:' || p_intake_id, 'proof', 'ok', NULL);
  SELECT s.patient_id INTO v_patient FROM identity.intake_sessions s
    LEFT JOIN identity.visit_contacts v ON v.tenant_id = s.tenant_id AND v.visit_id = s.visit_id
    WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.revoked_at IS NULL AND v.match_mac IS NULL;
  IF v_patient IS NOT NULL THEN
    PERFORM compliance.audit(p_at, p_actor, 'phi.read', 'patient:' || v_patient || ' fields:birthDate', 'proof', 'ok', NULL);
  END IF;
  RETURN QUERY SELECT s.visit_id, v.sealed, v.named, d.sealed, f.patient_id, f.sealed, CASE WHEN l.paused_until > p_at THEN l.paused_until END, c.id, c.code_mac, c.expires_at, c.tries
    FROM identity.intake_sessions s
    LEFT JOIN identity.visit_contacts v ON v.tenant_id = s.tenant_id AND v.visit_id = s.visit_id
    LEFT JOIN identity.intake_drafts d ON d.tenant_id = s.tenant_id AND d.intake_id = s.id
    LEFT JOIN identity.patient_phi f ON f.tenant_id = s.tenant_id AND f.patient_id = v_patient AND f.part = 'answers'
    LEFT JOIN identity.proof_limits l ON l.tenant_id = s.tenant_id AND l.intake_id = s.id
    LEFT JOIN identity.proof_codes c ON c.tenant_id = s.tenant_id AND c.intake_id = s.id AND c.ended_at IS NULL AND c.expires_at > p_at
    WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.revoked_at IS NULL;
END`,
    callers: ['hub_api'],
  })
}

/** As in 0056, but for the contact. One that the desk named is guarded; that its form comes from a browser that proved itself is asked there once more. */
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
    INSERT INTO identity.visit_contacts AS c (tenant_id, visit_id, source, key_version, sealed, match_mac, saved_at, phone_key, mail_key, language)
    VALUES (p_tenant, session.visit_id, 'patient', p_key_version, decode(p_doc->>'contact', 'base64'), decode(p_doc->>'match', 'hex'), v_now,
      p_doc->>'phoneKey', p_doc->>'mailKey', p_doc->>'language')
    ON CONFLICT (tenant_id, visit_id) DO UPDATE SET source = CASE WHEN c.sealed IS NULL THEN 'patient' ELSE c.source END,
      named = CASE WHEN c.source = 'staff' THEN c.sealed END,
      key_version = excluded.key_version, sealed = excluded.sealed, saved_at = excluded.saved_at,
      match_mac = CASE WHEN c.source = 'staff' AND c.sealed IS NOT NULL THEN c.match_mac ELSE excluded.match_mac END,
      phone_key = CASE WHEN c.source = 'staff' AND c.sealed IS NOT NULL THEN coalesce(excluded.phone_key, c.phone_key) ELSE excluded.phone_key END,
      mail_key = CASE WHEN c.source = 'staff' AND c.sealed IS NOT NULL THEN coalesce(excluded.mail_key, c.mail_key) ELSE excluded.mail_key END,
      sms_allowed = c.source = 'staff' AND c.sealed IS NOT NULL AND c.sms_allowed
        AND c.phone_key IS NOT DISTINCT FROM coalesce(excluded.phone_key, c.phone_key),
      language = excluded.language
      WHERE (session.guarded AND v_proved AND p_doc->'proofs' IS NOT NULL) OR c.source = 'patient' OR c.sealed IS NULL;
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
