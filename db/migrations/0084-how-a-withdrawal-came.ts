import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** A consent that the clinic recorded as taken back: how the patient said it. Null where they did it themselves, on their page. */
export const up = (knex: Knex): Promise<void> =>
  asOwner(knex, 'compliance', "ALTER TABLE compliance.consent_withdrawals ADD came_by text CHECK (came_by IN ('phone', 'counter', 'letter'))")
