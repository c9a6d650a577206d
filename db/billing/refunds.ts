import { randomUUID } from 'node:crypto'
import { foldRefund, type PaymentFact, RefundOutcome, type RefundReason, RefundRecord, RefundRequested, type RefundState } from '@heliox/core/billing'
import { applyOf } from '../applies/context.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { ChargeRow } from './charges.ts'

interface RefundRow {
  id: string
  chargeId: string
  intakeId: string
  patientId: string
  amountMinor: number
  currency: string
  status: RefundState
  code: string | null
  partnerRefundId: string | null
  factAt: Date | null
  version: number
}
const columns = `id, charge_id AS "chargeId", intake_id AS "intakeId", patient_id AS "patientId", amount_minor AS "amountMinor", currency, status, code,
  partner_refund_id AS "partnerRefundId", fact_at AS "factAt", version`

export async function lockRefund(tx: Tx, by: { id: string } | { partnerRefundId: string }): Promise<RefundRow | undefined> {
  const [where, value] = 'id' in by ? ['id = $2', by.id] : ['partner_refund_id = $2', by.partnerRefundId]
  const found = await tx.query<RefundRow>(`SELECT ${columns} FROM billing.refunds WHERE tenant_id = $1 AND ${where} FOR UPDATE`, [tx.tenantId, value])
  return found.rows[0]
}

/** What of a charge was given back, or is on its way. Its row must be locked, so that two partial refunds cannot pass each other. */
async function refundedMinor(tx: Tx, chargeId: string): Promise<number> {
  const found = await tx.query<{ sum: number }>(
    `SELECT coalesce(sum(amount_minor), 0)::int AS sum FROM billing.refunds WHERE tenant_id = $1 AND charge_id = $2 AND status NOT IN ('refused', 'canceled', 'failed')`,
    [tx.tenantId, chargeId],
  )
  return found.rows[0]?.sum ?? 0
}

interface Wish {
  id: string
  amountMinor: number
  reason: RefundReason
}
type RefundBegun = 'begun' | 'again' | 'conflict' | 'not-charged' | 'too-much'
/** The browser's id is its key: the same click twice is one refund. */
export async function beginRefund(tx: Tx, charge: ChargeRow, wish: Wish, at: Emission): Promise<RefundBegun> {
  const before = await lockRefund(tx, { id: wish.id })
  if (before) return before.chargeId === charge.id && before.amountMinor === wish.amountMinor ? 'again' : 'conflict'
  if (charge.status !== 'succeeded' || charge.paymentIntentId === null) return 'not-charged'
  if ((await refundedMinor(tx, charge.id)) + wish.amountMinor > charge.amountMinor) return 'too-much'
  const { id: chargeId, intakeId, patientId, currency, paymentIntentId } = charge
  await tx.query(
    `INSERT INTO billing.refunds (tenant_id, id, charge_id, intake_id, patient_id, amount_minor, currency, reason, status, requested_by, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'requested', $9, $10, $10)`,
    [tx.tenantId, wish.id, chargeId, intakeId, patientId, wish.amountMinor, currency, wish.reason, tx.actor, at.now],
  )
  const payload = { intakeId, patientId, refundId: wish.id, chargeId, paymentIntentId, amountMinor: wish.amountMinor, currency }
  const about = { aggregateType: 'refund', aggregateId: wish.id, aggregateVersion: 1, intakeId }
  await emit(tx, { type: 'refund.requested.v1', contract: RefundRequested, payload, ...about }, at)
  return 'begun'
}

export const recordRefund = applyOf(RefundRecord, async (record, context) => {
  const { tx } = context
  const refund = await lockRefund(tx, { id: record.refundId })
  if (!refund) throw new Error('the refund is not there')
  if (record.is === 'refused') {
    const { code, partnerRefundId } = record.refused
    // Facts stand above our own answer; where there are none yet, this is the end.
    const status = refund.factAt === null ? 'refused' : undefined
    await settle(tx, refund, { status, code, partnerRefundId, factAt: null }, context)
    return
  }
  const { status, partnerRefundId } = record.refunded
  const said = { type: 'answer', status: status === 'requires-action' ? 'requires_action' : status, at: new Date(0).toISOString() }
  const moved = foldRefund({ status: refund.status, at: refund.factAt?.toISOString() ?? null }, said)
  await settle(tx, refund, { status: moved?.status, code: null, partnerRefundId, factAt: null }, context)
})

/** A webhook's fact about a refund. True when it changed anything. */
export async function foldIntoRefund(tx: Tx, refund: RefundRow, fact: PaymentFact, at: Emission): Promise<boolean> {
  const moved = foldRefund({ status: refund.status, at: refund.factAt?.toISOString() ?? null }, fact)
  await settle(tx, refund, { status: moved?.status, code: fact.code, partnerRefundId: fact.object.id, factAt: moved?.at ?? null }, at)
  return moved !== undefined
}

/** Made by hand at the partner: it counts against the charge like one of ours, so that nobody gives the same money back twice. */
export async function takeForeignRefund(tx: Tx, charge: ChargeRow, fact: PaymentFact, at: Emission): Promise<RefundRow | undefined> {
  if (fact.amountMinor === null || fact.amountMinor === 0) return undefined
  const id = randomUUID()
  await tx.query(
    `INSERT INTO billing.refunds (tenant_id, id, charge_id, intake_id, patient_id, amount_minor, currency, reason, status, partner_refund_id, requested_by, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'at-the-partner', 'requested', $8, $9, $10, $10)`,
    [tx.tenantId, id, charge.id, charge.intakeId, charge.patientId, fact.amountMinor, charge.currency, fact.object.id, tx.actor, at.now],
  )
  return lockRefund(tx, { id })
}

interface Settling {
  status: RefundState | undefined
  code: string | null
  partnerRefundId: string | null
  factAt: string | null
}
async function settle(tx: Tx, refund: RefundRow, to: Settling, at: Emission): Promise<void> {
  const status = to.status ?? refund.status
  const updated = await tx.query<{ version: number }>(
    `UPDATE billing.refunds SET status = $3, code = CASE WHEN $7 THEN $4 ELSE code END, partner_refund_id = coalesce(partner_refund_id, $5),
       fact_at = coalesce($6, fact_at), version = version + CASE WHEN $7 THEN 1 ELSE 0 END, updated_at = $8
     WHERE tenant_id = $1 AND id = $2 RETURNING version`,
    [tx.tenantId, refund.id, status, to.code, to.partnerRefundId, to.factAt, to.status !== undefined, at.now],
  )
  const version = updated.rows[0]?.version
  if (to.status === undefined || version === undefined) return
  const { id: refundId, chargeId, intakeId, patientId, amountMinor, currency } = refund
  const payload = { intakeId, patientId, refundId, chargeId, status, code: to.code, amountMinor, currency }
  const about = { aggregateType: 'refund', aggregateId: refundId, aggregateVersion: version, intakeId }
  await emit(tx, { type: 'refund.changed.v1', contract: RefundOutcome, payload, ...about }, at)
  // The money is ours again though the patient was told that it comes: somebody must find another way.
  if (status === 'failed')
    await raiseIncident(tx, { kind: 'refund-failed', partner: 'stripe', payerId: null, about: { is: 'refund', id: refundId }, count: 1 }, at.now)
}
