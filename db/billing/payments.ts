import { randomUUID } from 'node:crypto'
import { type MethodKind, PaymentOutcome, PaymentRecord, PaymentRequested } from '@heliox/core/billing'
import { IntakeSubmitted } from '@heliox/core/identity'
import { applyOf } from '../applies/context.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { currencyHere } from './currency.ts'

/** No card left, nothing to keep: the visit goes on without a payment row. */
export const openPayment = applyOf(IntakeSubmitted, async ({ intakeId, patientId, confirmationTokenId }, context) => {
  if (!confirmationTokenId) return
  const { tx } = context
  const paymentId = randomUUID()
  const currency = await currencyHere(tx)
  await tx.query('INSERT INTO billing.payments (tenant_id, id, intake_id, patient_id, currency, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)', [
    tx.tenantId,
    paymentId,
    intakeId,
    patientId,
    currency,
    context.now,
  ])
  await emit(
    tx,
    {
      type: 'payment.requested.v1',
      contract: PaymentRequested,
      payload: { intakeId, patientId, paymentId, confirmationTokenId, currency },
      aggregateType: 'payment',
      aggregateId: paymentId,
      aggregateVersion: 1,
      intakeId,
    },
    context,
  )
})

export const recordPayment = applyOf(PaymentRecord, async ({ paymentId, outcome, setupIntentId, customerId, paymentMethodId, code }, context) => {
  const { tx } = context
  const updated = await tx.query<{ version: number; intakeId: string; patientId: string }>(
    `UPDATE billing.payments SET status = $3, setup_intent_id = $4, code = $5, version = version + 1, updated_at = $6
     WHERE tenant_id = $1 AND id = $2 RETURNING version, intake_id AS "intakeId", patient_id AS "patientId"`,
    [tx.tenantId, paymentId, outcome, setupIntentId, code, context.now],
  )
  const payment = updated.rows[0]
  if (!payment) throw new Error('the payment is not there')
  const { intakeId, patientId } = payment
  if (outcome === 'stored' && customerId && paymentMethodId) await keepMethod(tx, { paymentId, patientId, customerId, paymentMethodId }, context.now)
  await tellOutcome(tx, { paymentId, intakeId, patientId, version: payment.version }, outcome, code, context)
})

export async function keepMethod(
  tx: Tx,
  method: { paymentId: string; patientId: string; customerId: string; paymentMethodId: string },
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO billing.payment_methods (tenant_id, id, payment_id, patient_id, customer_id, payment_method_id, stored_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT ON CONSTRAINT payment_methods_once DO NOTHING`,
    [tx.tenantId, randomUUID(), method.paymentId, method.patientId, method.customerId, method.paymentMethodId, now],
  )
}

export async function tellOutcome(
  tx: Tx,
  payment: { paymentId: string; intakeId: string; patientId: string; version: number; method?: MethodKind | null },
  outcome: 'stored' | 'needs-you' | 'declined',
  code: string | null,
  at: Emission,
): Promise<void> {
  const { paymentId, intakeId, patientId, version, method } = payment
  await emit(
    tx,
    {
      type: outcome === 'stored' ? 'payment.succeeded.v1' : 'payment.failed.v1',
      contract: PaymentOutcome,
      payload: { intakeId, patientId, paymentId, outcome, code, ...(method && { method }) },
      aggregateType: 'payment',
      aggregateId: paymentId,
      aggregateVersion: version,
      intakeId,
    },
    at,
  )
}
