import { EligibilityRequested, EligibilityWithdrawn } from '@heliox/core/billing'
import type { Envelope } from '@heliox/core/kit'
import { visitsOff, wentOffSince } from '../clinical/visits.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { changeInquiries } from './inquiries.ts'
import { lockRequest, nextVersion, type RequestRow } from './requests.ts'

/**
 * A question about a visit that is off is not sent: nobody comes to it and nobody bills it. Asked before the visit went off, it is told as
 * withdrawn; whoever asks after that, by hand, is served. A visit that is reopened asks by itself (`takeVisitChange`).
 */
async function tellWithdrawn(tx: Tx, request: RequestRow, at: Emission): Promise<void> {
  const { id: requestId, intakeId, patientId, visitId, payerId } = request
  await emit(
    tx,
    {
      ...{ type: 'eligibility.withdrawn.v1', contract: EligibilityWithdrawn, payload: { intakeId, patientId, visitId, requestId, payerId, why: 'visit-off' } },
      ...{ aggregateType: 'eligibility-request', aggregateId: requestId, aggregateVersion: await nextVersion(tx, request), intakeId },
    },
    at,
  )
}

/** Of a delivery that is about to ask at the payer's real-time door, or to ask there again. `since`: when it was asked for. True: it is over. */
export async function withdrawn(tx: Tx, { payload }: Envelope, since: Date, at: Emission): Promise<boolean> {
  const question = EligibilityRequested.schema.safeParse(payload)
  if (!question.success || !(await wentOffSince(tx, question.data.visitId, since))) return false
  const request = await lockRequest(tx, question.data.requestId)
  if (request) await tellWithdrawn(tx, request, at)
  return true
}

/** Before a batch is closed: inquiries that wait for it and whose visit went off since they were queued do not leave with it; a later round may ask. */
export async function withdrawWaiting(tx: Tx, inquiriesMax: number, at: Emission): Promise<void> {
  const waiting = await tx.query<{ requestId: string; visitId: string; queuedAt: Date }>(
    `SELECT i.request_id AS "requestId", r.visit_id AS "visitId", i.queued_at AS "queuedAt"
     FROM billing.inquiries i JOIN billing.eligibility_requests r ON r.tenant_id = i.tenant_id AND r.id = i.request_id
     WHERE i.tenant_id = $1 AND i.state = 'waiting' AND i.not_before <= $2 ORDER BY i.not_before, i.request_id LIMIT $3`,
    [tx.tenantId, at.now, inquiriesMax],
  )
  const off = await visitsOff(tx, [...new Set(waiting.rows.map(({ visitId }) => visitId))])
  for (const { requestId, visitId, queuedAt } of waiting.rows) {
    if (!off.has(visitId) || !(await wentOffSince(tx, visitId, queuedAt))) continue
    // Request before inquiry, as everybody locks them; of what is not waiting any more nothing is changed.
    const request = await lockRequest(tx, requestId)
    const rows = await changeInquiries(tx, { is: 'request', id: requestId }, (row) => (row.state === 'waiting' ? { leftOut: true } : {}))
    if (request && rows.some((row) => row.leftOut && row.batchId === null)) await tellWithdrawn(tx, request, at)
  }
}
