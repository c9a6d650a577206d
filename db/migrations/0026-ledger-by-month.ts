// Breaking: engines of before cannot write this ledger. Stop every engine first; it copies two tables and locks them while it does.
import type { Knex } from 'knex'
import { asOwner, contextFunction, ownerOf, tenantTable } from './kit.ts'

const here = `NULLIF(current_setting('app.tenant_id', true), '')::uuid`
const owner = ownerOf('messaging')

/**
 * The ledger and its attempts in a partition for each month, by the month of the delivery's pin: a statement that names it reads one small
 * table however old the hub is. A month that nobody opened goes to the partition of the rest, so that no row is ever refused.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TABLE messaging.effects RENAME TO effects_before;
ALTER TABLE messaging.effect_attempts RENAME TO effect_attempts_before;
CREATE TABLE messaging.effects (LIKE messaging.effects_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS, ledger_month date NOT NULL)
  PARTITION BY LIST (ledger_month);
CREATE TABLE messaging.effect_attempts (LIKE messaging.effect_attempts_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS, ledger_month date NOT NULL)
  PARTITION BY LIST (ledger_month);
${['effects', 'effect_attempts'].map((table) => restOf(table)).join(';\n')}`,
  )
  await openMonth(knex)
  await moveRows(knex)
  await asOwner(
    knex,
    'messaging',
    `
ALTER TABLE messaging.overrides DROP CONSTRAINT overrides_tenant_id_effect_id_fkey;
DROP TABLE messaging.effect_attempts_before;
DROP TABLE messaging.effects_before;
ALTER TABLE messaging.effects
  ADD PRIMARY KEY (tenant_id, ledger_month, id),
  ADD CONSTRAINT effects_key UNIQUE (tenant_id, ledger_month, root_id, flow, step, generation);
ALTER TABLE messaging.effect_attempts
  ADD PRIMARY KEY (tenant_id, ledger_month, effect_id, fencing),
  ADD FOREIGN KEY (tenant_id, ledger_month, effect_id) REFERENCES messaging.effects (tenant_id, ledger_month, id);
CREATE INDEX effects_of_intake ON messaging.effects (tenant_id, intake_id) WHERE intake_id IS NOT NULL;
CREATE INDEX effects_next_try ON messaging.effects (tenant_id, not_before, id) WHERE not_before IS NOT NULL;
CREATE INDEX effect_attempts_recent ON messaging.effect_attempts (tenant_id, started_at);
ALTER TABLE messaging.overrides
  ADD CHECK (effect_id IS NULL OR ledger_month IS NOT NULL),
  ADD FOREIGN KEY (tenant_id, ledger_month, effect_id) REFERENCES messaging.effects (tenant_id, ledger_month, id);
ALTER TABLE messaging.overrides FORCE ROW LEVEL SECURITY;
${tenantTable('messaging', 'effects', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })};
${tenantTable('messaging', 'effect_attempts', { hub_api: 'SELECT', hub_engine: 'SELECT, INSERT, UPDATE' })}`,
  )
  await countAffected(knex)
}

/** A partition is reached through its table alone: it has no grant and no policy, so that whoever asks it directly sees nothing. */
const closed = (partition: string): string => `ALTER TABLE ${partition} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${partition} FORCE ROW LEVEL SECURITY;
REVOKE DELETE, TRUNCATE ON ${partition} FROM ${owner}`

const restOf = (table: string): string => `CREATE TABLE messaging.${table}_rest PARTITION OF messaging.${table} DEFAULT;
${closed(`messaging.${table}_rest`)}`

async function openMonth(knex: Knex): Promise<void> {
  await contextFunction(knex, 'messaging', {
    signature: 'messaging.open_ledger_month(p_day date)',
    returns: 'text',
    // A month whose first rows went to the rest stays there: they are as right in it, and a partition beside them would refuse them.
    body: `DECLARE
  v_month date := date_trunc('month', p_day::timestamp)::date;
  v_table text;
  v_partition text;
  v_is text := 'there';
BEGIN
  IF NOT pg_try_advisory_xact_lock(7240611903) THEN RETURN 'busy'; END IF;
  FOREACH v_table IN ARRAY ARRAY['effects', 'effect_attempts'] LOOP
    v_partition := v_table || to_char(v_month, '_YYYY_MM');
    CONTINUE WHEN to_regclass('messaging.' || v_partition) IS NOT NULL;
    EXECUTE format('CREATE TABLE messaging.%I PARTITION OF messaging.%I FOR VALUES IN (%L)', v_partition, v_table, v_month);
    EXECUTE format('ALTER TABLE messaging.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', v_partition);
    EXECUTE format('REVOKE DELETE, TRUNCATE ON messaging.%I FROM ${owner}', v_partition);
    v_is := 'opened';
  END LOOP;
  RETURN v_is;
EXCEPTION
  WHEN check_violation THEN RETURN 'in-rest';
  WHEN lock_not_available THEN RETURN 'busy';
END`,
    callers: ['hub_engine'],
  })
  // It needs the whole table for a moment: whoever holds it long is not waited for, and nobody queues behind us. Well below the
  // time after which the database looks for deadlocks, so that it is we who give up.
  await asOwner(knex, 'messaging', `ALTER FUNCTION messaging.open_ledger_month(date) SET lock_timeout = '500ms'`)
}

/**
 * Rows go to the month of their delivery's pin. The owner is bound to one tenant at a time like everybody: the bond is off while the rows
 * move. A row without a pin is one that no delivery can ask for: it is kept with the rest.
 */
async function moveRows(knex: Knex): Promise<void> {
  const list = await columnsOf(knex)
  await asOwner(
    knex,
    'messaging',
    `
ALTER TABLE messaging.pins NO FORCE ROW LEVEL SECURITY;
ALTER TABLE messaging.overrides NO FORCE ROW LEVEL SECURITY;
ALTER TABLE messaging.effects_before NO FORCE ROW LEVEL SECURITY;
ALTER TABLE messaging.effect_attempts_before NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE v_month date;
BEGIN
  FOR v_month IN SELECT DISTINCT ledger_month FROM messaging.pins LOOP PERFORM messaging.open_ledger_month(v_month); END LOOP;
END $$;
INSERT INTO messaging.effects (${list.effects}, ledger_month)
  SELECT ${list.effects.replaceAll(/\b(\w+)\b/g, 'e.$1')}, coalesce(p.ledger_month, '1970-01-01') FROM messaging.effects_before e
  LEFT JOIN messaging.pins p ON p.tenant_id = e.tenant_id AND p.root_id = e.root_id AND p.flow = e.flow;
INSERT INTO messaging.effect_attempts (${list.effect_attempts}, ledger_month)
  SELECT ${list.effect_attempts.replaceAll(/\b(\w+)\b/g, 'a.$1')}, e.ledger_month FROM messaging.effect_attempts_before a
  JOIN messaging.effects e ON e.tenant_id = a.tenant_id AND e.id = a.effect_id;
ALTER TABLE messaging.overrides ADD COLUMN ledger_month date;
UPDATE messaging.overrides o SET ledger_month = p.ledger_month FROM messaging.pins p
  WHERE o.kind = 'delivery' AND p.tenant_id = o.tenant_id AND p.root_id = o.root_id AND p.flow = o.flow;
UPDATE messaging.overrides o SET ledger_month = '1970-01-01' WHERE o.effect_id IS NOT NULL AND o.ledger_month IS NULL;
ALTER TABLE messaging.pins FORCE ROW LEVEL SECURITY`,
  )
}

async function columnsOf(knex: Knex): Promise<{ effects: string; effect_attempts: string }> {
  const of = async (table: string): Promise<string> => {
    const found = (await knex.raw(
      `SELECT string_agg(attname, ', ' ORDER BY attnum) AS list FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped`,
      [`messaging.${table}_before`],
    )) as { rows: { list: string }[] }
    return found.rows[0]?.list ?? ''
  }
  return { effects: await of('effects'), effect_attempts: await of('effect_attempts') }
}

/** As before, with the month of the effect that is counted. */
async function countAffected(knex: Knex): Promise<void> {
  await asOwner(knex, 'messaging', 'DROP FUNCTION messaging.count_affected(uuid, text, text, text, uuid, boolean, timestamptz)')
  await contextFunction(knex, 'messaging', {
    signature:
      'messaging.count_affected(p_id uuid, p_kind text, p_partner text, p_payer_id text, p_effect_id uuid, p_ledger_month date, p_open boolean, p_at timestamptz)',
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
      UPDATE messaging.effects e SET incident_id = v_id
      WHERE e.tenant_id = ${here} AND e.ledger_month = p_ledger_month AND e.id = p_effect_id AND e.incident_id IS DISTINCT FROM v_id;
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
      UPDATE messaging.effects e SET incident_id = p_id WHERE e.tenant_id = ${here} AND e.ledger_month = p_ledger_month AND e.id = p_effect_id;
      IF p_kind = 'not-answering' THEN
        WITH waiting AS MATERIALIZED (
          SELECT e.ledger_month, e.id FROM messaging.effects e WHERE e.tenant_id = ${here} AND e.not_before IS NOT NULL AND e.port IS NULL
            AND e.incident_id IS NULL AND e.id <> p_effect_id
            AND e.cause IN ('unavailable', 'throttled', 'timeout', 'uncertain') AND e.partner = p_partner
            AND e.payer_id IS NOT DISTINCT FROM coalesce(p_payer_id, e.payer_id) LIMIT 10000 FOR NO KEY UPDATE SKIP LOCKED
        ) UPDATE messaging.effects e SET incident_id = p_id FROM waiting
          WHERE e.tenant_id = ${here} AND e.ledger_month = waiting.ledger_month AND e.id = waiting.id;
        GET DIAGNOSTICS v_more = ROW_COUNT;
        UPDATE messaging.incidents i SET count = 1 + v_more WHERE i.tenant_id = ${here} AND i.id = p_id AND v_more > 0;
      END IF;
      RETURN p_id;
    END IF;
  END LOOP;
END`,
    callers: ['hub_engine'],
  })
}
