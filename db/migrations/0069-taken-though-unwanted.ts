import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** Money that was under way when its authorisation was taken back or its visit went off, and was taken: a person hears of it. */
export const up = (knex: Knex): Promise<void> => asOwner(knex, 'messaging', `ALTER TYPE messaging.incident_kind ADD VALUE 'charged-unwanted'`)
