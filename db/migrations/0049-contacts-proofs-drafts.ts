// Breaking: find_link has another signature, so an older api finds no link until it is replaced.
import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, contextFunction, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * Whom a visit is for; the link as it can be sent once more; the second factor; and what a patient has typed so far. All of it sealed, and
 * reached by functions only. What has ended is emptied, not deleted.
 */
export async function up(knex: Knex): Promise<void> {
  await tables(knex)
  await links(knex)
  await contacts(knex)
  await drafts(knex)
  await codes(knex)
  await submit(knex)
}

async function tables(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'identity',
    `
CREATE TYPE identity.contact_source AS ENUM ('staff', 'patient');
CREATE TYPE identity.code_way AS ENUM ('sms', 'mail', 'desk');

ALTER TABLE identity.intake_sessions ADD revoked_at timestamptz, ADD guarded boolean NOT NULL DEFAULT false;
GRANT SELECT (revoked_at, guarded) ON identity.intake_sessions TO ${acrossRole};
ALTER TABLE identity.patients ADD match_mac bytea CHECK (length(match_mac) = 32);
CREATE INDEX patients_match ON identity.patients (tenant_id, match_mac, created_at DESC) WHERE match_mac IS NOT NULL;

CREATE TABLE identity.intake_links (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  intake_id uuid NOT NULL,
  key_version integer NOT NULL CHECK (key_version >= 1),
  sealed bytea NOT NULL CHECK (length(sealed) BETWEEN 33 AND 512),
  made_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, intake_id),
  FOREIGN KEY (tenant_id, intake_id) REFERENCES identity.intake_sessions (tenant_id, id)
);
${tenantTable('identity', 'intake_links', {})};

CREATE TABLE identity.visit_contacts (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  visit_id uuid NOT NULL,
  source identity.contact_source NOT NULL,
  key_version integer NOT NULL CHECK (key_version >= 1),
  sealed bytea CHECK (length(sealed) BETWEEN 33 AND 4096),
  match_mac bytea CHECK (length(match_mac) = 32),
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, visit_id)
);
${tenantTable('identity', 'visit_contacts', {})};

CREATE TABLE identity.intake_drafts (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  intake_id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  key_version integer NOT NULL CHECK (key_version >= 1),
  sealed bytea CHECK (length(sealed) BETWEEN 33 AND 65536),
  saved_at timestamptz NOT NULL,
  due_at timestamptz,
  PRIMARY KEY (tenant_id, intake_id),
  FOREIGN KEY (tenant_id, intake_id) REFERENCES identity.intake_sessions (tenant_id, id),
  CHECK ((sealed IS NULL) = (due_at IS NULL))
);
CREATE INDEX intake_drafts_due ON identity.intake_drafts (due_at) WHERE due_at IS NOT NULL;
${tenantTable('identity', 'intake_drafts', {}, 'SELECT (tenant_id, due_at)')};

CREATE TABLE identity.proof_limits (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  intake_id uuid NOT NULL,
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  paused_until timestamptz,
  PRIMARY KEY (tenant_id, intake_id),
  FOREIGN KEY (tenant_id, intake_id) REFERENCES identity.intake_sessions (tenant_id, id)
);
${tenantTable('identity', 'proof_limits', {})};

CREATE TABLE identity.proof_codes (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  way identity.code_way NOT NULL,
  code_mac bytea NOT NULL CHECK (length(code_mac) = 32),
  key_version integer NOT NULL CHECK (key_version >= 1),
  sealed bytea CHECK (length(sealed) BETWEEN 33 AND 512),
  tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, intake_id) REFERENCES identity.intake_sessions (tenant_id, id),
  CHECK (ended_at IS NULL OR sealed IS NULL)
);
CREATE INDEX proof_codes_intake ON identity.proof_codes (tenant_id, intake_id, asked_at);
CREATE UNIQUE INDEX proof_codes_one ON identity.proof_codes (tenant_id, intake_id) WHERE ended_at IS NULL;
CREATE INDEX proof_codes_due ON identity.proof_codes (expires_at) WHERE ended_at IS NULL;
${tenantTable('identity', 'proof_codes', {}, 'SELECT (tenant_id, expires_at, ended_at)')};

CREATE TABLE identity.intake_proofs (
  tenant_id uuid NOT NULL REFERENCES identity.tenants,
  id uuid NOT NULL,
  intake_id uuid NOT NULL,
  token_sha256 text NOT NULL CHECK (token_sha256 ~ '^[0-9a-f]{64}$'),
  proved_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT intake_proofs_token UNIQUE (token_sha256),
  FOREIGN KEY (tenant_id, intake_id) REFERENCES identity.intake_sessions (tenant_id, id)
);
CREATE INDEX intake_proofs_intake ON identity.intake_proofs (tenant_id, intake_id, proved_at) WHERE ended_at IS NULL;
${tenantTable('identity', 'intake_proofs', {}, 'SELECT (tenant_id, intake_id, token_sha256, expires_at, ended_at)')}`,
  )
}

/** What is over for everybody who holds the link: devices that are known, and the code that is out. */
const endProofs = (intake: string): string => `
  UPDATE identity.intake_proofs p SET ended_at = p_at WHERE p.tenant_id = ${here} AND p.intake_id = ${intake} AND p.ended_at IS NULL;
  UPDATE identity.proof_codes c SET ended_at = p_at, sealed = NULL WHERE c.tenant_id = ${here} AND c.intake_id = ${intake} AND c.ended_at IS NULL;`

async function links(knex: Knex): Promise<void> {
  await knex.raw(`SET LOCAL ROLE ${acrossRole}; DROP FUNCTION identity.find_link(text, timestamptz); RESET ROLE`)
  await acrossFunction(knex, 'identity', {
    signature: 'identity.find_link(p_link_sha256 text, p_now timestamptz, p_proofs text[])',
    returns: 'TABLE (tenant_id uuid, region text, intake_id uuid, visit_id uuid, status text, expires_at timestamptz, proof text)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT s.tenant_id, t.region, s.id, s.visit_id,
      CASE WHEN s.revoked_at IS NOT NULL THEN 'revoked' WHEN s.status IN ('created', 'opened') AND s.expires_at <= p_now THEN 'expired' ELSE s.status::text END,
      s.expires_at,
      CASE WHEN NOT s.guarded THEN 'not-asked' WHEN EXISTS (SELECT 1 FROM identity.intake_proofs p WHERE p.tenant_id = s.tenant_id AND p.intake_id = s.id
        AND p.token_sha256 = ANY (p_proofs) AND p.ended_at IS NULL AND p.expires_at > p_now) THEN 'given' ELSE 'asked' END
    FROM identity.intake_sessions s JOIN identity.tenants t ON t.tenant_id = s.tenant_id AND t.status = 'active'
    WHERE s.link_sha256 = p_link_sha256;
END`,
    callers: ['hub_api'],
  })
  await asOwner(knex, 'identity', 'DROP FUNCTION identity.renew_link(uuid, text, timestamptz, text, text, timestamptz)')
  await contextFunction(knex, 'identity', {
    signature: 'identity.renew_link(p_id uuid, p_link_sha256 text, p_expires_at timestamptz, p_actor text, p_correlation_id text, p_at timestamptz)',
    returns: 'text',
    // The row lock stands against a submit of the same moment: a form that was sent keeps the link it was sent with, unless that was revoked.
    // Locks of an intake are taken in one order everywhere: limits, session, codes. A link that nothing is behind any more asks for no proof that nobody
    // could give.
    body: `DECLARE session identity.intake_sessions%ROWTYPE;
BEGIN
  PERFORM 1 FROM identity.proof_limits l WHERE l.tenant_id = ${here} AND l.intake_id = p_id FOR UPDATE;
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_id FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not-found'; END IF;
  IF session.status = 'submitted' AND session.revoked_at IS NULL THEN RETURN 'submitted'; END IF;
  UPDATE identity.intake_sessions s SET link_sha256 = p_link_sha256, expires_at = p_expires_at, revoked_at = NULL,
    status = CASE WHEN s.status = 'submitted' THEN 'submitted' WHEN s.opened_at IS NULL THEN 'created' ELSE 'opened' END::identity.intake_status,
    guarded = s.status = 'submitted'
      OR EXISTS (SELECT 1 FROM identity.visit_contacts c WHERE c.tenant_id = ${here} AND c.visit_id = s.visit_id AND c.sealed IS NOT NULL)
      OR EXISTS (SELECT 1 FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = p_id AND d.sealed IS NOT NULL)
  WHERE s.tenant_id = ${here} AND s.id = p_id;
  UPDATE identity.intake_drafts d SET due_at = p_expires_at WHERE d.tenant_id = ${here} AND d.intake_id = p_id AND d.sealed IS NOT NULL;
  UPDATE identity.proof_limits l SET failures = 0, paused_until = NULL WHERE l.tenant_id = ${here} AND l.intake_id = p_id;${endProofs('p_id')}
  PERFORM compliance.audit(p_at, p_actor, 'link.renew', 'intake:' || p_id, NULL, 'ok', p_correlation_id);
  RETURN 'renewed';
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.revoke_link(p_id uuid, p_actor text, p_correlation_id text, p_at timestamptz)',
    returns: 'boolean',
    body: `BEGIN
  UPDATE identity.intake_sessions s SET revoked_at = coalesce(s.revoked_at, p_at) WHERE s.tenant_id = ${here} AND s.id = p_id;
  IF NOT FOUND THEN RETURN false; END IF;${endProofs('p_id')}
  PERFORM compliance.audit(p_at, p_actor, 'link.revoke', 'intake:' || p_id, NULL, 'ok', p_correlation_id);
  RETURN true;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.keep_link(p_id uuid, p_key_version integer, p_sealed bytea, p_at timestamptz)',
    returns: 'void',
    body: `BEGIN
  INSERT INTO identity.intake_links (tenant_id, intake_id, key_version, sealed, made_at) VALUES (${here}, p_id, p_key_version, p_sealed, p_at)
  ON CONFLICT (tenant_id, intake_id) DO UPDATE SET key_version = excluded.key_version, sealed = excluded.sealed, made_at = excluded.made_at;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.open_link(p_id uuid, p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'TABLE (sealed bytea, usable boolean, expires_at timestamptz)',
    body: `BEGIN
  PERFORM compliance.audit(p_at, p_actor, 'link.open', 'intake:' || p_id, p_purpose, 'ok', NULL);
  RETURN QUERY SELECT l.sealed, s.revoked_at IS NULL AND (s.status = 'submitted' OR (s.status IN ('created', 'opened') AND s.expires_at > p_at)), s.expires_at
    FROM identity.intake_sessions s JOIN identity.intake_links l ON l.tenant_id = s.tenant_id AND l.intake_id = s.id
    WHERE s.tenant_id = ${here} AND s.id = p_id;
END`,
    callers: ['hub_engine'],
  })
}

async function contacts(knex: Knex): Promise<void> {
  await contextFunction(knex, 'identity', {
    signature: 'identity.typed_for(p_visit_id uuid, p_actor text, p_at timestamptz)',
    returns: 'TABLE (intake_id uuid, contact bytea, draft bytea, patient_id uuid, answers bytea)',
    // What is being typed or was sent, and for whom: whoever changes the contact looks whether it is somebody else's. Locked until that is decided.
    body: `DECLARE session identity.intake_sessions%ROWTYPE;
BEGIN
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.visit_id = p_visit_id FOR UPDATE;
  IF NOT EXISTS (SELECT 1 FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = session.id AND d.sealed IS NOT NULL)
    AND session.patient_id IS NULL THEN RETURN; END IF;
  PERFORM compliance.audit(p_at, p_actor, 'contact.read', 'visit:' || p_visit_id, 'contact', 'ok', NULL);
  IF session.patient_id IS NOT NULL THEN
    PERFORM compliance.audit(p_at, p_actor, 'phi.read', 'patient:' || session.patient_id || ' fields:birthDate,familyName,givenName', 'contact', 'ok', NULL);
    RETURN QUERY SELECT session.id, NULL::bytea, NULL::bytea, f.patient_id, f.sealed FROM identity.patient_phi f
      WHERE f.tenant_id = ${here} AND f.patient_id = session.patient_id AND f.part = 'answers';
    RETURN;
  END IF;
  RETURN QUERY SELECT d.intake_id, c.sealed, d.sealed, NULL::uuid, NULL::bytea FROM identity.intake_drafts d
    LEFT JOIN identity.visit_contacts c ON c.tenant_id = d.tenant_id AND c.visit_id = p_visit_id
    WHERE d.tenant_id = ${here} AND d.intake_id = session.id;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature:
      'identity.save_contact(p_visit_id uuid, p_key_version integer, p_sealed bytea, p_match bytea, p_another boolean, p_actor text, p_at timestamptz)',
    returns: 'boolean',
    // A contact that names somebody else ends what was proved by the one before; so does one that was the words of whoever holds the link until now, however
    // alike: nobody has proved by those that they are the person. Null takes it back, and what was sent stays behind the proof: the number
    // that the contact was taken back for may be the one that holds the link. p_another: what is typed so far is not this person's, and goes.
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
  await contextFunction(knex, 'identity', {
    signature: 'identity.tell_contact(p_visit_id uuid, p_key_version integer, p_sealed bytea, p_match bytea, p_at timestamptz)',
    returns: 'boolean',
    body: `BEGIN
  INSERT INTO identity.visit_contacts AS c (tenant_id, visit_id, source, key_version, sealed, match_mac, saved_at)
  VALUES (${here}, p_visit_id, 'patient', p_key_version, p_sealed, p_match, p_at)
  ON CONFLICT (tenant_id, visit_id) DO UPDATE SET source = 'patient', key_version = excluded.key_version, sealed = excluded.sealed,
    match_mac = excluded.match_mac, saved_at = excluded.saved_at WHERE c.source = 'patient' OR c.sealed IS NULL;
  RETURN FOUND;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.read_contacts(p_visit_ids uuid[], p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'TABLE (visit_id uuid, source text, sealed bytea)',
    body: `BEGIN
  PERFORM compliance.audit(p_at, p_actor, 'contact.read', left('visits:' || cardinality(p_visit_ids) || ' ' || array_to_string(p_visit_ids, ','), 200), p_purpose,
    'ok', NULL);
  RETURN QUERY SELECT c.visit_id, c.source::text, c.sealed FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = ANY (p_visit_ids) AND c.sealed IS NOT NULL;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.open_previous(p_intake_id uuid, p_proofs text[], p_since timestamptz, p_actor text, p_at timestamptz)',
    returns: 'TABLE (patient_id uuid, sealed bytea, submitted_at timestamptz)',
    // Whose answers these are is decided here: by the contact that the clinic gave, for a device that has proved itself at this very link.
    body: `DECLARE v_match bytea; v_patient uuid;
BEGIN
  SELECT c.match_mac INTO v_match FROM identity.intake_sessions s JOIN identity.visit_contacts c ON c.tenant_id = s.tenant_id AND c.visit_id = s.visit_id
  WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.revoked_at IS NULL AND s.status IN ('created', 'opened') AND s.expires_at > p_at
    AND c.source = 'staff' AND c.sealed IS NOT NULL
    AND EXISTS (SELECT 1 FROM identity.intake_proofs p WHERE p.tenant_id = ${here} AND p.intake_id = p_intake_id AND p.token_sha256 = ANY (p_proofs)
      AND p.ended_at IS NULL AND p.expires_at > p_at);
  IF v_match IS NULL THEN RETURN; END IF;
  SELECT p.id INTO v_patient FROM identity.patients p WHERE p.tenant_id = ${here} AND p.match_mac = v_match AND p.created_at >= p_since
  ORDER BY p.created_at DESC LIMIT 1;
  IF v_patient IS NULL THEN RETURN; END IF;
  PERFORM compliance.audit(p_at, p_actor, 'phi.read', 'patient:' || v_patient || ' fields:all', 'previous-answers', 'ok', NULL);
  RETURN QUERY SELECT v_patient, f.sealed, p.created_at FROM identity.patient_phi f JOIN identity.patients p ON p.tenant_id = f.tenant_id AND p.id = f.patient_id
    WHERE f.tenant_id = ${here} AND f.patient_id = v_patient AND f.part = 'answers';
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.set_match(p_patient_id uuid, p_visit_id uuid, p_match bytea, p_key_version integer, p_contact bytea, p_at timestamptz)',
    returns: 'void',
    // A contact that the patient's own form has written follows what is put right there; what the clinic wrote is the clinic's to change.
    body: `BEGIN
  UPDATE identity.patients p SET match_mac = p_match WHERE p.tenant_id = ${here} AND p.id = p_patient_id;
  UPDATE identity.visit_contacts c SET key_version = p_key_version, sealed = p_contact, match_mac = p_match, saved_at = p_at
  WHERE c.tenant_id = ${here} AND c.visit_id = p_visit_id AND c.source = 'patient' AND c.sealed IS NOT NULL AND p_contact IS NOT NULL;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
}

async function drafts(knex: Knex): Promise<void> {
  await contextFunction(knex, 'identity', {
    signature:
      'identity.save_draft(p_intake_id uuid, p_seen integer, p_proved boolean, p_key_version integer, p_sealed bytea, p_proof_id uuid, p_proof_sha256 text, p_proof_until timestamptz, p_at timestamptz)',
    returns: 'TABLE (is_done text, version integer)',
    // The session's lock puts saves, the submit and the desk in one line. The first save of an open link makes it a guarded one, and its device a known one.
    body: `DECLARE session identity.intake_sessions%ROWTYPE; v_version integer;
BEGIN
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id FOR UPDATE;
  IF NOT FOUND OR session.revoked_at IS NOT NULL OR session.status NOT IN ('created', 'opened') OR session.expires_at <= p_at THEN
    RETURN QUERY SELECT 'closed', 0; RETURN;
  END IF;
  IF session.guarded AND NOT p_proved THEN RETURN QUERY SELECT 'proof-needed', 0; RETURN; END IF;
  SELECT d.version INTO v_version FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = p_intake_id;
  v_version := coalesce(v_version, 0);
  IF v_version <> p_seen THEN RETURN QUERY SELECT 'changed', v_version; RETURN; END IF;
  INSERT INTO identity.intake_drafts AS d (tenant_id, intake_id, version, key_version, sealed, saved_at, due_at)
  VALUES (${here}, p_intake_id, v_version + 1, p_key_version, p_sealed, p_at, session.expires_at)
  ON CONFLICT (tenant_id, intake_id) DO UPDATE SET version = excluded.version, key_version = excluded.key_version, sealed = excluded.sealed,
    saved_at = excluded.saved_at, due_at = excluded.due_at;
  IF session.guarded THEN RETURN QUERY SELECT 'saved', v_version + 1; RETURN; END IF;
  UPDATE identity.intake_sessions s SET guarded = true WHERE s.tenant_id = ${here} AND s.id = p_intake_id;
  INSERT INTO identity.intake_proofs (tenant_id, id, intake_id, token_sha256, proved_at, expires_at)
  VALUES (${here}, p_proof_id, p_intake_id, p_proof_sha256, p_at, p_proof_until);
  RETURN QUERY SELECT 'first', v_version + 1;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.read_draft(p_intake_id uuid, p_actor text, p_at timestamptz)',
    returns: 'TABLE (version integer, sealed bytea, saved_at timestamptz)',
    // Where there is none, nothing was read: the form opens also while storage takes nothing new.
    body: `BEGIN
  IF EXISTS (SELECT 1 FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = p_intake_id AND d.sealed IS NOT NULL) THEN
    PERFORM compliance.audit(p_at, p_actor, 'draft.read', 'intake:' || p_intake_id, 'treatment', 'ok', NULL);
  END IF;
  RETURN QUERY SELECT d.version, d.sealed, d.saved_at FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = p_intake_id;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.clear_draft(p_intake_id uuid, p_actor text, p_at timestamptz)',
    // True: what the patient had typed of how to reach them went with it.
    returns: 'boolean',
    // The version goes on counting: what another device still has open cannot bring back what was cleared.
    body: `DECLARE session identity.intake_sessions%ROWTYPE; v_told boolean;
BEGIN
  SELECT * INTO session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id FOR UPDATE;
  IF NOT FOUND OR session.status = 'submitted' THEN RETURN false; END IF;
  UPDATE identity.intake_drafts d SET sealed = NULL, due_at = NULL, version = d.version + 1, saved_at = p_at
  WHERE d.tenant_id = ${here} AND d.intake_id = p_intake_id AND d.sealed IS NOT NULL;
  UPDATE identity.visit_contacts c SET sealed = NULL, match_mac = NULL, saved_at = p_at
  WHERE c.tenant_id = ${here} AND c.visit_id = session.visit_id AND c.source = 'patient' AND c.sealed IS NOT NULL;
  v_told := FOUND;
  UPDATE identity.intake_sessions s SET guarded = EXISTS (SELECT 1 FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = s.visit_id AND c.source = 'staff' AND c.sealed IS NOT NULL)
  WHERE s.tenant_id = ${here} AND s.id = p_intake_id;
  PERFORM compliance.audit(p_at, p_actor, 'draft.clear', 'intake:' || p_intake_id, NULL, 'ok', NULL);
  RETURN v_told;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.empty_ended(p_at timestamptz)',
    returns: 'integer',
    body: `DECLARE emptied integer; codes integer;
BEGIN
  UPDATE identity.visit_contacts c SET sealed = NULL, match_mac = NULL, phone_key = NULL, mail_key = NULL FROM identity.intake_sessions s, identity.intake_drafts d
  WHERE d.tenant_id = ${here} AND d.due_at <= p_at AND s.tenant_id = d.tenant_id AND s.id = d.intake_id AND s.status <> 'submitted'
    AND c.tenant_id = s.tenant_id AND c.visit_id = s.visit_id AND c.source = 'patient' AND c.sealed IS NOT NULL;
  UPDATE identity.intake_drafts d SET sealed = NULL, due_at = NULL, version = d.version + 1 WHERE d.tenant_id = ${here} AND d.due_at <= p_at;
  GET DIAGNOSTICS emptied = ROW_COUNT;
  UPDATE identity.proof_codes c SET ended_at = p_at, sealed = NULL WHERE c.tenant_id = ${here} AND c.ended_at IS NULL AND c.expires_at <= p_at;
  GET DIAGNOSTICS codes = ROW_COUNT;
  RETURN emptied + codes;
END`,
    callers: ['hub_engine'],
  })
  await acrossFunction(knex, 'identity', {
    signature: 'identity.tenants_with_ended(p_now timestamptz)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT e.tenant_id FROM (
      SELECT d.tenant_id FROM identity.intake_drafts d WHERE d.due_at <= p_now
      UNION SELECT c.tenant_id FROM identity.proof_codes c WHERE c.ended_at IS NULL AND c.expires_at <= p_now) e LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}

async function codes(knex: Knex): Promise<void> {
  await contextFunction(knex, 'identity', {
    signature:
      'identity.ask_code(p_intake_id uuid, p_id uuid, p_way text, p_mac bytea, p_key_version integer, p_sealed bytea, p_every_seconds integer, p_hour_max integer, p_expires_at timestamptz, p_actor text, p_at timestamptz)',
    returns: 'TABLE (visit_id uuid, paused_until timestamptz)',
    // One line per intake, whichever process is asked. A code that the desk reads out lifts the pause: somebody looked at the patient.
    body: `DECLARE session identity.intake_sessions%ROWTYPE; v_until timestamptz; v_sent integer; v_first timestamptz; v_last timestamptz;
BEGIN
  INSERT INTO identity.proof_limits (tenant_id, intake_id)
  SELECT s.tenant_id, s.id FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id ON CONFLICT DO NOTHING;
  SELECT l.paused_until INTO v_until FROM identity.proof_limits l WHERE l.tenant_id = ${here} AND l.intake_id = p_intake_id FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT * INTO STRICT session FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id FOR KEY SHARE;
  IF session.revoked_at IS NOT NULL THEN RETURN; END IF;
  IF p_way = 'desk' THEN
    UPDATE identity.proof_limits l SET failures = 0, paused_until = NULL WHERE l.tenant_id = ${here} AND l.intake_id = p_intake_id;
    PERFORM compliance.audit(p_at, p_actor, 'code.show', 'intake:' || p_intake_id, 'treatment', 'ok', NULL);
  ELSE
    SELECT count(*), min(c.asked_at), max(c.asked_at) INTO v_sent, v_first, v_last FROM identity.proof_codes c
    WHERE c.tenant_id = ${here} AND c.intake_id = p_intake_id AND c.way <> 'desk' AND c.asked_at > p_at - interval '1 hour';
    v_until := greatest(v_until, v_last + make_interval(secs => p_every_seconds), CASE WHEN v_sent >= p_hour_max THEN v_first + interval '1 hour' END);
    IF v_until > p_at THEN RETURN QUERY SELECT session.visit_id, v_until; RETURN; END IF;
  END IF;
  UPDATE identity.proof_codes c SET ended_at = p_at, sealed = NULL WHERE c.tenant_id = ${here} AND c.intake_id = p_intake_id AND c.ended_at IS NULL;
  INSERT INTO identity.proof_codes (tenant_id, id, intake_id, way, code_mac, key_version, sealed, asked_at, expires_at)
  VALUES (${here}, p_id, p_intake_id, p_way::identity.code_way, p_mac, p_key_version, p_sealed, p_at, p_expires_at);
  RETURN QUERY SELECT session.visit_id, NULL::timestamptz;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.open_code(p_id uuid, p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'bytea',
    body: `BEGIN
  PERFORM compliance.audit(p_at, p_actor, 'code.open', 'code:' || p_id, p_purpose, 'ok', NULL);
  RETURN (SELECT c.sealed FROM identity.proof_codes c WHERE c.tenant_id = ${here} AND c.id = p_id AND c.ended_at IS NULL AND c.expires_at > p_at);
END`,
    callers: ['hub_engine'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.proof_facts(p_intake_id uuid, p_actor text, p_at timestamptz)',
    returns:
      'TABLE (visit_id uuid, contact bytea, draft bytea, patient_id uuid, answers bytea, paused_until timestamptz, code_id uuid, code_mac bytea, code_expires_at timestamptz, tries integer)',
    // The answers that were sent, where the contact cannot be one with a birth date and a number: then they say the birth date that is asked for.
    body: `DECLARE v_patient uuid;
BEGIN
  PERFORM compliance.audit(p_at, p_actor, 'contact.read', 'intake:' || p_intake_id, 'proof', 'ok', NULL);
  SELECT s.patient_id INTO v_patient FROM identity.intake_sessions s
    LEFT JOIN identity.visit_contacts v ON v.tenant_id = s.tenant_id AND v.visit_id = s.visit_id
    WHERE s.tenant_id = ${here} AND s.id = p_intake_id AND s.revoked_at IS NULL AND v.match_mac IS NULL;
  IF v_patient IS NOT NULL THEN
    PERFORM compliance.audit(p_at, p_actor, 'phi.read', 'patient:' || v_patient || ' fields:birthDate', 'proof', 'ok', NULL);
  END IF;
  RETURN QUERY SELECT s.visit_id, v.sealed, d.sealed, f.patient_id, f.sealed, CASE WHEN l.paused_until > p_at THEN l.paused_until END, c.id, c.code_mac, c.expires_at, c.tries
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
  await contextFunction(knex, 'identity', {
    signature: 'identity.lock_proof(p_intake_id uuid)',
    returns: 'void',
    // Guesses of one intake stand in line here, from however many browsers and processes; each finds what the one before it has counted.
    body: `BEGIN
  INSERT INTO identity.proof_limits (tenant_id, intake_id)
  SELECT s.tenant_id, s.id FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id ON CONFLICT DO NOTHING;
  PERFORM 1 FROM identity.proof_limits l WHERE l.tenant_id = ${here} AND l.intake_id = p_intake_id FOR UPDATE;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.count_wrong(p_intake_id uuid, p_code_id uuid, p_tries_max integer, p_actor text, p_at timestamptz)',
    returns: 'integer',
    body: `DECLARE v_failures integer;
BEGIN
  UPDATE identity.proof_codes c SET tries = c.tries + 1, ended_at = CASE WHEN c.tries + 1 >= p_tries_max THEN p_at END,
    sealed = CASE WHEN c.tries + 1 >= p_tries_max THEN NULL ELSE c.sealed END
  WHERE c.tenant_id = ${here} AND c.id = p_code_id AND c.intake_id = p_intake_id;
  UPDATE identity.proof_limits l SET failures = l.failures + 1 WHERE l.tenant_id = ${here} AND l.intake_id = p_intake_id RETURNING l.failures INTO v_failures;
  PERFORM compliance.audit(p_at, p_actor, 'proof.try', 'intake:' || p_intake_id, NULL, 'denied', NULL);
  RETURN v_failures;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.pause_proof(p_intake_id uuid, p_until timestamptz)',
    returns: 'void',
    body: `BEGIN
  UPDATE identity.proof_limits l SET paused_until = p_until WHERE l.tenant_id = ${here} AND l.intake_id = p_intake_id;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature:
      'identity.give_proof(p_intake_id uuid, p_code_id uuid, p_id uuid, p_token_sha256 text, p_until timestamptz, p_proofs_max integer, p_actor text, p_at timestamptz)',
    returns: 'boolean',
    // A link that was revoked or renewed a moment ago has ended this code: there is nothing to prove any more.
    body: `DECLARE v_live boolean;
BEGIN
  SELECT s.revoked_at IS NULL INTO v_live FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.id = p_intake_id FOR UPDATE;
  IF NOT coalesce(v_live, false) THEN RETURN false; END IF;
  UPDATE identity.proof_codes c SET ended_at = p_at, sealed = NULL WHERE c.tenant_id = ${here} AND c.id = p_code_id AND c.intake_id = p_intake_id AND c.ended_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE identity.proof_limits l SET failures = 0, paused_until = NULL WHERE l.tenant_id = ${here} AND l.intake_id = p_intake_id;
  UPDATE identity.intake_proofs p SET ended_at = p_at WHERE p.tenant_id = ${here} AND p.id IN (
    SELECT o.id FROM identity.intake_proofs o WHERE o.tenant_id = ${here} AND o.intake_id = p_intake_id AND o.ended_at IS NULL
    ORDER BY o.proved_at DESC OFFSET p_proofs_max - 1);
  INSERT INTO identity.intake_proofs (tenant_id, id, intake_id, token_sha256, proved_at, expires_at) VALUES (${here}, p_id, p_intake_id, p_token_sha256, p_at, p_until);
  PERFORM compliance.audit(p_at, p_actor, 'proof.give', 'intake:' || p_intake_id, NULL, 'ok', NULL);
  RETURN true;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.end_proofs(p_intake_id uuid, p_proofs text[], p_at timestamptz)',
    returns: 'void',
    body: `BEGIN
  UPDATE identity.intake_proofs p SET ended_at = p_at WHERE p.tenant_id = ${here} AND p.intake_id = p_intake_id AND p.token_sha256 = ANY (p_proofs) AND p.ended_at IS NULL;
END`,
    callers: ['hub_api'],
  })
}

async function submit(knex: Knex): Promise<void> {
  await asOwner(knex, 'identity', 'DROP FUNCTION identity.submit_intake(uuid, jsonb, bytea, integer, bytea, bytea)')
  await contextFunction(knex, 'identity', {
    signature: 'identity.submit_intake(p_tenant uuid, p_doc jsonb, p_body_mac bytea, p_key_version integer, p_answers bytea, p_signature bytea)',
    returns: 'text',
    body: submitBody,
    callers: ['hub_api'],
  })
}

/**
 * Still one call, one round trip, one commit. New in it: what finds this patient again, how they are reached where nobody has said it yet, and the end
 * of the draft. The keys beside the contact (0051) are those of this very contact: who wants no messages is found by them.
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
  IF NOT FOUND OR session.revoked_at IS NOT NULL THEN RETURN 'closed'; END IF;
  IF session.status = 'submitted' THEN
    IF session.idempotency_key <> p_doc->>'idempotencyKey' THEN RETURN 'closed'; END IF;
    IF session.body_mac = p_body_mac THEN RETURN 'replayed'; END IF;
    RETURN 'conflict';
  END IF;
  IF session.status NOT IN ('created', 'opened') OR session.expires_at <= v_now THEN RETURN 'closed'; END IF;
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
  END IF;
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
