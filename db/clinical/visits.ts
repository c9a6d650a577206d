import { VisitCreated } from '@heliox/core/clinical'
import type { VisitFacts } from '@heliox/core/kit'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

export async function visitFacts(tx: Tx, visitId: string): Promise<VisitFacts> {
  const found = await tx.query<{ startsAt: Date; endsAt: Date; practitioner: string; status: VisitFacts['status'] }>(
    `SELECT starts_at AS "startsAt", ends_at AS "endsAt", practitioner, status FROM clinical.appointments WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, visitId],
  )
  const row = found.rows[0]
  if (!row) throw new Error('the visit is not there')
  return { startsAt: row.startsAt.toISOString(), endsAt: row.endsAt.toISOString(), practitioner: row.practitioner, status: row.status }
}

interface NewVisit {
  visitId: string
  intakeId: string
  startsAt: Date
  endsAt: Date
  practitioner: string
}

export async function insertVisit(tx: Tx, visit: NewVisit, at: Emission): Promise<void> {
  await tx.query(
    `INSERT INTO clinical.appointments (tenant_id, id, intake_id, starts_at, ends_at, practitioner, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [tx.tenantId, visit.visitId, visit.intakeId, visit.startsAt, visit.endsAt, visit.practitioner, at.now],
  )
  await emit(
    tx,
    {
      type: 'visit.created.v1',
      contract: VisitCreated,
      payload: {
        visitId: visit.visitId,
        intakeId: visit.intakeId,
        startsAt: visit.startsAt.toISOString(),
        endsAt: visit.endsAt.toISOString(),
        practitioner: visit.practitioner,
      },
      aggregateType: 'visit',
      aggregateId: visit.visitId,
      aggregateVersion: 1,
      intakeId: visit.intakeId,
    },
    at,
  )
}
