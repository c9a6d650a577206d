import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** An incident of its own for an appointment that names another patient by now, and whom the old scheduler's copy named, as a keyed hash like the chart's. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'messaging', "ALTER TYPE messaging.incident_kind ADD VALUE 'appointment-of-another'")
  await asOwner(knex, 'clinical', `ALTER TABLE clinical.schedule_links ADD COLUMN patient_key text CHECK (patient_key ~ '^[0-9a-f]{64}$')`)
}
