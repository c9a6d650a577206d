import type { Knex } from 'knex'
import { asOwner, contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`
const iso = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** What other contexts may ask of `identity` inside their own commit. All of them see the tenant of the transaction only. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'identity', 'GRANT USAGE ON SCHEMA identity TO ctx_clinical, ctx_messaging')
  await contextFunction(knex, 'identity', {
    signature: 'identity.tenant_region()',
    returns: 'text',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN (SELECT t.region FROM identity.tenants t WHERE t.tenant_id = ${here});
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.seal_document(p_id uuid, p_kind text, p_intake_id uuid, p_patient_id uuid, p_key_version integer, p_sealed bytea, p_at timestamptz)',
    returns: 'void',
    body: `BEGIN
  INSERT INTO identity.phi_documents (tenant_id, id, kind, intake_id, patient_id, key_version, sealed, stored_at)
  VALUES (${here}, p_id, p_kind::identity.document_kind, p_intake_id, p_patient_id, p_key_version, p_sealed, p_at);
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.open_document(p_id uuid, p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'bytea',
    body: `DECLARE found bytea;
BEGIN
  SELECT d.sealed INTO found FROM identity.phi_documents d WHERE d.tenant_id = ${here} AND d.id = p_id;
  PERFORM compliance.audit(p_at, p_actor, 'phi.open-document', 'document:' || p_id, p_purpose, CASE WHEN found IS NULL THEN 'error' ELSE 'ok' END, NULL);
  RETURN found;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.open_patient(p_patient_id uuid, p_fields text[], p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'bytea',
    body: `DECLARE found bytea;
BEGIN
  SELECT p.sealed INTO found FROM identity.patient_phi p WHERE p.tenant_id = ${here} AND p.patient_id = p_patient_id AND p.part = 'answers';
  PERFORM compliance.audit(p_at, p_actor, 'phi.read', left('patient:' || p_patient_id || ' fields:' || array_to_string(p_fields, ','), 200), p_purpose,
    CASE WHEN found IS NULL THEN 'error' ELSE 'ok' END, NULL);
  RETURN found;
END`,
    callers: ['hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature:
      'identity.open_intake(p_id uuid, p_visit_id uuid, p_link_sha256 text, p_expires_at timestamptz, p_event_id uuid, p_process text, p_actor text, p_at timestamptz, p_traceparent text)',
    returns: 'void',
    body: `BEGIN
  INSERT INTO identity.intake_sessions (tenant_id, id, visit_id, link_sha256, expires_at, created_at)
  VALUES (${here}, p_id, p_visit_id, p_link_sha256, p_expires_at, p_at);
  INSERT INTO identity.outbox (tenant_id, id, envelope_id, root_id, aggregate_type, aggregate_id, aggregate_version, event_type, contract, payload, region,
    intake_id, traceparent, occurred_at, process, available_at, created_at)
  SELECT t.tenant_id, p_event_id, p_event_id, p_event_id, 'intake', p_id, 1, 'intake.created.v1', 'IntakeCreated.v1',
    jsonb_build_object('intakeId', p_id, 'visitId', p_visit_id, 'expiresAt', ${iso('p_expires_at')}), t.region, p_id, p_traceparent, p_at, p_process, p_at, p_at
  FROM identity.tenants t WHERE t.tenant_id = ${here};
  PERFORM compliance.audit(p_at, p_actor, 'intake.create', 'intake:' || p_id, NULL, 'ok', NULL);
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.renew_link(p_id uuid, p_link_sha256 text, p_expires_at timestamptz, p_actor text, p_correlation_id text, p_at timestamptz)',
    returns: 'text',
    // The row lock stands against a submit of the same moment: a form that was sent keeps the link it was sent with.
    body: `DECLARE found identity.intake_status;
BEGIN
  SELECT s.status INTO found FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_id FOR UPDATE;
  IF found IS NULL THEN RETURN 'not-found'; END IF;
  IF found = 'submitted' THEN RETURN 'submitted'; END IF;
  UPDATE identity.intake_sessions s SET link_sha256 = p_link_sha256, expires_at = p_expires_at,
    status = CASE WHEN s.opened_at IS NULL THEN 'created' ELSE 'opened' END::identity.intake_status
  WHERE s.tenant_id = ${here} AND s.id = p_id;
  PERFORM compliance.audit(p_at, p_actor, 'link.renew', 'intake:' || p_id, NULL, 'ok', p_correlation_id);
  RETURN 'renewed';
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.submit_intake(p_tenant uuid, p_doc jsonb, p_body_mac bytea, p_key_version integer, p_answers bytea, p_signature bytea)',
    returns: 'text',
    body: submitBody,
    callers: ['hub_api'],
  })
}

/**
 * The whole submit: one call, one commit. The tenant is an argument of its own and never a part of the document. The row lock
 * makes twenty equal submits one submit and nineteen replays.
 */
const submitBody = `DECLARE
  session identity.intake_sessions%ROWTYPE;
  tenant identity.tenants%ROWTYPE;
  v_now timestamptz := (p_doc->>'now')::timestamptz;
  v_intake uuid := (p_doc->>'intakeId')::uuid;
  v_patient uuid := (p_doc->>'patientId')::uuid;
  v_event uuid := (p_doc->>'eventId')::uuid;
  v_signature uuid := (p_doc->>'signatureDocumentId')::uuid;
BEGIN
  PERFORM set_config('app.tenant_id', p_tenant::text, true);
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = p_tenant AND s.id = v_intake FOR UPDATE;
  IF NOT FOUND THEN RETURN 'closed'; END IF;
  IF session.status = 'submitted' THEN
    IF session.idempotency_key <> p_doc->>'idempotencyKey' THEN RETURN 'closed'; END IF;
    IF session.body_mac = p_body_mac THEN RETURN 'replayed'; END IF;
    RETURN 'conflict';
  END IF;
  IF session.status NOT IN ('created', 'opened') OR session.expires_at <= v_now THEN RETURN 'closed'; END IF;
  SELECT * INTO STRICT tenant FROM identity.tenants t WHERE t.tenant_id = p_tenant;

  INSERT INTO identity.patients (tenant_id, id, created_at) VALUES (p_tenant, v_patient, v_now);
  INSERT INTO identity.patient_phi (tenant_id, patient_id, part, key_version, sealed, updated_at)
  VALUES (p_tenant, v_patient, 'answers', p_key_version, p_answers, v_now);
  INSERT INTO identity.phi_documents (tenant_id, id, kind, intake_id, patient_id, key_version, sealed, stored_at)
  VALUES (p_tenant, v_signature, 'signature', v_intake, v_patient, p_key_version, p_signature, v_now);
  UPDATE identity.intake_sessions s SET status = 'submitted', version = s.version + 1, submitted_at = v_now, patient_id = v_patient,
    idempotency_key = p_doc->>'idempotencyKey', body_mac = p_body_mac
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
