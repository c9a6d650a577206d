import type { Knex } from 'knex'
import { acrossFunction, asOwner, contextFunction, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`

/** Breakers that all engines share, why and for whom a step waits, and which cause stands behind it. */
export async function up(knex: Knex): Promise<void> {
  await waits(knex)
  await breakers(knex)
  await affected(knex)
}

/** `cause`, `payer_id` of the last fault; gone once there is an answer. `incident_id`: the cause that counts this one. `nothing_sent`: a door was shut. */
async function waits(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.incident_kind ADD VALUE 'not-answering';
ALTER TYPE messaging.incident_kind ADD VALUE 'implausible-answers';
ALTER TYPE messaging.incident_about ADD VALUE 'partner';
ALTER TABLE messaging.effects
  ADD COLUMN suspicions text[] NOT NULL DEFAULT '{}' CHECK (cardinality(suspicions) <= 20),
  ADD COLUMN payer_id text CHECK (length(payer_id) BETWEEN 2 AND 40),
  ADD COLUMN cause messaging.hold_cause,
  ADD COLUMN waited_ms bigint NOT NULL DEFAULT 0 CHECK (waited_ms >= 0),
  ADD COLUMN incident_id uuid;
ALTER TABLE messaging.effect_attempts ADD COLUMN nothing_sent boolean NOT NULL DEFAULT false;
ALTER TABLE messaging.overrides
  ADD COLUMN payer_id text CHECK (length(payer_id) BETWEEN 2 AND 40),
  ADD COLUMN incident_id uuid,
  ADD FOREIGN KEY (tenant_id, incident_id) REFERENCES messaging.incidents (tenant_id, id)`,
  )
}

/** A row for each that ever opened. `payer_id` `*`: the partner itself, whoever it is asked about. */
async function breakers(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
CREATE TYPE messaging.breaker_state AS ENUM ('closed', 'open', 'half-open');
CREATE TYPE messaging.breaker_cause AS ENUM ('unavailable', 'throttled', 'timeout', 'uncertain', 'credentials', 'contract', 'implausible');
CREATE TABLE messaging.breakers (
  tenant_id uuid NOT NULL,
  partner text NOT NULL CHECK (length(partner) BETWEEN 1 AND 40),
  payer_id text NOT NULL CHECK (payer_id = '*' OR length(payer_id) BETWEEN 2 AND 40),
  operation text NOT NULL CHECK (length(operation) BETWEEN 1 AND 80),
  state messaging.breaker_state NOT NULL,
  since timestamptz NOT NULL,
  trips integer NOT NULL CHECK (trips BETWEEN 1 AND 1000000),
  reset_ms integer NOT NULL CHECK (reset_ms BETWEEN 1 AND 86400000),
  plausible integer NOT NULL DEFAULT 0 CHECK (plausible >= 0),
  plausible_to_close integer NOT NULL CHECK (plausible_to_close BETWEEN 1 AND 20),
  cause messaging.breaker_cause NOT NULL,
  probe_at timestamptz NOT NULL,
  probe_lease integer NOT NULL DEFAULT 0 CHECK (probe_lease >= 0),
  probe_until timestamptz,
  changed_by text NOT NULL CHECK (length(changed_by) BETWEEN 1 AND 80),
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, partner, payer_id, operation),
  CHECK (state = 'half-open' OR probe_until IS NULL)
);
CREATE INDEX breakers_not_closed ON messaging.breakers (tenant_id, partner, payer_id) WHERE state <> 'closed';
${tenantTable(
  'messaging',
  'breakers',
  { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' },
  'SELECT (tenant_id, partner, payer_id, operation, state, trips, reset_ms, cause, probe_at, probe_until)',
)}`,
  )
  await acrossFunction(knex, 'messaging', {
    signature: 'messaging.breakers_not_closed()',
    returns:
      'TABLE (tenant_id uuid, partner text, payer_id text, operation text, state text, trips integer, reset_ms integer, cause text, probe_at timestamptz, probe_until timestamptz)',
    volatility: 'STABLE',
    body: `BEGIN
  RETURN QUERY SELECT b.tenant_id, b.partner, b.payer_id, b.operation, b.state::text, b.trips, b.reset_ms, b.cause::text, b.probe_at, b.probe_until
    FROM messaging.breakers b WHERE b.state <> 'closed' LIMIT 10000;
END`,
    callers: ['hub_engine'],
  })
}

/** Incidents about whom nobody gets an answer from, or whose answers nobody believes: one open row each, whatever comes at the same moment. */
async function affected(knex: Knex): Promise<void> {
  await contextFunction(knex, 'messaging', {
    signature: 'messaging.count_affected(p_id uuid, p_kind text, p_partner text, p_payer_id text, p_effect_id uuid, p_open boolean, p_at timestamptz)',
    returns: 'uuid',
    // Each delivery counts once in one incident. The caller holds its own effect; others that wait are taken in only when nobody holds them,
    // since whoever does counts them at its own end: no two wait for each other.
    body: `DECLARE
  v_id uuid;
  v_about messaging.incident_about := CASE WHEN p_payer_id IS NULL THEN 'partner' ELSE 'payer' END;
  v_about_id text := coalesce(p_payer_id, p_partner);
  v_more integer := 0;
BEGIN
  LOOP
    SELECT i.id INTO v_id FROM messaging.incidents i WHERE i.tenant_id = ${here} AND i.status = 'open' AND i.kind = p_kind::messaging.incident_kind
      AND i.partner = p_partner AND i.about = v_about AND i.about_id = v_about_id FOR NO KEY UPDATE;
    IF FOUND THEN
      UPDATE messaging.effects e SET incident_id = v_id WHERE e.tenant_id = ${here} AND e.id = p_effect_id AND e.incident_id IS DISTINCT FROM v_id;
      IF FOUND THEN v_more := 1; END IF;
      UPDATE messaging.incidents i SET count = least(i.count + v_more, 1000000), last_at = greatest(i.last_at, p_at) WHERE i.tenant_id = ${here} AND i.id = v_id;
      RETURN v_id;
    END IF;
    IF NOT p_open AND NOT EXISTS (SELECT 1 FROM messaging.breakers b WHERE b.tenant_id = ${here} AND b.partner = p_partner
      AND b.payer_id = coalesce(p_payer_id, '*') AND b.state <> 'closed') THEN
      RETURN NULL;
    END IF;
    INSERT INTO messaging.incidents (tenant_id, id, kind, partner, payer_id, about, about_id, count, opened_at, last_at)
    VALUES (${here}, p_id, p_kind::messaging.incident_kind, p_partner, p_payer_id, v_about, v_about_id, 1, p_at, p_at)
    ON CONFLICT (tenant_id, kind, partner, about, about_id) WHERE status = 'open' DO NOTHING;
    IF FOUND THEN
      UPDATE messaging.effects e SET incident_id = p_id WHERE e.tenant_id = ${here} AND e.id = p_effect_id;
      IF p_kind = 'not-answering' THEN
        WITH waiting AS MATERIALIZED (
          SELECT e.id FROM messaging.effects e WHERE e.tenant_id = ${here} AND e.not_before IS NOT NULL AND e.port IS NULL AND e.incident_id IS NULL AND e.id <> p_effect_id
            AND e.cause IN ('unavailable', 'throttled', 'timeout', 'uncertain') AND e.partner = p_partner
            AND e.payer_id IS NOT DISTINCT FROM coalesce(p_payer_id, e.payer_id) LIMIT 10000 FOR NO KEY UPDATE SKIP LOCKED
        ) UPDATE messaging.effects e SET incident_id = p_id FROM waiting WHERE e.tenant_id = ${here} AND e.id = waiting.id;
        GET DIAGNOSTICS v_more = ROW_COUNT;
        UPDATE messaging.incidents i SET count = 1 + v_more WHERE i.tenant_id = ${here} AND i.id = p_id AND v_more > 0;
      END IF;
      RETURN p_id;
    END IF;
  END LOOP;
END`,
    callers: ['hub_engine'],
  })
  await contextFunction(knex, 'messaging', {
    signature: 'messaging.settle_answering(p_partner text, p_payer_id text, p_believed boolean, p_quiet_since timestamptz, p_actor text, p_at timestamptz)',
    returns: 'integer',
    // An answer of the payer is one of the partner too. While a breaker is not closed, its incident stays: one answer may be luck. Doubt ends
    // with a believed answer after a quiet time: a payer that lies now and then is one incident, not many.
    body: `DECLARE v_settled integer;
BEGIN
  UPDATE messaging.incidents i SET status = 'resolved', reason = 'went-away', closed_by = p_actor, closed_at = p_at
  WHERE i.tenant_id = ${here} AND i.status = 'open' AND i.partner = p_partner AND i.about::text IN ('partner', 'payer')
    AND i.about_id = CASE i.about::text WHEN 'partner' THEN p_partner ELSE p_payer_id END
    AND (i.kind::text = 'not-answering' AND NOT EXISTS (SELECT 1 FROM messaging.breakers b WHERE b.tenant_id = ${here} AND b.partner = i.partner
        AND b.payer_id = coalesce(i.payer_id, '*') AND b.state <> 'closed')
      OR i.kind::text = 'implausible-answers' AND p_believed AND i.last_at <= p_quiet_since);
  GET DIAGNOSTICS v_settled = ROW_COUNT;
  RETURN v_settled;
END`,
    callers: ['hub_engine'],
  })
}
