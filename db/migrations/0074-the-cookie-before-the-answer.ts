import type { Knex } from 'knex'
import { asOwner, contextFunction } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * A browser has its cookie before its first save: when the answer to that is lost, the repeat comes with what the save has made known. Such a repeat
 * may also have been looked up before the first save was kept, so who is known is asked once more under the lock. A cookie whose proof ended when the
 * answers were cleared counts again for the browser that types first after it: an open link is its who types.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'identity', 'DROP FUNCTION identity.save_draft(uuid, integer, boolean, integer, bytea, uuid, text, timestamptz, timestamptz)')
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
  IF session.guarded AND NOT p_proved AND NOT EXISTS (SELECT 1 FROM identity.intake_proofs p WHERE p.tenant_id = ${here} AND p.intake_id = p_intake_id
    AND p.token_sha256 = p_proof_sha256 AND p.ended_at IS NULL AND p.expires_at > p_at) THEN
    RETURN QUERY SELECT 'proof-needed', 0; RETURN;
  END IF;
  SELECT d.version INTO v_version FROM identity.intake_drafts d WHERE d.tenant_id = ${here} AND d.intake_id = p_intake_id;
  v_version := coalesce(v_version, 0);
  IF v_version <> p_seen THEN RETURN QUERY SELECT 'changed', v_version; RETURN; END IF;
  IF NOT session.guarded THEN
    INSERT INTO identity.intake_proofs AS p (tenant_id, id, intake_id, token_sha256, proved_at, expires_at)
    VALUES (${here}, p_proof_id, p_intake_id, p_proof_sha256, p_at, p_proof_until)
    ON CONFLICT ON CONSTRAINT intake_proofs_token DO UPDATE SET proved_at = excluded.proved_at, expires_at = excluded.expires_at, ended_at = NULL
      WHERE p.tenant_id = excluded.tenant_id AND p.intake_id = excluded.intake_id;
    -- What is known at another link is not known here as well.
    IF NOT FOUND THEN RETURN QUERY SELECT 'proof-needed', 0; RETURN; END IF;
    UPDATE identity.intake_sessions s SET guarded = true WHERE s.tenant_id = ${here} AND s.id = p_intake_id;
  END IF;
  INSERT INTO identity.intake_drafts AS d (tenant_id, intake_id, version, key_version, sealed, saved_at, due_at)
  VALUES (${here}, p_intake_id, v_version + 1, p_key_version, p_sealed, p_at, session.expires_at)
  ON CONFLICT (tenant_id, intake_id) DO UPDATE SET version = excluded.version, key_version = excluded.key_version, sealed = excluded.sealed,
    saved_at = excluded.saved_at, due_at = excluded.due_at;
  RETURN QUERY SELECT CASE WHEN session.guarded THEN 'saved' ELSE 'first' END, v_version + 1;
END`,
    callers: ['hub_api'],
  })
}
