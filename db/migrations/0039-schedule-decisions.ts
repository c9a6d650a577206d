import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * What a person there changed past the hub is decided by a person here, who sees both sides: what the old scheduler says, and at which revision,
 * stands beside the difference. And a handover knows how often it asked the old scheduler for a step, so that an answer is that of the last question, and
 * which comparison found nothing missing. Only columns are added, none of which rewrites a table.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'clinical',
    `
CREATE TYPE clinical.schedule_counts AS ENUM ('ours', 'theirs');
CREATE TYPE clinical.schedule_decision_reason AS ENUM ('patient-says-so', 'people-there-say-so', 'done-by-mistake', 'other');
ALTER TABLE clinical.schedule_differences
  ADD COLUMN legacy_revision integer CHECK (legacy_revision >= 1),
  ADD COLUMN there_status clinical.appointment_status,
  ADD COLUMN there_starts_at timestamptz,
  ADD COLUMN there_ends_at timestamptz,
  ADD COLUMN there_practitioner text CHECK (length(there_practitioner) BETWEEN 1 AND 80),
  ADD COLUMN decision_id uuid,
  ADD COLUMN counts clinical.schedule_counts,
  ADD COLUMN decision_reason clinical.schedule_decision_reason,
  ADD COLUMN decided_by text CHECK (length(decided_by) BETWEEN 1 AND 80),
  ADD COLUMN decided_at timestamptz,
  ADD CONSTRAINT schedule_differences_there CHECK (num_nulls(legacy_revision, there_status, there_starts_at, there_ends_at, there_practitioner) IN (0, 5)),
  ADD CONSTRAINT schedule_differences_decided CHECK (num_nulls(decision_id, counts, decision_reason, decided_by, decided_at) IN (0, 5)),
  ADD CONSTRAINT schedule_differences_ended CHECK (decided_at IS NULL OR closed_at IS NOT NULL);
ALTER TABLE clinical.schedule_handovers ADD COLUMN asked integer NOT NULL DEFAULT 0 CHECK (asked >= 0), ADD COLUMN clean_run uuid;
GRANT UPDATE (decision_id, counts, decision_reason, decided_by, decided_at, closed_at) ON clinical.schedule_differences TO hub_api;
GRANT UPDATE (legacy_id, legacy_revision, refused, updated_at) ON clinical.schedule_links TO hub_api`,
  )
}
