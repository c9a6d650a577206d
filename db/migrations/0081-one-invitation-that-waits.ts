import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** An invitation that waits for the end of quiet hours leaves when the desk asks for it at once: the row that waits, and no other of that visit. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'messaging',
    'GRANT UPDATE (status, due_at, visit_revision, address_key, at_once, requested_at, requested_version, status_at, version) ON messaging.messages TO hub_api',
  )
}
