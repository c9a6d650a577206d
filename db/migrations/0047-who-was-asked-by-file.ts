import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** Each page of journeys asks of each which were asked by file: without this, PostgreSQL read every step of the clinic for it. */
export async function up(knex: Knex): Promise<void> {
  await asOwner(
    knex,
    'reporting',
    `CREATE INDEX journey_steps_asked_by_file ON reporting.journey_steps (tenant_id, intake_id) WHERE step = 'eligibility.queued.v1'`,
  )
}
