import type { Knex } from 'knex'
import { asOwner, contextFunction, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/**
 * Who saw a patient's name is asked about one patient, and the line of a long list had room for five of them. Now the line has the count and a hash, and
 * the ids lie beside it, bound by that hash. A line of a file whose visit was called off may be booked anew. And a contact counts its changes, so that of two
 * desks the second sees what the first wrote before it writes over it.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'compliance',
    `
CREATE TABLE compliance.audit_lists (
  tenant_id uuid NOT NULL,
  audit_id uuid NOT NULL,
  at timestamptz NOT NULL,
  subject_ids uuid[] NOT NULL CHECK (cardinality(subject_ids) BETWEEN 1 AND 500),
  PRIMARY KEY (tenant_id, audit_id),
  FOREIGN KEY (tenant_id, audit_id) REFERENCES compliance.audit_logs (tenant_id, id)
);
CREATE INDEX audit_lists_at ON compliance.audit_lists (tenant_id, at);
${tenantTable('compliance', 'audit_lists', {})};
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON compliance.audit_lists FOR EACH STATEMENT EXECUTE FUNCTION compliance.refuse_change()`,
  )
  await contextFunction(knex, 'compliance', {
    signature: 'compliance.audit_list(p_at timestamptz, p_actor text, p_action text, p_what text, p_ids uuid[], p_purpose text)',
    returns: 'void',
    // Sorted, so that the hash can be made again from the ids. Five fit into the line itself.
    body: `DECLARE v_ids uuid[]; v_id uuid; n integer;
BEGIN
  SELECT coalesce(array_agg(DISTINCT one ORDER BY one), '{}') INTO v_ids FROM unnest(p_ids) AS one;
  n := cardinality(v_ids);
  IF n > 500 THEN RAISE EXCEPTION 'a list of % is more than one line of the audit holds', n; END IF;
  INSERT INTO compliance.audit_logs (tenant_id, at, actor, action, resource, purpose, outcome)
  VALUES (${here}, p_at, p_actor, p_action, rtrim(p_what || ':' || n || ' ' || CASE WHEN n <= 5 THEN array_to_string(v_ids, ',')
    ELSE 'sha256:' || encode(sha256(convert_to(array_to_string(v_ids, ','), 'UTF8')), 'hex') END), p_purpose, 'ok') RETURNING id INTO v_id;
  IF n > 5 THEN INSERT INTO compliance.audit_lists (tenant_id, audit_id, at, subject_ids) VALUES (${here}, v_id, p_at, v_ids); END IF;
END`,
    callers: ['ctx_identity'],
  })
  await contextFunction(knex, 'compliance', {
    signature: 'compliance.lines_about(p_ids uuid[], p_from timestamptz, p_until timestamptz, p_limit integer)',
    returns: 'TABLE (at timestamptz, actor text, action text, purpose text, outcome text, subjects integer)',
    // The newest first: lines that name one of these, and lists that hold one. The span is an index's; within it every line is looked at.
    body: `BEGIN
  RETURN QUERY SELECT a.at, a.actor, a.action, a.purpose, a.outcome::text, coalesce(cardinality(l.subject_ids), substring(a.resource FROM '^visits:([0-9]{1,4})')::integer, 1)
    FROM compliance.audit_logs a LEFT JOIN compliance.audit_lists l ON l.tenant_id = a.tenant_id AND l.audit_id = a.id AND l.at >= p_from AND l.at < p_until
    WHERE a.tenant_id = ${here} AND a.at >= p_from AND a.at < p_until
      AND (l.subject_ids && p_ids OR EXISTS (SELECT 1 FROM unnest(p_ids) AS one WHERE position(one::text IN a.resource) > 0))
    ORDER BY a.at DESC, a.id LIMIT p_limit;
END`,
    callers: ['hub_api'],
    volatility: 'STABLE',
  })
  await asOwner(knex, 'identity', 'DROP FUNCTION identity.read_contacts(uuid[], text, text, timestamptz)')
  await contextFunction(knex, 'identity', {
    signature: 'identity.read_contacts(p_visit_ids uuid[], p_purpose text, p_actor text, p_at timestamptz)',
    returns: 'TABLE (visit_id uuid, source text, sealed bytea)',
    // Written down are those whose contact was there to be read: who is not known was not seen.
    body: `DECLARE v_read uuid[];
BEGIN
  SELECT coalesce(array_agg(c.visit_id), '{}') INTO v_read FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = ANY (p_visit_ids) AND c.sealed IS NOT NULL;
  PERFORM compliance.audit_list(p_at, p_actor, 'contact.read', 'visits', v_read, p_purpose);
  RETURN QUERY SELECT c.visit_id, c.source::text, c.sealed FROM identity.visit_contacts c
    WHERE c.tenant_id = ${here} AND c.visit_id = ANY (v_read) AND c.sealed IS NOT NULL;
END`,
    callers: ['hub_api', 'hub_engine'],
  })
  await asOwner(
    knex,
    'identity',
    `
ALTER TABLE identity.visit_contacts ADD COLUMN revision integer NOT NULL DEFAULT 1;
CREATE FUNCTION identity.count_contact() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END
$body$;
REVOKE ALL ON FUNCTION identity.count_contact() FROM PUBLIC;
CREATE TRIGGER counts_changes BEFORE UPDATE ON identity.visit_contacts FOR EACH ROW WHEN (OLD.sealed IS DISTINCT FROM NEW.sealed)
  EXECUTE FUNCTION identity.count_contact()`,
  )
  await contextFunction(knex, 'identity', {
    signature: 'identity.lock_contact(p_visit_id uuid)',
    returns: 'integer',
    // Of two who save at one moment the second waits here, and reads what the first made of it. 0: nobody said anything yet.
    body: `BEGIN
  PERFORM 1 FROM identity.intake_sessions s WHERE s.tenant_id = ${here} AND s.visit_id = p_visit_id FOR UPDATE;
  RETURN coalesce((SELECT c.revision FROM identity.visit_contacts c WHERE c.tenant_id = ${here} AND c.visit_id = p_visit_id), 0);
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'identity', {
    signature: 'identity.contact_revisions(p_visit_ids uuid[])',
    returns: 'TABLE (visit_id uuid, revision integer, by_staff boolean)',
    body: `BEGIN
  RETURN QUERY SELECT c.visit_id, c.revision, c.source = 'staff' FROM identity.visit_contacts c WHERE c.tenant_id = ${here} AND c.visit_id = ANY (p_visit_ids);
END`,
    callers: ['hub_api'],
    volatility: 'STABLE',
  })
  await asOwner(knex, 'clinical', 'GRANT UPDATE (visit_id, imported_at) ON clinical.visit_imports TO hub_api')
}
