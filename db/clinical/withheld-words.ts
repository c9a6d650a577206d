import { EhrAppointmentReceived } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

/**
 * While appointments change hands nobody changes a visit, so what the chart says of one then waits here, and is told once more when the handover is
 * over: whoever keeps the appointments by then decides what becomes of it. It is not known yet as the chart's version, or it would be old news.
 */
type Received = ValueOf<typeof EhrAppointmentReceived>
type Said = Extract<Received['item'], { is: 'appointment' }>

/** Of two words of one visit the newer stays, by the clock of the EHR. */
export async function withhold(tx: Tx, received: Received & { item: Said }, now: Date): Promise<void> {
  const { item } = received
  await tx.query(
    `INSERT INTO clinical.withheld_words AS w (tenant_id, visit_id, received, ehr_updated_at, withheld_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, visit_id) DO UPDATE SET received = excluded.received, ehr_updated_at = excluded.ehr_updated_at, withheld_at = excluded.withheld_at, told_at = NULL
     WHERE w.ehr_updated_at <= excluded.ehr_updated_at`,
    [tx.tenantId, item.visitId, JSON.stringify(received), item.updatedAt, now],
  )
}

/** In words of SQL, for whoever decides whether the round must come by. */
export const someWithheld = 'EXISTS (SELECT 1 FROM clinical.withheld_words w WHERE w.tenant_id = $1 AND w.told_at IS NULL)'
const perRoundMax = 500

/** Each as an event of its own, like the one that it came with. Returns how many. */
export async function tellWithheld(tx: Tx, at: Emission): Promise<number> {
  const told = await tx.query<{ received: unknown }>(
    `UPDATE clinical.withheld_words SET told_at = $2 WHERE tenant_id = $1 AND visit_id = ANY (ARRAY(
       SELECT visit_id FROM clinical.withheld_words WHERE tenant_id = $1 AND told_at IS NULL ORDER BY visit_id LIMIT ${perRoundMax})) RETURNING received`,
    [tx.tenantId, at.now],
  )
  for (const row of told.rows) {
    const received = EhrAppointmentReceived.schema.parse(row.received)
    await emit(
      tx,
      {
        ...{ type: 'ehr.appointment-seen.v1', contract: EhrAppointmentReceived, payload: received },
        ...{ aggregateType: 'received-item', aggregateId: received.itemId, aggregateVersion: 1, intakeId: null },
      },
      at,
    )
  }
  return told.rows.length
}
