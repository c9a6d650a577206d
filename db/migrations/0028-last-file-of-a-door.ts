import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** When the newest file of a door was kept is asked at every look at it. */
export const up = (knex: Knex): Promise<void> =>
  asOwner(knex, 'messaging', 'CREATE INDEX received_files_newest ON messaging.received_files (tenant_id, receiver, received_at DESC)')
