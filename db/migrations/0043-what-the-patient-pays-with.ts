import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** Whether the patient left a card or a bank account: the front desk's list says which. Null: kept before this, or not told yet. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, 'reporting', `ALTER TABLE reporting.journeys ADD payment_method text CHECK (payment_method IN ('card', 'us-bank-account', 'other'))`)
}
