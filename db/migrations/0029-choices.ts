import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** A partner's answer may need a person who says which of it is meant: its options are kept sealed, with the attempt that brought them. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'identity', `ALTER TYPE identity.document_kind ADD VALUE 'choice-options'`)
  await asOwner(
    knex,
    'messaging',
    `
ALTER TYPE messaging.effect_state ADD VALUE 'choice';
ALTER TYPE messaging.hold_cause ADD VALUE 'choice' BEFORE 'turned-down';
ALTER TYPE messaging.item_action ADD VALUE 'choose' BEFORE 'confirm';
ALTER TYPE messaging.resolve_reason ADD VALUE 'compared-with-chart' BEFORE 'went-away';
ALTER TYPE messaging.resolve_reason ADD VALUE 'patient-confirmed' BEFORE 'went-away';
ALTER TYPE messaging.incident_reason ADD VALUE 'compared-with-chart' BEFORE 'sent-again';
ALTER TYPE messaging.incident_reason ADD VALUE 'patient-confirmed' BEFORE 'sent-again';
ALTER TABLE messaging.effect_attempts ADD COLUMN options_document_id uuid;
ALTER TABLE messaging.overrides ADD COLUMN options_document_id uuid;
ALTER TABLE messaging.decisions ADD COLUMN chosen_option integer CHECK (chosen_option BETWEEN 0 AND 999)`,
  )
}
