import { PaymentRequested } from '@heliox/core/billing'
import type { MethodOffer, ShownAuthorisation } from '@heliox/core/ports'
import { findVisit } from '../clinical/visits.ts'
import { audit } from '../compliance/audit.ts'
import { authoriseCard } from '../compliance/card-authorisation.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { callOffCopays } from './charge-pages.ts'
import { currencyHere } from './currency.ts'

/**
 * The front desk asks a patient for another card or account, and the patient leaves one on their own page. What they leave is *offered* and stands beside
 * what is on file; only when the payment partner has stored it does it take that place. One that was declined leaves everything as it was.
 */
/** Cards at one request: a patient has a few, a thief of numbers has many. */
const offersMax = 10

export async function askForMethod(tx: Tx, { id, intakeId }: { id: string; intakeId: string }, now: Date): Promise<'asked' | 'again' | 'conflict'> {
  const before = await tx.query<{ intakeId: string }>('SELECT intake_id AS "intakeId" FROM billing.method_requests WHERE tenant_id = $1 AND id = $2', [
    tx.tenantId,
    id,
  ])
  if (before.rows[0]) return before.rows[0].intakeId === intakeId ? 'again' : 'conflict'
  const asked = await tx.query(
    `INSERT INTO billing.method_requests (tenant_id, id, intake_id, requested_by, requested_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [tx.tenantId, id, intakeId, tx.actor, now],
  )
  if (asked.rowCount !== 1) return 'again'
  await audit(tx, { action: 'method.ask', resource: `intake:${intakeId}`, outcome: 'ok' }, now)
  return 'asked'
}

interface MethodRequest {
  id: string
  askedAt: Date
}
export async function openRequestOf(tx: Tx, intakeId: string, lock = false): Promise<MethodRequest | undefined> {
  const found = await tx.query<MethodRequest>(
    `SELECT id, requested_at AS "askedAt" FROM billing.method_requests WHERE tenant_id = $1 AND intake_id = $2 AND ended_at IS NULL ${lock ? 'FOR UPDATE' : ''}`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]
}
/** The last that the patient left and that is not on file. */
export async function offerOf(tx: Tx, intakeId: string): Promise<MethodOffer | undefined> {
  const found = await tx.query<MethodOffer>(
    `SELECT status::text AS status, code FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2 AND standing = 'offered'`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]
}

export type Offered = 'offered' | 'again' | 'conflict' | 'not-asked' | 'too-many' | 'not-shown'
/** The browser's id is the key: a page that sends twice leaves one. What is left stands with the authorisation to charge it, in one commit. */
export async function offerMethod(
  tx: Tx,
  link: { intakeId: string; visitId: string },
  { id, confirmationTokenId, authorisation }: { id: string; confirmationTokenId: string; authorisation: ShownAuthorisation },
  at: Emission & { vault: Vault },
): Promise<Offered> {
  const { intakeId } = link
  // Locked: two pages at once leave one after the other.
  const request = await openRequestOf(tx, intakeId, true)
  const before = await tx.query<{ intakeId: string }>('SELECT intake_id AS "intakeId" FROM billing.payments WHERE tenant_id = $1 AND id = $2', [
    tx.tenantId,
    id,
  ])
  if (before.rows[0]) return before.rows[0].intakeId === intakeId ? 'again' : 'conflict'
  if (!request) return 'not-asked'
  const known = await tx.query<{ left: number; version: number; hasMethod: boolean; patientId: string | null }>(
    `SELECT count(*) FILTER (WHERE standing <> 'current')::int AS left, coalesce(max(version), 0) AS version,
       coalesce(bool_or(standing = 'current' AND status = 'stored'), false) AS "hasMethod",
       min(patient_id::text) AS "patientId" FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2`,
    [tx.tenantId, intakeId],
  )
  const { left = 0, version: last = 0, hasMethod = false } = known.rows[0] ?? {}
  if (left >= offersMax) return 'too-many'
  const patientId = known.rows[0]?.patientId ?? (await findVisit(tx, link.visitId))?.patientId
  // Not before their form was taken in: until then there is nobody whose card it could be.
  if (!patientId) return 'not-asked'
  if (!(await authoriseCard(tx, at.vault, { intakeId, patientId }, authorisation, at.now))) return 'not-shown'
  await tx.query(`UPDATE billing.payments SET standing = 'past', updated_at = $3 WHERE tenant_id = $1 AND intake_id = $2 AND standing = 'offered'`, [
    ...[tx.tenantId, intakeId],
    at.now,
  ])
  const version = last + 1
  const currency = await currencyHere(tx)
  await tx.query(
    `INSERT INTO billing.payments (tenant_id, id, intake_id, patient_id, currency, standing, version, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, 'offered', $6, $7, $7)`,
    [tx.tenantId, id, intakeId, patientId, currency, version, at.now],
  )
  const payload = { intakeId, patientId, paymentId: id, confirmationTokenId, currency }
  // While another one is on file, what is being checked changes nothing of what is told: an old version is passed over by whoever reads the newest.
  const about = { aggregateType: 'payment', aggregateId: id, aggregateVersion: hasMethod ? 1 : version, intakeId }
  await emit(tx, { type: 'payment.requested.v1', contract: PaymentRequested, payload, ...about }, at)
  await audit(tx, { action: 'method.leave', resource: `intake:${intakeId}`, outcome: 'ok' }, at.now)
  return 'offered'
}

/**
 * Stored: it takes the place of the one before, in one commit. A copay that waits to be tried on that one again, or for the patient at its bank, is called
 * off: the front desk charges the new one when it wants to. A part of a plan goes on with the new one, as the plan's words say.
 */
export async function takeOffered(tx: Tx, payment: { id: string; intakeId: string; customerId: string; paymentMethodId: string }, at: Emission): Promise<void> {
  const { id, intakeId } = payment
  await tx.query(
    `UPDATE billing.payments SET standing = 'past', check_at = CASE WHEN held_until IS NOT NULL THEN check_at END, updated_at = $3
     WHERE tenant_id = $1 AND intake_id = $2 AND standing = 'current'`,
    [tx.tenantId, intakeId, at.now],
  )
  await tx.query(`UPDATE billing.payments SET standing = 'current', updated_at = $3 WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, id, at.now])
  await tx.query(`UPDATE billing.method_requests SET ended_at = $3, ended_how = 'stored' WHERE tenant_id = $1 AND intake_id = $2 AND ended_at IS NULL`, [
    tx.tenantId,
    intakeId,
    at.now,
  ])
  await callOffCopays(tx, intakeId, at)
  await tx.query(
    `UPDATE billing.charges SET customer_id = $3, payment_method_id = $4, version = version + 1, updated_at = $5
     WHERE tenant_id = $1 AND intake_id = $2 AND purpose = 'instalment' AND status = 'scheduled'`,
    [tx.tenantId, intakeId, payment.customerId, payment.paymentMethodId, at.now],
  )
}

/** Whether what became of this one is told: not of one that has no place any more, nor that an offer failed while another method is on file. */
export async function isTold(tx: Tx, { intakeId, standing }: { intakeId: string; standing: string }, outcome: string): Promise<boolean> {
  if (standing === 'past') return false
  if (standing === 'current' || outcome === 'stored') return true
  const onFile = await tx.query(`SELECT 1 FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2 AND standing = 'current' AND status = 'stored'`, [
    tx.tenantId,
    intakeId,
  ])
  return onFile.rowCount === 0
}
