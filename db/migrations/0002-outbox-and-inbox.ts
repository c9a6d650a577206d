import type { Knex } from 'knex'
import { acrossFunction, asOwner, schemas, tenantTable } from './kit.ts'

/**
 * Every context has its outbox and its inbox (C-3, C-4). `id` is the row, `envelope_id` the event: a redelivery is a new row
 * that carries the original event to one flow only. Rows are marked, never deleted: an auditor wants the trace.
 */
export async function up(knex: Knex): Promise<void> {
  for (const schema of schemas) {
    await asOwner(
      knex,
      schema,
      `
CREATE TYPE ${schema}.outbox_status AS ENUM ('pending', 'processed');
CREATE TABLE ${schema}.outbox (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  envelope_id uuid NOT NULL,
  root_id uuid NOT NULL,
  aggregate_type text NOT NULL CHECK (length(aggregate_type) BETWEEN 1 AND 40),
  aggregate_id uuid NOT NULL,
  aggregate_version integer NOT NULL CHECK (aggregate_version >= 1),
  event_type text NOT NULL CHECK (length(event_type) BETWEEN 1 AND 80),
  contract text NOT NULL CHECK (length(contract) BETWEEN 1 AND 80),
  payload jsonb NOT NULL CHECK (octet_length(payload::text) <= 32768),
  region text NOT NULL CHECK (length(region) BETWEEN 1 AND 20),
  intake_id uuid,
  traceparent text CHECK (length(traceparent) <= 60),
  occurred_at timestamptz NOT NULL,
  process text NOT NULL CHECK (length(process) BETWEEN 1 AND 40),
  attempt integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  only_flow text CHECK (length(only_flow) BETWEEN 1 AND 40),
  available_at timestamptz NOT NULL,
  refusals integer NOT NULL DEFAULT 0 CHECK (refusals >= 0),
  created_at timestamptz NOT NULL,
  processed_at timestamptz,
  status ${schema}.outbox_status NOT NULL DEFAULT 'pending',
  PRIMARY KEY (tenant_id, id),
  CHECK ((status = 'processed') = (processed_at IS NOT NULL))
);
CREATE INDEX outbox_due ON ${schema}.outbox (available_at, id) WHERE status = 'pending';
${tenantTable(schema, 'outbox', { hub_api: 'INSERT', hub_engine: 'INSERT' }, 'SELECT, UPDATE (status, processed_at, available_at, refusals)')};
CREATE TABLE ${schema}.inbox (
  tenant_id uuid NOT NULL,
  event_id uuid NOT NULL,
  flow text NOT NULL CHECK (length(flow) BETWEEN 1 AND 40),
  step text NOT NULL CHECK (length(step) BETWEEN 1 AND 80),
  applied_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, event_id, flow, step)
);
${tenantTable(schema, 'inbox', { hub_engine: 'SELECT, INSERT' })}`,
    )
    await acrossFunction(knex, schema, {
      signature: `${schema}.outbox_claim(p_limit integer, p_now timestamptz)`,
      returns: `SETOF ${schema}.outbox`,
      body: `BEGIN
  RETURN QUERY SELECT * FROM ${schema}.outbox o WHERE o.status = 'pending' AND o.available_at <= p_now
    ORDER BY o.available_at, o.id LIMIT least(p_limit, 1000) FOR UPDATE SKIP LOCKED;
END`,
      callers: ['hub_relay'],
    })
    await acrossFunction(knex, schema, {
      signature: `${schema}.outbox_mark(p_tenants uuid[], p_ids uuid[], p_now timestamptz)`,
      returns: 'integer',
      body: `DECLARE marked integer;
BEGIN
  UPDATE ${schema}.outbox o SET status = 'processed', processed_at = p_now
    FROM unnest(p_tenants, p_ids) AS done(tenant_id, id)
    WHERE o.tenant_id = done.tenant_id AND o.id = done.id AND o.status = 'pending';
  GET DIAGNOSTICS marked = ROW_COUNT;
  RETURN marked;
END`,
      callers: ['hub_relay'],
    })
    await acrossFunction(knex, schema, {
      signature: `${schema}.outbox_put_off(p_tenants uuid[], p_ids uuid[], p_now timestamptz)`,
      returns: 'integer',
      // 1 s, 2 s, 4 s ... 60 s: a row that the bus refuses stands at the end of the line, and holds up nobody.
      body: `DECLARE put_off integer;
BEGIN
  UPDATE ${schema}.outbox o SET refusals = o.refusals + 1, available_at = p_now + least(60, power(2, least(o.refusals, 6))) * interval '1 second'
    FROM unnest(p_tenants, p_ids) AS refused(tenant_id, id)
    WHERE o.tenant_id = refused.tenant_id AND o.id = refused.id AND o.status = 'pending';
  GET DIAGNOSTICS put_off = ROW_COUNT;
  RETURN put_off;
END`,
      callers: ['hub_relay'],
    })
  }
}
