// Breaking: engines of before read a column that this one drops. Stop every engine first.
import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * How often and until when a step may be tried, fixed on its row when a round of tries begins: numbers that change with a release change
 * nothing that is under way. `retry_until` moves on by the time for which a payer was known to be closed, up to `retry_until_max`.
 * `last_sent_at`: the last moment at which the effect may have left; a lost attempt may have sent until its lease was over.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    `
ALTER TABLE messaging.effects
  ADD COLUMN last_sent_at timestamptz,
  ADD COLUMN tries_max integer CHECK (tries_max BETWEEN 1 AND 1000),
  ADD COLUMN retry_until timestamptz,
  ADD COLUMN retry_until_max timestamptz,
  ADD CHECK ((retry_until IS NULL) = (retry_until_max IS NULL) AND retry_until <= retry_until_max);
ALTER TABLE messaging.effects NO FORCE ROW LEVEL SECURITY;
UPDATE messaging.effects SET last_sent_at = coalesce(lease_until, ended_at, attempt_at),
  retry_until = round_started_at + interval '24 hours' + least(waited_ms, 864000000) * interval '1 millisecond',
  retry_until_max = round_started_at + interval '24 hours' + interval '10 days'
  WHERE port IS NULL AND round_started_at IS NOT NULL;
ALTER TABLE messaging.effects FORCE ROW LEVEL SECURITY;
ALTER TABLE messaging.effects DROP COLUMN waited_ms`,
  )
}
