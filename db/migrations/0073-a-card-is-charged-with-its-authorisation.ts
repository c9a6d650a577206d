import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/**
 * A card that is left after the form comes with an authorisation of its own, kept in the commit that keeps the card: the same words may be agreed to more
 * than once at one form, each time with a record of its own. `created_at`: what was taken back after a method was left stays so for it.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'billing', 'GRANT SELECT (created_at) ON billing.payments TO hub_api')
  await asOwner(
    knex,
    'compliance',
    `
ALTER TABLE compliance.consents DROP CONSTRAINT consents_once,
  ADD CONSTRAINT consents_once UNIQUE (tenant_id, intake_id, text_id, signature_document_id);
GRANT INSERT ON compliance.consents TO hub_api`,
  )
}
