import { MethodCheckDue, type MethodState } from '@heliox/core/billing'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { watchHold } from './kept-holds.ts'
import { nextCheck } from './payment-methods.ts'

interface Due {
  id: string
  intakeId: string
  patientId: string
  kind: 'setup' | 'payment'
  intentId: string
  status: MethodState
  heldUntil: Date | null
  checks: number
  version: number
}
/** Methods whose end nobody told: each an event, and a flow asks. */
export async function beginChecks(tx: Tx, limit: number, at: Emission): Promise<number> {
  const due = await tx.query<Due>(
    `SELECT id, intake_id AS "intakeId", patient_id AS "patientId", intent_kind AS kind, intent_id AS "intentId", status::text AS status, held_until AS "heldUntil", checks, version
     FROM billing.payments WHERE tenant_id = $1 AND check_at <= $2 AND intent_id IS NOT NULL ORDER BY check_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [tx.tenantId, at.now, limit],
  )
  for (const { id, intakeId, patientId, kind, intentId, status, heldUntil, checks, version } of due.rows) {
    await tx.query('UPDATE billing.payments SET checks = checks + 1, check_at = $3 WHERE tenant_id = $1 AND id = $2', [
      tx.tenantId,
      id,
      nextCheck({ status, heldUntil }, checks + 1, at.now),
    ])
    await watchHold(tx, { id, heldUntil }, checks, at.now)
    const payload = { intakeId, patientId, paymentId: id, intent: { kind, id: intentId } }
    const about = { aggregateType: 'payment', aggregateId: id, aggregateVersion: version, intakeId }
    await emit(tx, { type: 'payment.check-due.v1', contract: MethodCheckDue, payload, ...about }, at)
  }
  return due.rows.length
}
