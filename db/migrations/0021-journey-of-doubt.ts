import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** What patient and front desk see of an answer that is not believed yet, of one that grows old, and of a payer that is tried again by itself. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'reporting',
    `
CREATE TYPE reporting.verdict AS ENUM ('active', 'inactive', 'mixed', 'rejected', 'unknown');
ALTER TABLE reporting.journeys
  ADD provisional_verdict reporting.verdict,
  ADD doubts text[] NOT NULL DEFAULT '{}' CHECK (cardinality(doubts) <= 20),
  ADD recheck_at timestamptz,
  ADD told_at timestamptz,
  ADD corrected_at timestamptz,
  ADD answered_at timestamptz,
  ADD stale_at timestamptz,
  ADD expires_at timestamptz,
  ADD changed_at timestamptz,
  ADD changed_from reporting.verdict,
  ADD next_try_at timestamptz,
  ADD next_try_why text CHECK (length(next_try_why) BETWEEN 1 AND 40),
  ADD next_try_from timestamptz;
ALTER TABLE reporting.journey_holds
  ADD with_patient boolean NOT NULL DEFAULT false,
  ADD owner_version integer NOT NULL DEFAULT 0`,
  )
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.template ADD VALUE IF NOT EXISTS 'eligibility-provisional';
ALTER TYPE messaging.template ADD VALUE IF NOT EXISTS 'eligibility-changed'`,
  )
}
