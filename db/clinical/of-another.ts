import { revokeLink } from '../identity/links.ts'
import { raiseIncident, settleIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import type { VisitRow } from './visits.ts'

/**
 * The appointment of a visit was given to another patient where it is kept. That an incident says so is all there is of it: while that is open the
 * link stays ended, and nobody calls the visit ready.
 */

const kind = 'appointment-of-another'
const about = (visitId: string) => ({ is: 'visit', id: visitId }) as const

/** Whom we know for this visit comes to it no more: their link ends, and with it every message that would carry it. */
export async function givenToAnother(
  tx: Tx,
  visit: Pick<VisitRow, 'id' | 'intakeId'>,
  partner: string,
  { correlationId, now }: { correlationId: string; now: Date },
): Promise<void> {
  const opened = await raiseIncident(tx, { kind, partner, payerId: null, about: about(visit.id), count: 1 }, now)
  if (opened) await revokeLink(tx, visit.intakeId, correlationId, now)
}
/** The link stays ended: whoever has it may have been told that the visit is another's. */
export const isOursAgain = (tx: Tx, visitId: string, partner: string, now: Date): Promise<void> =>
  settleIncident(tx, { kind, partner, about: about(visitId) }, now)

/** Which of them are another patient's, whoever keeps the appointments. */
export async function visitsOfAnother(tx: Tx, visitIds: readonly string[]): Promise<Set<string>> {
  if (visitIds.length === 0) return new Set()
  const found = await tx.query<{ id: string }>(
    `SELECT about_id AS id FROM messaging.incidents WHERE tenant_id = $1 AND closed_at IS NULL AND kind::text = '${kind}' AND about_id = ANY ($2::text[])`,
    [tx.tenantId, visitIds],
  )
  return new Set(found.rows.map(({ id }) => id))
}

/** `Locks.keyOf` of a patient there, as the adapters compute it: two hashes are one patient, and say nothing of who. */
export const patientKeyOf = async (tx: Tx, vault: Vault, patientRef: string): Promise<string> =>
  (await vault.fingerprint(tx.tenantId, JSON.stringify(['ehr-patient', patientRef]))).toString('hex')
