import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** How far a file goes in the partner's own order of changes, by its clock: from there a door goes on, however late or often we looked. */
export const up = (knex: Knex): Promise<void> =>
  asOwner(knex, 'messaging', 'ALTER TABLE messaging.received_files ADD COLUMN cursor_text text CHECK (length(cursor_text) BETWEEN 1 AND 80)')
