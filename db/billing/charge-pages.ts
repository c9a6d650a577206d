import { ChargeCheckDue, ChargeSeenRecord, confirmUntil, foldCharge } from '@heliox/core/billing'
import { applyOf } from '../applies/context.ts'
import { intakesOff } from '../clinical/visits.ts'
import { whyNotAuthorised } from '../compliance/card-authorisation.ts'
import { sealDocument } from '../identity/documents.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { type ChargeRow, chargeColumns, lockCharge, scheduleNext, settle } from './charges.ts'
import { tellTakenUnwanted, whyNot } from './unwanted.ts'

/**
 * A charge that the patient confirms at their bank's page. Its address is sealed, and stays with the row only while it leads somewhere. The charge holds the
 * place of what it is for, so it must end: by the patient, by staff, with the visit, with its authorisation, with another
 * method, or after its days. It ends at the partner first, and here by what the partner then says: a patient who was faster has paid.
 */
const checkAfterMinutes = [5, 15, 60, 240, 720] as const
const dayMinutes = 1440
const minutesAfter = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000)

/** What our own call, or a look, brought. Facts stand above it where they said more. */
export const recordChargeSeen = applyOf(ChargeSeenRecord, async (record, context) => {
  const { tx, vault, now } = context
  const charge = await lockCharge(tx, { id: record.chargeId })
  if (!charge) throw new Error('the charge is not there')
  const at = new Date(0).toISOString()
  const known = { status: charge.status, at: charge.factAt?.toISOString() ?? null }
  if (record.is === 'declined') {
    const { next, paymentIntentId, declineCode, code } = record.declined
    const ended = code === 'canceled'
    const moved = foldCharge(known, { type: ended ? 'payment_intent.canceled' : 'payment_intent.payment_failed', at })
    const follows = ended ? null : next
    await settle(tx, charge, { status: moved?.status, code: ended ? null : (declineCode ?? code), paymentIntentId, next: follows, factAt: null }, context)
    if (!moved && charge.status === 'declined' && follows) await scheduleNext(tx, charge, follows, context)
    return
  }
  const { status, paymentIntentId, actionUrl } = record.seen
  const type = status === 'requires-action' ? 'payment_intent.requires_action' : `payment_intent.${status}`
  const moved = foldCharge(known, { type, at })
  await settle(tx, charge, { status: moved?.status, code: null, paymentIntentId, next: null, factAt: null }, context)
  // The bank asked nothing, and let it be taken at once.
  if (status !== 'requires-action') await tellTakenUnwanted(tx, context.envelope, now)
  if ((moved?.status ?? charge.status) !== 'needs-you' || actionUrl === null) return
  const { intakeId, patientId } = charge
  const pageId = await sealDocument(tx, vault, { kind: 'payment-action', intakeId, patientId, text: actionUrl }, now)
  const first = minutesAfter(now, checkAfterMinutes[0])
  await tx.query(`UPDATE billing.charges SET page_document_id = $3, check_at = coalesce(check_at, $4) WHERE tenant_id = $1 AND id = $2`, [
    ...[tx.tenantId, charge.id],
    ...[pageId, first],
  ])
  // While the bank made its page, the visit was called off, or the authorisation taken back: nobody is to confirm it.
  const isOff = charge.purpose === 'copay' && (await intakesOff(tx, [intakeId])).has(intakeId)
  if (isOff || (await whyNot(tx, context.envelope))) await giveUp(tx, charge, now)
})

/** The next look ends it at the partner; until that is told, it stands. */
async function giveUp(tx: Tx, charge: Pick<ChargeRow, 'id'>, now: Date): Promise<void> {
  await tx.query(
    `UPDATE billing.charges SET giving_up = true, check_at = $3, version = version + 1, updated_at = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'needs-you' AND NOT giving_up`,
    [tx.tenantId, charge.id, now],
  )
}

/** A try that waits for its day is called off at once; one that waits for the patient ends at the partner first. False: it waits for nothing. */
async function callOff(tx: Tx, charge: ChargeRow, at: Emission): Promise<boolean> {
  if (charge.status === 'scheduled') await settle(tx, charge, { status: 'canceled', code: null, paymentIntentId: null, next: null, factAt: null }, at)
  else if (charge.status === 'needs-you') await giveUp(tx, charge, at.now)
  else return false
  return true
}

const waiting = `status IN ('scheduled', 'needs-you') AND NOT giving_up`
/** Copays of a visit that was cancelled or not come to. What belongs to a plan goes on: the plan was agreed to, and ends by itself or by a person. */
export async function callOffCopays(tx: Tx, intakeId: string, at: Emission): Promise<void> {
  const found = await tx.query<ChargeRow>(
    `SELECT ${chargeColumns} FROM billing.charges WHERE tenant_id = $1 AND intake_id = $2 AND purpose = 'copay' AND ${waiting} FOR UPDATE`,
    [tx.tenantId, intakeId],
  )
  for (const charge of found.rows) await callOff(tx, charge, at)
}
/**
 * The patient took the authorisation back: nobody confirms any more what was asked for under it, in whichever window its page is open. What follows what was
 * authorised after that goes on. Locked too is what is on its way to the bank: whoever writes down its page looks at the authorisation after us.
 */
export async function callOffUnauthorised(tx: Tx, intakeId: string, now: Date): Promise<void> {
  const found = await tx.query<ChargeRow>(
    `SELECT ${chargeColumns} FROM billing.charges WHERE tenant_id = $1 AND intake_id = $2 AND status IN ('requested', 'needs-you') AND NOT giving_up FOR UPDATE`,
    [tx.tenantId, intakeId],
  )
  for (const charge of found.rows) {
    if (charge.status === 'needs-you' && (await whyNotAuthorised(tx, intakeId, charge.createdAt))) await giveUp(tx, charge, now)
  }
}
/** What waits for the patient of a plan that has ended. */
export async function callOffInstalments(tx: Tx, planId: string, now: Date): Promise<void> {
  await tx.query(
    `UPDATE billing.charges SET giving_up = true, check_at = $3, version = version + 1, updated_at = $3 WHERE tenant_id = $1 AND status = 'needs-you' AND NOT giving_up
       AND instalment_id IN (SELECT id FROM billing.instalments WHERE tenant_id = $1 AND plan_id = $2)`,
    [tx.tenantId, planId, now],
  )
}

/** By a person. The same click once more changes nothing. */
export async function stopCharge(tx: Tx, charge: ChargeRow, at: Emission): Promise<'stopped' | 'again' | 'not-waiting'> {
  if (charge.status === 'canceled' || (charge.status === 'needs-you' && charge.givingUp)) return 'again'
  return (await callOff(tx, charge, at)) ? 'stopped' : 'not-waiting'
}

interface Due extends Pick<ChargeRow, 'id' | 'intakeId' | 'patientId' | 'paymentIntentId' | 'givingUp' | 'createdAt' | 'version'> {
  checks: number
}
/** Charges that wait for the patient and whose end nobody told: each an event, and a flow asks, or ends it. */
export async function beginChargeChecks(tx: Tx, limit: number, at: Emission): Promise<number> {
  const due = await tx.query<Due>(
    `SELECT id, intake_id AS "intakeId", patient_id AS "patientId", payment_intent_id AS "paymentIntentId", giving_up AS "givingUp", created_at AS "createdAt",
       checks, version FROM billing.charges WHERE tenant_id = $1 AND check_at <= $2 AND payment_intent_id IS NOT NULL ORDER BY check_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [tx.tenantId, at.now, limit],
  )
  for (const { id, intakeId, patientId, paymentIntentId, givingUp, createdAt, checks, version } of due.rows) {
    const ends = givingUp || at.now >= confirmUntil(createdAt) || (await whyNotAuthorised(tx, intakeId, createdAt)) !== undefined
    const next = minutesAfter(at.now, ends ? 60 : (checkAfterMinutes[checks + 1] ?? dayMinutes))
    // Not past the patient's last day: that look ends it.
    const nextAt = ends || next < confirmUntil(createdAt) ? next : confirmUntil(createdAt)
    await tx.query('UPDATE billing.charges SET checks = checks + 1, check_at = $3, giving_up = $4 WHERE tenant_id = $1 AND id = $2', [
      ...[tx.tenantId, id],
      ...[nextAt, ends],
    ])
    const payload = { intakeId, patientId, chargeId: id, paymentIntentId: paymentIntentId ?? '', giveUp: ends }
    const about = { aggregateType: 'charge', aggregateId: id, aggregateVersion: version, intakeId }
    await emit(tx, { type: 'charge.check-due.v1', contract: ChargeCheckDue, payload, ...about }, at)
  }
  return due.rows.length
}

interface AskedCharge {
  id: string
  amountMinor: number
  currency: string
  pageId: string
  createdAt: Date
}
/** The charge that the patient may confirm now, the oldest first; never one that is being given up, or that no authorisation stands behind. */
export async function chargeToConfirm(tx: Tx, intakeId: string): Promise<AskedCharge | undefined> {
  const found = await tx.query<AskedCharge>(
    `SELECT id, amount_minor AS "amountMinor", currency, page_document_id AS "pageId", created_at AS "createdAt" FROM billing.charges
     WHERE tenant_id = $1 AND intake_id = $2 AND status = 'needs-you' AND page_document_id IS NOT NULL AND NOT giving_up ORDER BY created_at, id LIMIT 1`,
    [tx.tenantId, intakeId],
  )
  const [charge] = found.rows
  return charge && !(await whyNotAuthorised(tx, intakeId, charge.createdAt)) ? charge : undefined
}
