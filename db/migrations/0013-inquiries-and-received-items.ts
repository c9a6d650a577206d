import type { Knex } from 'knex'
import { acrossFunction, asOwner, contextFunction, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/** Asking by batch: who waits, what was sent under which numbers, what came back, and which answer is current. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'billing',
    `
CREATE TYPE billing.inquiry_state AS ENUM ('waiting', 'batched', 'sent', 'received', 'accepted', 'set-rejected', 'not-sent', 'answered');
CREATE TYPE billing.queue_reason AS ENUM ('payer-setting', 'no-real-time-answer', 'not-now', 'sent-again');
CREATE TYPE billing.ack_outcome AS ENUM ('accepted', 'rejected');
CREATE TYPE billing.batch_status AS ENUM ('closed', 'sent', 'refused');
CREATE TYPE billing.batch_refusal AS ENUM ('name-taken', 'not-accepted', 'nothing-writable', 'given-up');
CREATE TYPE billing.item_kind AS ENUM ('answer', 'interchange-ack', 'group-ack', 'claim-ack', 'unreadable');
CREATE TYPE billing.item_fate AS ENUM ('applied', 'orphan', 'ambiguous', 'conflict', 'kept');
CREATE TYPE billing.answer_state AS ENUM ('whole', 'in-damaged-file', 'damaged');

CREATE TABLE billing.batches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  status billing.batch_status NOT NULL DEFAULT 'closed',
  inquiries integer NOT NULL CHECK (inquiries BETWEEN 1 AND 500),
  closed_at timestamptz NOT NULL,
  sent_at timestamptz,
  isa13 integer CHECK (isa13 BETWEEN 1 AND 999999999),
  gs06 integer CHECK (gs06 BETWEEN 1 AND 999999999),
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  refusal billing.batch_refusal,
  refused_as_duplicate boolean NOT NULL DEFAULT false,
  ack_due_at timestamptz,
  acknowledged_at timestamptz,
  overdue_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
  CHECK ((status = 'sent') = (isa13 IS NOT NULL AND gs06 IS NOT NULL AND sha256 IS NOT NULL)),
  CHECK ((status = 'refused') = (refusal IS NOT NULL))
);
CREATE INDEX batches_newest ON billing.batches (tenant_id, closed_at);
CREATE INDEX batches_isa13 ON billing.batches (tenant_id, isa13);
CREATE INDEX batches_gs06 ON billing.batches (tenant_id, gs06);
CREATE INDEX batches_unsent ON billing.batches (tenant_id, closed_at) WHERE status = 'closed';
CREATE INDEX batches_unacknowledged ON billing.batches (tenant_id, ack_due_at) WHERE status = 'sent' AND acknowledged_at IS NULL;
${tenantTable('billing', 'batches', { hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE billing.inquiries (
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  round integer NOT NULL CHECK (round BETWEEN 1 AND 1000),
  payer_id text NOT NULL CHECK (length(payer_id) BETWEEN 2 AND 40),
  why billing.queue_reason NOT NULL,
  state billing.inquiry_state NOT NULL DEFAULT 'waiting',
  queued_at timestamptz NOT NULL,
  not_before timestamptz NOT NULL,
  batch_id uuid,
  position integer CHECK (position BETWEEN 1 AND 500),
  st02 text CHECK (length(st02) BETWEEN 1 AND 9),
  left_out boolean NOT NULL DEFAULT false,
  sent_at timestamptz,
  interchange_ack billing.ack_outcome,
  set_ack billing.ack_outcome,
  answered_at timestamptz,
  answer_due_at timestamptz,
  overdue_at timestamptz,
  PRIMARY KEY (tenant_id, request_id, round),
  FOREIGN KEY (tenant_id, request_id) REFERENCES billing.eligibility_requests (tenant_id, id),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES billing.batches (tenant_id, id),
  CHECK ((batch_id IS NULL) = (position IS NULL)),
  CHECK ((state = 'answered') = (answered_at IS NOT NULL))
);
CREATE INDEX inquiries_waiting ON billing.inquiries (tenant_id, not_before, request_id) WHERE state = 'waiting';
CREATE INDEX inquiries_batch ON billing.inquiries (tenant_id, batch_id, position);
CREATE INDEX inquiries_due ON billing.inquiries (tenant_id, answer_due_at) WHERE state IN ('sent', 'received', 'accepted');
${tenantTable('billing', 'inquiries', { hub_engine: 'SELECT, INSERT, UPDATE' }, 'SELECT (tenant_id, state)')};

CREATE TABLE billing.received_items (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  file_id uuid NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  kind billing.item_kind NOT NULL,
  fate billing.item_fate NOT NULL,
  numbers text CHECK (length(numbers) BETWEEN 1 AND 200),
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  state billing.answer_state,
  request_id uuid,
  batch_id uuid,
  copies integer NOT NULL DEFAULT 1 CHECK (copies >= 1),
  item jsonb NOT NULL CHECK (octet_length(item::text) <= 65536),
  received_at timestamptz NOT NULL,
  applied_at timestamptz,
  overdue_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT received_items_once UNIQUE (tenant_id, numbers, sha256),
  FOREIGN KEY (tenant_id, request_id) REFERENCES billing.eligibility_requests (tenant_id, id),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES billing.batches (tenant_id, id)
);
CREATE INDEX received_items_file ON billing.received_items (tenant_id, file_id);
CREATE INDEX received_items_held ON billing.received_items (tenant_id, received_at) WHERE fate = 'orphan';
${tenantTable('billing', 'received_items', { hub_engine: 'SELECT, INSERT, UPDATE' })};

CREATE TABLE billing.received_keys (
  tenant_id uuid NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 80),
  item_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, key, item_id),
  FOREIGN KEY (tenant_id, item_id) REFERENCES billing.received_items (tenant_id, id)
);
CREATE INDEX received_keys_item ON billing.received_keys (tenant_id, item_id);
${tenantTable('billing', 'received_keys', { hub_engine: 'SELECT, INSERT' })};

ALTER TABLE billing.eligibility_answers
  ADD said_at timestamptz,
  ADD state billing.answer_state NOT NULL DEFAULT 'whole',
  ADD not_now boolean NOT NULL DEFAULT false,
  ADD contested boolean NOT NULL DEFAULT false,
  ADD item_id uuid;
CREATE UNIQUE INDEX eligibility_answers_item ON billing.eligibility_answers (tenant_id, item_id, state) WHERE item_id IS NOT NULL;
GRANT UPDATE (contested) ON billing.eligibility_answers TO hub_engine;
ALTER TABLE billing.eligibility_requests ADD current_answer_id uuid`,
  )
  await acrossFunction(knex, 'billing', {
    signature: 'billing.tenants_waiting()',
    returns: 'TABLE (tenant_id uuid)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT DISTINCT i.tenant_id FROM billing.inquiries i JOIN identity.tenants t ON t.tenant_id = i.tenant_id AND t.status = 'active'
    WHERE i.state = 'waiting' LIMIT 100000;
END`,
    callers: ['hub_engine'],
  })
  await sendAgain(knex)
}

/**
 * What nobody will ask again by itself: refused, rejected or left out of the file, in a batch of which nobody knows that it left, in one
 * that was called a copy (our own resend, or a number that a restore gave twice: only a person can tell), or overdue without a word.
 * Only the newest round of a request that still has no answer.
 */
const unsent =
  askable(`i.state IN ('not-sent', 'set-rejected') OR (i.state = 'batched' AND b.status <> 'sent') OR (i.state <> 'answered' AND b.refused_as_duplicate)
      OR (i.state IN ('sent', 'received') AND b.acknowledged_at IS NULL AND b.overdue_at IS NOT NULL)`)
/** Of a payer: what it owes and did not answer in time. */
const silent = askable(`i.state IN ('sent', 'received', 'accepted') AND i.overdue_at IS NOT NULL`)

function askable(which: string): string {
  return `FROM billing.inquiries i
    JOIN billing.batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
    JOIN billing.eligibility_requests r ON r.tenant_id = i.tenant_id AND r.id = i.request_id
  WHERE i.tenant_id = ${here} AND r.status = 'requested' AND (${which})
    AND NOT EXISTS (SELECT 1 FROM billing.inquiries n WHERE n.tenant_id = i.tenant_id AND n.request_id = i.request_id AND n.round > i.round)`
}

const nextRound = (from: string): string => `INSERT INTO billing.inquiries (tenant_id, request_id, round, payer_id, why, queued_at, not_before)
  SELECT i.tenant_id, i.request_id, i.round + 1, i.payer_id, 'sent-again', p_at, p_at ${from} ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS v_queued = ROW_COUNT`

async function sendAgain(knex: Knex): Promise<void> {
  await contextFunction(knex, 'billing', {
    signature: 'billing.unsent_inquiries(p_batches uuid[])',
    returns: 'TABLE (batch_id uuid, inquiries integer)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT i.batch_id, count(*)::integer ${unsent} AND i.batch_id = ANY (p_batches) GROUP BY i.batch_id;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'billing', {
    signature: 'billing.silent_payers(p_payers text[])',
    returns: 'TABLE (payer_id text, inquiries integer)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT i.payer_id, count(*)::integer ${silent} AND i.payer_id = ANY (p_payers) GROUP BY i.payer_id;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'billing', {
    signature: 'billing.send_again(p_batch_id uuid, p_at timestamptz)',
    returns: 'integer',
    // The batch's row lock makes two people one: the second finds a newer round. A batch that nobody knows to have left is given up with it:
    // a late delivery of it must not ask the same patients beside the new one.
    body: `DECLARE v_queued integer;
BEGIN
  PERFORM 1 FROM billing.batches b WHERE b.tenant_id = ${here} AND b.id = p_batch_id FOR NO KEY UPDATE;
  ${nextRound(`${unsent} AND i.batch_id = p_batch_id`)};
  IF v_queued > 0 THEN
    UPDATE billing.batches b SET status = 'refused', refusal = 'given-up' WHERE b.tenant_id = ${here} AND b.id = p_batch_id AND b.status = 'closed';
    IF FOUND THEN
      UPDATE billing.inquiries i SET state = 'not-sent' WHERE i.tenant_id = ${here} AND i.batch_id = p_batch_id AND i.state = 'batched';
    END IF;
  END IF;
  RETURN v_queued;
END`,
    callers: ['hub_api'],
  })
  await contextFunction(knex, 'billing', {
    signature: 'billing.send_again_payer(p_payer_id text, p_at timestamptz)',
    returns: 'integer',
    body: `DECLARE v_queued integer;
BEGIN
  ${nextRound(`${silent} AND i.payer_id = p_payer_id`)};
  RETURN v_queued;
END`,
    callers: ['hub_api'],
  })
}
