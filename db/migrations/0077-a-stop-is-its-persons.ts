import type { Knex } from 'knex'
import { asOwner } from './kit.ts'

/** Where the clinic's own word or a dead address ends more than what the patient clicked, the click is kept beneath it, and stands when the other ends. */
export const up = (knex: Knex): Promise<void> =>
  asOwner(
    knex,
    'messaging',
    `
ALTER TABLE messaging.opt_outs
  ADD patient_said_at timestamptz,
  ADD patient_said_by text CHECK (length(patient_said_by) BETWEEN 1 AND 80),
  ADD CHECK ((patient_said_at IS NULL) = (patient_said_by IS NULL))`,
  )
