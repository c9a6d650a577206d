import { randomUUID } from 'node:crypto'
import { EligibilityRequested, type Verdict } from '@heliox/core/billing'
import type { IntakeSubmitted } from '@heliox/core/identity'
import type { ValueOf } from '@heliox/core/kit'
import { dayOfVisit, isOff, lockVisit } from '../clinical/visits.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

export interface RequestRow {
  id: string
  status: 'requested' | 'answered'
  version: number
  intakeId: string
  patientId: string
  visitId: string
  coverageId: string
  payerId: string
  payerName: string
  serviceDate: string
  currentAnswerId: string | null
  /** What was told of it last, provisional included. */
  toldVerdict: Verdict | null
  /** Answers in a row that were not believed. */
  doubts: number
  /** When the patient's data changed: older questions were about other data. */
  correctedAt: Date | null
  /** The version of the intake whose correction named the payer; 0 while it is the one of the form. */
  payerVersion: number
}
export const requestColumns = `id, status::text AS status, version, intake_id AS "intakeId", patient_id AS "patientId", visit_id AS "visitId",
  coverage_id AS "coverageId", payer_id AS "payerId", payer_name AS "payerName",
  to_char(service_date, 'YYYY-MM-DD') AS "serviceDate", current_answer_id AS "currentAnswerId",
  told_verdict::text AS "toldVerdict", doubts, corrected_at AS "correctedAt", payer_version AS "payerVersion"`

/**
 * A draft coverage and a request to the payer, with its event. For the day that the visit has by now: it may have been moved since the form was sent,
 * and whoever moves it from here on waits for this commit, and finds the request. A visit that is off by now is not asked about: the request stands, and
 * reopening the visit asks.
 */
export async function openRequest(tx: Tx, submitted: ValueOf<typeof IntakeSubmitted>, at: Emission): Promise<string> {
  const { intakeId, patientId, visitId, payerId, payerName } = submitted
  const visit = await lockVisit(tx, visitId)
  if (!visit) throw new Error('the visit is not there')
  const serviceDate = await dayOfVisit(tx, visit.startsAt)
  const coverageId = randomUUID()
  const requestId = randomUUID()
  await tx.query('INSERT INTO billing.coverages (tenant_id, id, intake_id, patient_id, payer_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)', [
    tx.tenantId,
    coverageId,
    intakeId,
    patientId,
    payerId,
    at.now,
  ])
  await tx.query(
    `INSERT INTO billing.eligibility_requests (tenant_id, id, coverage_id, intake_id, patient_id, visit_id, payer_id, payer_name, service_date, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [tx.tenantId, requestId, coverageId, intakeId, patientId, visitId, payerId, payerName, serviceDate, at.now],
  )
  if (isOff(visit)) return requestId
  await emit(
    tx,
    {
      type: 'eligibility.requested.v1',
      contract: EligibilityRequested,
      payload: { intakeId, patientId, visitId, requestId, coverageId, payerId, payerName, serviceDate },
      aggregateType: 'eligibility-request',
      aggregateId: requestId,
      aggregateVersion: 1,
      intakeId,
    },
    at,
  )
  return requestId
}

/**
 * Everything that is recorded of one request stands in line here: answers by two doors, a queueing, a person. Locks of this folder are NO KEY: a row
 * that is written twice in one commit has its foreign keys looked up again, and would wait there for a stronger one.
 */
export async function lockRequest(tx: Tx, requestId: string): Promise<RequestRow | undefined> {
  const found = await tx.query<RequestRow>(`SELECT ${requestColumns} FROM billing.eligibility_requests WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`, [
    tx.tenantId,
    requestId,
  ])
  return found.rows[0]
}

export async function existingRequests(tx: Tx, requestIds: readonly string[]): Promise<Set<string>> {
  if (requestIds.length === 0) return new Set()
  const found = await tx.query<{ id: string }>('SELECT id FROM billing.eligibility_requests WHERE tenant_id = $1 AND id = ANY ($2::uuid[])', [
    tx.tenantId,
    requestIds,
  ])
  return new Set(found.rows.map((row) => row.id))
}

/** The next version of a locked request, for the event that is written with it. */
export async function nextVersion(tx: Tx, request: RequestRow): Promise<number> {
  await tx.query('UPDATE billing.eligibility_requests SET version = version + 1 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, request.id])
  return request.version + 1
}
