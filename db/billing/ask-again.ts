import { EligibilityRequested } from '@heliox/core/billing'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { markAnswered } from './inquiries.ts'
import type { RequestRow } from './requests.ts'

/**
 * Asks the payer again about the same visit: a new root event, so a new pin and a new effect, under the same reference. What counts stays
 * what it is until there is something newer. The request must be locked.
 *
 * `corrected`: the patient's data changed. What was answered about the old data counts no more, nor does what is still to come of it.
 */
export async function askAgain(tx: Tx, request: RequestRow, how: { corrected?: boolean; payer?: { id: string; name: string } }, at: Emission): Promise<void> {
  const payer = how.payer ?? { id: request.payerId, name: request.payerName }
  if (how.corrected) await forgetAnswers(tx, request, at.now)
  if (how.payer) {
    await tx.query('UPDATE billing.coverages SET payer_id = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2', [
      ...[tx.tenantId, request.coverageId, payer.id, at.now],
    ])
  }
  const version = request.version + 1
  await tx.query(
    `UPDATE billing.eligibility_requests SET status = 'requested', answered_at = NULL, recheck_at = NULL, recheck_why = NULL, asked_again_at = $3, version = $4,
       payer_id = $5, payer_name = $6 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, request.id, at.now, version, payer.id, payer.name],
  )
  const { id: requestId, intakeId, patientId, visitId, coverageId, serviceDate } = request
  await emit(
    tx,
    {
      ...{ type: 'eligibility.recheck.v1', contract: EligibilityRequested },
      payload: { intakeId, patientId, visitId, requestId, coverageId, payerId: payer.id, payerName: payer.name, serviceDate },
      ...{ aggregateType: 'eligibility-request', aggregateId: requestId, aggregateVersion: version, intakeId },
    },
    at,
  )
}

async function forgetAnswers(tx: Tx, request: RequestRow, now: Date): Promise<void> {
  // Rounds of the old question are over: one that waits would be sent beside the new one, and the payer of one that was sent owes us nothing.
  await markAnswered(tx, request.id, now)
  await tx.query('UPDATE billing.eligibility_answers SET outdated = true WHERE tenant_id = $1 AND request_id = $2 AND NOT outdated', [tx.tenantId, request.id])
  await tx.query('UPDATE billing.eligibility_requests SET corrected_at = $3, current_answer_id = NULL, doubts = 0 WHERE tenant_id = $1 AND id = $2', [
    ...[tx.tenantId, request.id, now],
  ])
  await tx.query(`UPDATE billing.coverages SET status = 'draft', updated_at = $3 WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, request.coverageId, now])
}
