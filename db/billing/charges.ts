import { randomUUID } from 'node:crypto'
import {
  asksPatient,
  ChargeOutcome,
  ChargeRecord,
  ChargeRequested,
  type ChargeState,
  foldCharge,
  isLive,
  nextTryAt,
  type PaymentFact,
} from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { applyOf } from '../applies/context.ts'
import { intakesOff } from '../clinical/visits.ts'
import { whyNotAuthorised } from '../compliance/card-authorisation.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { tellTaken, tellTakenUnwanted, whyGivenUp } from './unwanted.ts'

type Purpose = ValueOf<typeof ChargeRequested>['purpose']
export interface ChargeRow {
  id: string
  seriesId: string
  attempt: number
  intakeId: string
  patientId: string
  purpose: Purpose
  instalmentId: string | null
  amountMinor: number
  currency: string
  customerId: string
  paymentMethodId: string
  status: ChargeState
  code: string | null
  paymentIntentId: string | null
  firstAt: Date
  factAt: Date | null
  /** An attempt at the bank’s own page. */
  withPatient: boolean
  /** Nobody waits for the patient any more; the partner is asked to end it. */
  givingUp: boolean
  createdAt: Date
  version: number
}
export const chargeColumns = `id, series_id AS "seriesId", attempt, intake_id AS "intakeId", patient_id AS "patientId", purpose, instalment_id AS "instalmentId",
  amount_minor AS "amountMinor", currency, customer_id AS "customerId", payment_method_id AS "paymentMethodId", status, code,
  payment_intent_id AS "paymentIntentId", first_at AS "firstAt", fact_at AS "factAt", with_patient AS "withPatient", giving_up AS "givingUp",
  created_at AS "createdAt", version`

/** The row is locked: its answer, its facts and its refunds come one after the other. */
export async function lockCharge(tx: Tx, by: { id: string } | { intentId: string }): Promise<ChargeRow | undefined> {
  const [where, value] = 'id' in by ? ['id = $2', by.id] : ['payment_intent_id = $2', by.intentId]
  const found = await tx.query<ChargeRow>(`SELECT ${chargeColumns} FROM billing.charges WHERE tenant_id = $1 AND ${where} FOR UPDATE`, [tx.tenantId, value])
  return found.rows[0]
}

export type NewCharge = Pick<
  ChargeRow,
  'id' | 'intakeId' | 'patientId' | 'purpose' | 'instalmentId' | 'amountMinor' | 'currency' | 'customerId' | 'paymentMethodId'
>
/** False when the same thing is charged already, or may be: the unique index of live charges is the judge, whoever asks. */
export async function beginCharge(tx: Tx, charge: NewCharge, requestedBy: string, at: Emission): Promise<boolean> {
  const inserted = await tx.query(
    `INSERT INTO billing.charges (tenant_id, id, series_id, attempt, intake_id, patient_id, purpose, instalment_id, amount_minor, currency, customer_id,
       payment_method_id, status, first_at, requested_by, created_at, updated_at)
     VALUES ($1, $2, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, 'requested', $11, $12, $11, $11) ON CONFLICT DO NOTHING`,
    [
      ...[tx.tenantId, charge.id, charge.intakeId, charge.patientId, charge.purpose, charge.instalmentId, charge.amountMinor, charge.currency],
      ...[charge.customerId, charge.paymentMethodId, at.now, requestedBy],
    ],
  )
  if (inserted.rowCount !== 1) return false
  await tellRequested(tx, charge, 1, at)
  return true
}

async function tellRequested(tx: Tx, charge: NewCharge & { withPatient?: boolean }, version: number, at: Emission): Promise<void> {
  const { id: chargeId, intakeId, patientId, customerId, paymentMethodId, amountMinor, currency, purpose } = charge
  const payload = { intakeId, chargeId, patientId, customerId, paymentMethodId, amountMinor, currency, purpose }
  await emit(
    tx,
    {
      ...{ type: charge.withPatient ? 'charge.page-due.v1' : 'charge.requested.v1', contract: ChargeRequested, payload },
      ...{ aggregateType: 'charge', aggregateId: chargeId },
      ...{ aggregateVersion: version, intakeId },
    },
    at,
  )
}

/** What the partner answered. A fact that was told before it, and stands higher, stays. */
export const recordCharge = applyOf(ChargeRecord, async (record, context) => {
  const { tx } = context
  const charge = await lockCharge(tx, { id: record.chargeId })
  if (!charge) throw new Error('the charge is not there')
  const at = new Date(0).toISOString()
  const known = { status: charge.status, at: charge.factAt?.toISOString() ?? null }
  if (record.is === 'charged') {
    const { status, paymentIntentId } = record.charged
    const moved = foldCharge(known, { type: status === 'succeeded' ? 'payment_intent.succeeded' : 'payment_intent.processing', at })
    await settle(tx, charge, { status: moved?.status, code: null, paymentIntentId, next: null, factAt: null }, context)
    await tellTakenUnwanted(tx, context.envelope, context.now)
    return
  }
  const { next, paymentIntentId, declineCode, code } = record.declined
  // Also where the bank wants the patient: nobody has the key to that intent, so it ends, and the patient confirms another one.
  const moved = foldCharge(known, { type: 'payment_intent.payment_failed', at })
  await settle(tx, charge, { status: moved?.status, code: declineCode ?? code, paymentIntentId, next, factAt: null }, context)
  // A webhook was faster with the same word, and said nothing of what comes next.
  if (!moved && charge.status === 'declined') await scheduleNext(tx, charge, next, context)
})

/** A webhook's fact about the intent behind a charge. True when it changed anything. */
export async function foldIntoCharge(tx: Tx, charge: ChargeRow, fact: PaymentFact, at: Emission): Promise<boolean> {
  const moved = foldCharge({ status: charge.status, at: charge.factAt?.toISOString() ?? null }, fact)
  const { id } = fact.object
  const paymentIntentId = fact.object.kind === 'payment-intent' ? id : fact.intentId
  await settle(
    tx,
    charge,
    { status: moved?.status, code: moved?.status === 'declined' ? fact.code : null, paymentIntentId, next: null, factAt: moved?.at ?? null },
    at,
  )
  return moved !== undefined
}

const isTaken = (status: ChargeState): boolean => status === 'processing' || status === 'succeeded'

export interface Settling {
  status: ChargeState | undefined
  code: string | null
  paymentIntentId: string | null
  next: 'patient-confirms' | 'later' | 'new-method' | 'stop' | null
  factAt: string | null
}
export async function settle(tx: Tx, charge: ChargeRow, to: Settling, at: Emission): Promise<void> {
  const status = to.status ?? charge.status
  const isBeside = !isLive(charge.status) && isLive(status) && (await stopOthers(tx, charge, at.now))
  const unwanted = to.status === undefined ? undefined : await whyGivenUp(tx, charge)
  const code = status === 'canceled' ? (to.code ?? unwanted ?? null) : to.code
  const updated = await tx.query<{ version: number }>(
    `UPDATE billing.charges SET status = $3::billing.charge_status, code = CASE WHEN $8 THEN $4 ELSE code END, payment_intent_id = coalesce(payment_intent_id, $5),
       next = coalesce($6, next), fact_at = coalesce($7, fact_at), version = version + CASE WHEN $8 THEN 1 ELSE 0 END, due_at = NULL, updated_at = $9, beside = beside OR $10,
       check_at = CASE WHEN $3 = 'needs-you' THEN check_at END, page_document_id = CASE WHEN $3 = 'needs-you' THEN page_document_id END
     WHERE tenant_id = $1 AND id = $2 RETURNING version`,
    [tx.tenantId, charge.id, status, code, to.paymentIntentId, to.next, to.factAt, to.status !== undefined, at.now, isBeside],
  )
  const version = updated.rows[0]?.version
  if (to.status === undefined || version === undefined) return
  await tellCharge(tx, { ...charge, status, code, version }, at)
  if (unwanted && isTaken(status) && !isTaken(charge.status)) await tellTaken(tx, charge.id, at.now)
  if (isBeside) await raiseIncident(tx, { kind: 'charged-twice', partner: 'stripe', payerId: null, about: { is: 'charge', id: charge.id }, count: 1 }, at.now)
  if (!isLive(status)) await leadOn(tx, charge)
  if (status === 'declined' && to.next !== null) await scheduleNext(tx, charge, to.next, at)
}

const sameThing = `tenant_id = $1 AND id <> $2 AND CASE WHEN $4::uuid IS NULL THEN purpose = 'copay' AND intake_id = $3 ELSE instalment_id = $4 END`
const sameAs = (tx: Tx, { id, intakeId, instalmentId }: ChargeRow): unknown[] => [tx.tenantId, id, intakeId, instalmentId]
const live = `status NOT IN ('declined', 'canceled')`

/**
 * A charge that was declined, by our word or a person's, takes the money after all. A later try of the same thing that waits is called off; true when
 * one is under way or has taken the money too: then both are kept as they are, side by side, and a person gives one back.
 */
async function stopOthers(tx: Tx, charge: ChargeRow, now: Date): Promise<boolean> {
  await tx.query(
    `UPDATE billing.charges SET status = 'canceled', due_at = NULL, version = version + 1, updated_at = $5 WHERE ${sameThing} AND status = 'scheduled'`,
    [...sameAs(tx, charge), now],
  )
  const others = await tx.query(`SELECT 1 FROM billing.charges WHERE ${sameThing} AND ${live} AND NOT beside FOR UPDATE`, sameAs(tx, charge))
  return others.rowCount !== 0
}

/** What stood beside a charge that is over is now the one that holds the place: the thing is paid, or may be soon. */
const leadOn = (tx: Tx, charge: ChargeRow) =>
  tx.query(
    `UPDATE billing.charges SET beside = false WHERE tenant_id = $1
       AND id = (SELECT id FROM billing.charges WHERE ${sameThing} AND ${live} AND beside ORDER BY created_at, id LIMIT 1)
       AND NOT EXISTS (SELECT 1 FROM billing.charges WHERE ${sameThing} AND ${live} AND NOT beside)`,
    sameAs(tx, charge),
  )

/** The next attempt of the series stands there, not yet due, and counts as live: nobody charges the same thing beside it. Of a plan that has ended, none. */
export async function scheduleNext(tx: Tx, charge: ChargeRow, next: NonNullable<Settling['next']>, at: Emission): Promise<void> {
  const withPatient = asksPatient(next, charge.withPatient)
  const dueAt = withPatient ? at.now : nextTryAt(next, charge.attempt, charge.firstAt)
  if (!dueAt) return
  await tx.query(
    `INSERT INTO billing.charges (tenant_id, id, series_id, attempt, intake_id, patient_id, purpose, instalment_id, amount_minor, currency, customer_id,
       payment_method_id, status, due_at, first_at, requested_by, created_at, updated_at, with_patient)
     SELECT tenant_id, $3, series_id, attempt + 1, intake_id, patient_id, purpose, instalment_id, amount_minor, currency, customer_id, payment_method_id,
       'scheduled'::billing.charge_status, $4, first_at, requested_by, $5, $5, $6 FROM billing.charges c WHERE tenant_id = $1 AND id = $2
       AND (instalment_id IS NULL OR EXISTS (SELECT 1 FROM billing.instalments i JOIN billing.plans p ON p.tenant_id = i.tenant_id AND p.id = i.plan_id
         WHERE i.tenant_id = c.tenant_id AND i.id = c.instalment_id AND p.status = 'agreed'))
     ON CONFLICT DO NOTHING`,
    [tx.tenantId, charge.id, randomUUID(), dueAt, at.now, withPatient],
  )
}

export async function tellCharge(tx: Tx, charge: ChargeRow, at: Emission): Promise<void> {
  const { id: chargeId, intakeId, patientId, purpose, status, code, amountMinor, currency, version } = charge
  const payload = { intakeId, patientId, chargeId, purpose, status, code, amountMinor, currency }
  await emit(
    tx,
    {
      ...{ type: 'charge.changed.v1', contract: ChargeOutcome, payload, aggregateType: 'charge', aggregateId: chargeId },
      ...{ aggregateVersion: version, intakeId },
    },
    at,
  )
}

/** Later tries whose day has come, each an event: a flow asks the partner. None where charging is not authorised, and no copay of a visit that was called off or not come to. */
export async function beginDueCharges(tx: Tx, limit: number, at: Emission): Promise<number> {
  const due = await tx.query<ChargeRow>(
    `SELECT ${chargeColumns} FROM billing.charges WHERE tenant_id = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [tx.tenantId, at.now, limit],
  )
  const off = await intakesOff(tx, [...new Set(due.rows.flatMap(({ purpose, intakeId }) => (purpose === 'copay' ? intakeId : [])))])
  for (const charge of due.rows) {
    const lack = await whyNotAuthorised(tx, charge.intakeId, charge.createdAt)
    const why = lack ?? (charge.purpose === 'copay' && off.has(charge.intakeId) ? 'visit-off' : undefined)
    if (why) {
      await settle(tx, charge, { status: 'canceled', code: why, paymentIntentId: null, next: null, factAt: null }, at)
      continue
    }
    await tx.query(`UPDATE billing.charges SET status = 'requested', due_at = NULL, version = version + 1, updated_at = $3 WHERE tenant_id = $1 AND id = $2`, [
      tx.tenantId,
      charge.id,
      at.now,
    ])
    await tellRequested(tx, charge, charge.version + 1, at)
  }
  return due.rows.length
}
