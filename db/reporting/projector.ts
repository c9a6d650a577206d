import { firstTime } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { facets, type IntakeEvent } from './facets.ts'

/**
 * Tells the journey of one intake from its events. They come in any order and more than once: the inbox drops repeats, a facet
 * only moves to a newer version of its aggregate, and what is counted (photos, held items) is a set of rows, never a counter.
 */
export async function projectEvent(tx: Tx, event: IntakeEvent, now: Date): Promise<void> {
  if (!(await firstTime(tx, 'reporting', { eventId: event.id, flow: 'reporting', step: 'project' }, now))) return
  await tx.query(
    `INSERT INTO reporting.journeys AS j (tenant_id, intake_id, first_at, updated_at) VALUES ($1, $2, $3, $3)
     ON CONFLICT (tenant_id, intake_id) DO UPDATE SET first_at = least(j.first_at, excluded.first_at), updated_at = greatest(j.updated_at, excluded.updated_at)`,
    [tx.tenantId, event.intakeId, event.occurredAt],
  )
  const told = (await facets.get(event.type)?.(tx, event)) ?? {}
  await tx.query(
    `INSERT INTO reporting.journey_steps (tenant_id, event_id, intake_id, at, step, process, outcome, duration_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tx.tenantId, event.id, event.intakeId, event.occurredAt, told.step ?? event.type, event.process, told.outcome ?? null, told.durationMs ?? null],
  )
}
