import type { Knex } from 'knex'
import { acrossFunction, acrossRole, asOwner, contextFunction, ownerOf, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/** What asking by batch needs of `messaging`: control numbers, the files that partners leave, and incidents. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'identity', `ALTER TYPE identity.document_kind ADD VALUE 'received-file'`)
  await numbers(knex)
  await files(knex)
  await incidents(knex)
}

/**
 * The counter belongs to the partner's sequence, which several clinics may share; which number went to which key is the clinic's.
 * The counter's row lock makes takers stand in line, and one commit holds both rows: nothing is skipped, nothing is given twice.
 */
async function numbers(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
CREATE TABLE messaging.control_counters (
  sequence text PRIMARY KEY CHECK (length(sequence) BETWEEN 1 AND 120),
  last integer NOT NULL CHECK (last BETWEEN 0 AND 999999999)
);
CREATE TABLE messaging.control_numbers (
  tenant_id uuid NOT NULL,
  sequence text NOT NULL CHECK (length(sequence) BETWEEN 1 AND 120),
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  number integer NOT NULL CHECK (number BETWEEN 1 AND 999999999),
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, sequence, key),
  CONSTRAINT control_numbers_once UNIQUE (tenant_id, sequence, number)
);
${tenantTable('messaging', 'control_numbers', {})}`,
  )
  await contextFunction(knex, 'messaging', {
    signature: 'messaging.take_control_number(p_sequence text, p_key text, p_at timestamptz)',
    returns: 'TABLE (number integer, taken_at timestamptz)',
    body: `DECLARE v_last integer;
BEGIN
  RETURN QUERY SELECT n.number, n.taken_at FROM messaging.control_numbers n WHERE n.tenant_id = ${here} AND n.sequence = p_sequence AND n.key = p_key;
  IF FOUND THEN RETURN; END IF;
  INSERT INTO messaging.control_counters (sequence, last) VALUES (p_sequence, 0) ON CONFLICT DO NOTHING;
  SELECT c.last INTO STRICT v_last FROM messaging.control_counters c WHERE c.sequence = p_sequence FOR UPDATE;
  -- Whoever held the lock may have taken a number for this very key.
  RETURN QUERY SELECT n.number, n.taken_at FROM messaging.control_numbers n WHERE n.tenant_id = ${here} AND n.sequence = p_sequence AND n.key = p_key;
  IF FOUND THEN RETURN; END IF;
  IF v_last >= 999999999 THEN
    RAISE EXCEPTION 'control numbers of this sequence are used up' USING ERRCODE = 'program_limit_exceeded';
  END IF;
  UPDATE messaging.control_counters c SET last = v_last + 1 WHERE c.sequence = p_sequence;
  INSERT INTO messaging.control_numbers (tenant_id, sequence, key, number, taken_at) VALUES (${here}, p_sequence, p_key, v_last + 1, p_at);
  RETURN QUERY SELECT v_last + 1, p_at;
END`,
    callers: ['hub_engine'],
  })
  await contextFunction(knex, 'messaging', {
    signature: 'messaging.raise_control_counter(p_sequence text, p_at_least integer)',
    returns: 'integer',
    // For an operator after a restore: numbers given since the backup must not be given again. Never lowers.
    body: `DECLARE v_last integer;
BEGIN
  INSERT INTO messaging.control_counters AS c (sequence, last) VALUES (p_sequence, p_at_least)
  ON CONFLICT (sequence) DO UPDATE SET last = greatest(c.last, excluded.last) RETURNING c.last INTO v_last;
  RETURN v_last;
END`,
    callers: [ownerOf('messaging')],
  })
}

/** Bytes are sealed in `identity`, in parts: a document has a size limit. Here are a file's hash, its size and how far it was read. */
async function files(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
CREATE TYPE messaging.file_status AS ENUM ('kept', 'read');
CREATE TABLE messaging.received_files (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  receiver text NOT NULL CHECK (length(receiver) BETWEEN 1 AND 80),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer NOT NULL CHECK (bytes BETWEEN 0 AND 268435456),
  name_document_id uuid NOT NULL,
  copies integer NOT NULL DEFAULT 1 CHECK (copies >= 1),
  status messaging.file_status NOT NULL DEFAULT 'kept',
  items integer NOT NULL DEFAULT 0 CHECK (items >= 0),
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  not_before timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT received_files_once UNIQUE (tenant_id, receiver, sha256),
  CHECK ((status = 'read') = (read_at IS NOT NULL))
);
CREATE INDEX received_files_unread ON messaging.received_files (tenant_id, not_before, id) WHERE status = 'kept';
${tenantTable('messaging', 'received_files', { hub_engine: 'SELECT, INSERT, UPDATE' })};
CREATE TABLE messaging.received_file_parts (
  tenant_id uuid NOT NULL,
  file_id uuid NOT NULL,
  part integer NOT NULL CHECK (part BETWEEN 1 AND 512),
  document_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, file_id, part),
  FOREIGN KEY (tenant_id, file_id) REFERENCES messaging.received_files (tenant_id, id)
);
${tenantTable('messaging', 'received_file_parts', { hub_engine: 'SELECT, INSERT' })};
CREATE TABLE messaging.receive_turns (
  tenant_id uuid NOT NULL,
  receiver text NOT NULL CHECK (length(receiver) BETWEEN 1 AND 80),
  turn integer NOT NULL CHECK (turn >= 1),
  owner text NOT NULL CHECK (length(owner) BETWEEN 1 AND 80),
  looked_at timestamptz NOT NULL,
  lease_until timestamptz,
  PRIMARY KEY (tenant_id, receiver)
);
${tenantTable('messaging', 'receive_turns', { hub_engine: 'SELECT, INSERT, UPDATE' })}`,
  )
  await asOwner(
    knex,
    'identity',
    `CREATE POLICY across_rows ON identity.connections FOR ALL TO ${acrossRole} USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, adapter_id) ON identity.connections TO ${acrossRole}`,
  )
  await acrossFunction(knex, 'identity', {
    signature: 'identity.tenants_connected(p_adapter_id text)',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT c.tenant_id FROM identity.connections c JOIN identity.tenants t ON t.tenant_id = c.tenant_id AND t.status = 'active'
    WHERE c.adapter_id = p_adapter_id ORDER BY c.tenant_id LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
}

/** One open row per cause, with a count. Other contexts raise and settle them inside their own commit. */
async function incidents(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
CREATE TYPE messaging.incident_kind AS ENUM ('silence', 'batch-refused', 'set-rejected', 'unmatched-answer', 'conflicting-answer', 'unreadable-file');
CREATE TYPE messaging.incident_status AS ENUM ('open', 'resolved');
CREATE TYPE messaging.incident_about AS ENUM ('batch', 'file', 'payer', 'request');
CREATE TYPE messaging.incident_reason AS ENUM ('partner-is-back', 'confirmed-by-phone', 'confirmed-on-website', 'data-corrected', 'connection-fixed',
  'software-fixed', 'visit-cancelled', 'duplicate', 'other', 'sent-again', 'went-away');
CREATE TABLE messaging.incidents (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind messaging.incident_kind NOT NULL,
  partner text NOT NULL CHECK (length(partner) BETWEEN 1 AND 40),
  payer_id text CHECK (length(payer_id) BETWEEN 2 AND 40),
  about messaging.incident_about NOT NULL,
  about_id text NOT NULL CHECK (length(about_id) BETWEEN 1 AND 40),
  count integer NOT NULL CHECK (count >= 1),
  status messaging.incident_status NOT NULL DEFAULT 'open',
  opened_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  reason messaging.incident_reason,
  closed_by text CHECK (length(closed_by) BETWEEN 1 AND 80),
  closed_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK ((status = 'resolved') = (reason IS NOT NULL AND closed_by IS NOT NULL AND closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX incidents_one_open ON messaging.incidents (tenant_id, kind, partner, about, about_id) WHERE status = 'open';
CREATE INDEX incidents_open ON messaging.incidents (tenant_id, opened_at, id) WHERE status = 'open';
CREATE INDEX incidents_resolved ON messaging.incidents (tenant_id, closed_at, id) WHERE status = 'resolved';
${tenantTable('messaging', 'incidents', { hub_api: 'SELECT, UPDATE (status, reason, closed_by, closed_at)', hub_engine: 'SELECT' })}`,
  )
  await contextFunction(knex, 'messaging', {
    signature:
      'messaging.raise_incident(p_id uuid, p_kind text, p_partner text, p_payer_id text, p_about text, p_about_id text, p_count integer, p_add boolean, p_at timestamptz)',
    returns: 'boolean',
    // True when it opened one; `p_add` false says how many there are now, in place of how many more.
    body: `DECLARE v_id uuid;
BEGIN
  INSERT INTO messaging.incidents AS i (tenant_id, id, kind, partner, payer_id, about, about_id, count, opened_at, last_at)
  VALUES (${here}, p_id, p_kind::messaging.incident_kind, p_partner, p_payer_id, p_about::messaging.incident_about, p_about_id, p_count, p_at, p_at)
  ON CONFLICT (tenant_id, kind, partner, about, about_id) WHERE status = 'open'
  DO UPDATE SET count = CASE WHEN p_add THEN least(i.count + p_count, 1000000) ELSE p_count END, last_at = greatest(i.last_at, p_at)
  RETURNING i.id INTO v_id;
  RETURN v_id = p_id;
END`,
    callers: ['hub_engine'],
  })
  await contextFunction(knex, 'messaging', {
    signature: 'messaging.settle_incident(p_kind text, p_partner text, p_about text, p_about_id text, p_actor text, p_at timestamptz)',
    returns: 'boolean',
    body: `BEGIN
  UPDATE messaging.incidents i SET status = 'resolved', reason = 'went-away', closed_by = p_actor, closed_at = p_at
  WHERE i.tenant_id = ${here} AND i.status = 'open' AND i.kind = p_kind::messaging.incident_kind AND i.partner = p_partner
    AND i.about = p_about::messaging.incident_about AND i.about_id = p_about_id;
  RETURN FOUND;
END`,
    callers: ['hub_engine'],
  })
}
