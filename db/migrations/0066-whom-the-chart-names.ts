import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** Whom the EHR's appointment of a visit named when it became one, as a keyed hash: that it names somebody else later is noticed by it, and ends the link. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'identity', 'GRANT EXECUTE ON FUNCTION identity.revoke_link(uuid, text, text, timestamptz) TO hub_engine')
  await asOwner(knex, 'clinical', `ALTER TABLE clinical.appointments ADD COLUMN ehr_patient_key text CHECK (ehr_patient_key ~ '^[0-9a-f]{64}$')`)
}
