import { foldMethod, type Known, type MethodKind, MethodRecord, type MethodState, type PaymentFact } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { type ApplyContext, applyOf } from '../applies/context.ts'
import { sealDocument } from '../identity/documents.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { holdEnded } from './kept-holds.ts'
import { isTold, takeOffered } from './method-requests.ts'
import { keepMethod, tellOutcome } from './payments.ts'

interface PaymentRow {
  id: string
  intakeId: string
  patientId: string
  status: MethodState
  method: MethodKind | null
  code: string | null
  customerId: string | null
  paymentMethodId: string | null
  heldUntil: Date | null
  factAt: Date | null
  checks: number
  /** `offered`: left in place of the current one, which stays until this one is stored. */
  standing: 'current' | 'offered' | 'past'
  version: number
}
const columns = `id, intake_id AS "intakeId", patient_id AS "patientId", status::text AS status, method, code, customer_id AS "customerId",
  payment_method_id AS "paymentMethodId", held_until AS "heldUntil", fact_at AS "factAt", checks, standing, version`

/** The row is locked: answers and facts about one payment are folded one after the other. */
export async function lockPayment(tx: Tx, by: { id: string } | { intentId: string }): Promise<PaymentRow | undefined> {
  const [where, value] = 'id' in by ? ['id = $2', by.id] : ['intent_id = $2', by.intentId]
  const found = await tx.query<PaymentRow>(`SELECT ${columns} FROM billing.payments WHERE tenant_id = $1 AND ${where} FOR UPDATE`, [tx.tenantId, value])
  return found.rows[0]
}

/**
 * A webhook that never comes leaves nobody waiting: asked after so many minutes, then farther and farther apart, for about two days. While money is
 * held, daily until the hold ends: each look gives it back.
 */
const checkAfterMinutes = [5, 15, 60, 240, 720, 1440] as const
export function nextCheck({ status, heldUntil }: { status: MethodState; heldUntil: Date | null }, checks: number, now: Date): Date | null {
  const isOver = heldUntil === null && (status === 'stored' || status === 'declined')
  const minutes = isOver ? undefined : (checkAfterMinutes[checks] ?? (heldUntil && now < heldUntil ? dayMinutes : undefined))
  return minutes === undefined ? null : new Date(now.getTime() + minutes * 60_000)
}
const dayMinutes = 1440

/** What our own call brought. Facts are newer than it, whenever it comes: it moves a state only where they have said nothing that stands higher. */
export const recordMethod = applyOf(MethodRecord, async (record, context) => {
  const { tx, now } = context
  const payment = await lockPayment(tx, { id: record.paymentId })
  if (!payment) throw new Error('the payment is not there')
  const heldUntil = record.intent === null ? payment.heldUntil : record.heldUntil ? new Date(record.heldUntil) : null
  // Looks while nothing was held say nothing of a hold.
  const checks = payment.heldUntil === null && heldUntil !== null ? 0 : payment.checks
  const actionDocumentId = record.actionUrl === null ? null : await sealAction(context, payment, record.actionUrl)
  await tx.query(
    `UPDATE billing.payments SET intent_kind = coalesce($3, intent_kind), intent_id = coalesce($4, intent_id), customer_id = coalesce($5, customer_id),
       payment_method_id = coalesce($6, payment_method_id), method = coalesce($7, method), action_document_id = coalesce($8, action_document_id),
       held_until = CASE WHEN $10 THEN $9 ELSE held_until END, checks = $11 WHERE tenant_id = $1 AND id = $2`,
    [
      ...[tx.tenantId, payment.id, record.intent?.kind ?? null, record.intent?.id ?? null, record.customerId, record.paymentMethodId, record.method],
      ...[actionDocumentId, record.heldUntil, record.intent !== null, checks],
    ],
  )
  const known = {
    ...payment,
    method: record.method ?? payment.method,
    heldUntil,
    checks,
    customerId: payment.customerId ?? record.customerId,
    paymentMethodId: payment.paymentMethodId ?? record.paymentMethodId,
  }
  if (payment.heldUntil !== null && heldUntil === null) await holdEnded(tx, payment.id, now)
  const said = saidBy(record)
  const moved = said && movedByAnswer(known, said)
  await settle(tx, known, moved, moved ? record.code : payment.code, context, now)
})

const saidBy = ({ status }: ValueOf<typeof MethodRecord>): MethodState | undefined => (status === 'processing' ? undefined : status)
const typeOf = { stored: 'setup_intent.succeeded', 'needs-you': 'setup_intent.requires_action', declined: 'setup_intent.setup_failed' } as const
/** As old as can be: it stands below every fact of its own step. */
function movedByAnswer(payment: PaymentRow, said: MethodState): Known<MethodState> | undefined {
  if (said === 'requested') return undefined
  const moved = foldMethod({ status: payment.status, at: payment.factAt?.toISOString() ?? null }, { type: typeOf[said], at: new Date(0).toISOString() })
  return moved && { status: moved.status, at: payment.factAt?.toISOString() ?? null }
}

function sealAction(context: ApplyContext, { intakeId, patientId }: PaymentRow, url: string): Promise<string> {
  return sealDocument(context.tx, context.vault, { kind: 'payment-action', intakeId, patientId, text: url }, context.now)
}

/** A webhook's fact about the intent behind a payment. True when it changed anything. */
export async function foldIntoPayment(tx: Tx, payment: PaymentRow, fact: PaymentFact, at: Emission): Promise<boolean> {
  // Given back: nothing of the patient's money is held any more.
  const released = fact.type === 'payment_intent.canceled' && payment.heldUntil !== null
  if (released) {
    await tx.query('UPDATE billing.payments SET held_until = NULL WHERE tenant_id = $1 AND id = $2', [tx.tenantId, payment.id])
    await holdEnded(tx, payment.id, at.now)
  }
  const stands = fact.type === 'payment_intent.amount_capturable_updated'
  const heldUntil = released ? null : stands ? (payment.heldUntil ?? new Date(at.now)) : payment.heldUntil
  const known = { ...payment, heldUntil, customerId: payment.customerId ?? fact.customerId, paymentMethodId: payment.paymentMethodId ?? fact.paymentMethodId }
  const moved = foldMethod({ status: payment.status, at: payment.factAt?.toISOString() ?? null }, fact)
  await settle(tx, known, moved, moved?.status === 'declined' ? (fact.code ?? fact.type.slice(0, 60)) : null, at, at.now)
  return moved !== undefined || released
}

async function settle(tx: Tx, payment: PaymentRow, moved: Known<MethodState> | undefined, code: string | null, at: Emission, now: Date): Promise<void> {
  const status = moved?.status ?? payment.status
  const updated = await tx.query<{ version: number }>(
    `UPDATE billing.payments SET status = $3::billing.payment_status, code = $4, customer_id = coalesce(customer_id, $5), payment_method_id = coalesce(payment_method_id, $6),
       fact_at = coalesce($7, fact_at), check_at = $8, version = version + $9, updated_at = $10,
       action_document_id = CASE WHEN $3 = 'needs-you' THEN action_document_id END
     WHERE tenant_id = $1 AND id = $2 RETURNING version`,
    [
      ...[tx.tenantId, payment.id, status, moved ? code : payment.code, payment.customerId, payment.paymentMethodId, moved?.at ?? null],
      ...[nextCheck({ status, heldUntil: payment.heldUntil }, payment.checks, now), moved ? 1 : 0, now],
    ],
  )
  const { id: paymentId, patientId, customerId, paymentMethodId } = payment
  if (status === 'stored' && customerId && paymentMethodId) await keepMethod(tx, { paymentId, patientId, customerId, paymentMethodId }, now)
  const version = updated.rows[0]?.version
  if (!moved || moved.status === 'requested' || version === undefined) return
  const told = await isTold(tx, payment, moved.status)
  if (moved.status === 'stored' && payment.standing === 'offered' && customerId && paymentMethodId) {
    await takeOffered(tx, { id: paymentId, intakeId: payment.intakeId, customerId, paymentMethodId }, at)
  }
  if (!told) return
  await tellOutcome(tx, { paymentId, intakeId: payment.intakeId, patientId, version, method: payment.method }, moved.status, code, at)
}
