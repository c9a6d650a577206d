import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner } from './kit.ts'

/**
 * Uploads come in parts and say beforehand what they are, a clean photo has a small copy beside it, and what lies in quarantine is taken away
 * when it has served. Every clinic that scans gets the second version of the flow; what is under way keeps the version it is pinned to. As in
 * 0022, the table's owner is freed of its one tenant for this one statement.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'media',
    `
ALTER TABLE media.uploads
  ADD COLUMN bytes integer CHECK (bytes BETWEEN 1 AND 10485760),
  ADD COLUMN declared_sha256 text CHECK (declared_sha256 ~ '^[0-9a-f]{64}$'),
  ADD COLUMN part_bytes integer CHECK (part_bytes >= 1),
  ADD COLUMN first_requested_at timestamptz,
  ADD COLUMN thumb_key text CHECK (length(thumb_key) BETWEEN 1 AND 120),
  ADD COLUMN thumb_sha256 text CHECK (thumb_sha256 ~ '^[0-9a-f]{64}$'),
  ADD COLUMN source_type text CHECK (length(source_type) BETWEEN 1 AND 40),
  ADD COLUMN quarantine_removed_at timestamptz,
  ADD CHECK ((bytes IS NULL) = (declared_sha256 IS NULL) AND (bytes IS NULL) = (part_bytes IS NULL)),
  ADD CHECK ((thumb_key IS NULL) = (thumb_sha256 IS NULL));
ALTER TABLE media.uploads NO FORCE ROW LEVEL SECURITY;
UPDATE media.uploads SET first_requested_at = requested_at;
ALTER TABLE media.uploads FORCE ROW LEVEL SECURITY;
ALTER TABLE media.uploads ALTER COLUMN first_requested_at SET NOT NULL;
CREATE INDEX uploads_in_quarantine ON media.uploads (tenant_id, first_requested_at, id) WHERE quarantine_removed_at IS NULL;
GRANT UPDATE (requested_at) ON media.uploads TO hub_api;
CREATE POLICY across_rows ON media.uploads FOR ALL TO ${acrossRole} USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, status, requested_at, first_requested_at, quarantine_removed_at) ON media.uploads TO ${acrossRole}`,
  )
  await acrossFunction(knex, 'media', {
    signature: 'media.tenants_with_quarantine(p_now timestamptz, p_url_seconds integer, p_upload_hours integer, p_quarantine_days integer)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT DISTINCT u.tenant_id FROM media.uploads u
    WHERE u.quarantine_removed_at IS NULL AND u.first_requested_at < p_now - make_interval(secs => p_url_seconds) AND (
      (u.status IN ('clean', 'rejected') AND u.requested_at < p_now - make_interval(secs => p_url_seconds))
      OR (u.status = 'expected' AND u.first_requested_at < p_now - make_interval(hours => p_upload_hours))
      OR (u.status = 'quarantined' AND u.first_requested_at < p_now - make_interval(days => p_quarantine_days)))
    LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
  await asOwner(
    knex,
    'catalog',
    `
ALTER TABLE catalog.flow_activations NO FORCE ROW LEVEL SECURITY;
INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at)
SELECT a.tenant_id, a.flow, 2, 100, a.activated_at FROM catalog.flow_activations a
WHERE a.flow = 'document-scan' AND a.version = 1 ON CONFLICT DO NOTHING;
ALTER TABLE catalog.flow_activations FORCE ROW LEVEL SECURITY`,
  )
}
