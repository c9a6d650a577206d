import type { VisitChanged } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import { dayOfVisit, findVisit, isOff, visitsOff } from '../clinical/visits.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { askAgain } from './ask-again.ts'
import { lockRequest, type RequestRow } from './requests.ts'

/**
 * Cover is asked for the day of the visit. A visit that is off is not asked about by itself any more; one that went to another day is asked about
 * for that day, and what was said of the old one counts no more. One that was off and stands again may have missed its round: it is asked about now.
 *
 * The event says which visit; what it is *by now* is read, so that of two changes it does not matter which one arrives last. Before the form was
 * sent there is no question, and the first one is asked for the day that holds then (`openRequest`).
 */
export async function takeVisitChange(tx: Tx, { visitId, intakeId, change }: ValueOf<typeof VisitChanged>, at: Emission): Promise<void> {
  const found = await tx.query<{ id: string }>(
    'SELECT id FROM billing.eligibility_requests WHERE tenant_id = $1 AND intake_id = $2 AND visit_id = $3 ORDER BY id',
    [tx.tenantId, intakeId, visitId],
  )
  for (const { id } of found.rows) {
    const request = await lockRequest(tx, id)
    // Read under the lock: whoever comes later in line sees at least as much.
    const visit = await findVisit(tx, visitId)
    if (!request || !visit) continue
    if (isOff(visit)) {
      await dropRechecks(tx, [id])
      continue
    }
    const serviceDate = await dayOfVisit(tx, visit.startsAt)
    if (serviceDate !== request.serviceDate) {
      await tx.query('UPDATE billing.eligibility_requests SET service_date = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, id, serviceDate])
      await askAgain(tx, { ...request, serviceDate }, { corrected: true }, at)
    } else if (change === 'reopened') await askAgain(tx, request, {}, at)
  }
}

/** Nobody comes to it and nobody bills it. A person who asks again by hand is still served. */
const dropRechecks = (tx: Tx, requestIds: readonly string[]) =>
  tx.query('UPDATE billing.eligibility_requests SET recheck_at = NULL, recheck_why = NULL WHERE tenant_id = $1 AND id = ANY ($2::uuid[])', [
    tx.tenantId,
    requestIds,
  ])

/** Of locked requests that are due, those whose visit stands. An answer that came after the visit was called off may have made the others due once more. */
export async function whoseVisitStands(tx: Tx, due: readonly RequestRow[]): Promise<RequestRow[]> {
  const visits = await visitsOff(tx, [...new Set(due.map(({ visitId }) => visitId))])
  const off = due.filter(({ visitId }) => visits.has(visitId))
  if (off.length > 0)
    await dropRechecks(
      tx,
      off.map(({ id }) => id),
    )
  return due.filter(({ visitId }) => !visits.has(visitId))
}
