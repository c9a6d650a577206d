import { randomUUID } from 'node:crypto'
import { EligibilityOutcome, EligibilityRecord, EligibilityRequested, PaymentOutcome, PaymentRecord, PaymentRequested } from '@heliox/core/billing'
import { IntakeSubmitted } from '@heliox/core/identity'
import { emit } from '../outbox.ts'
import { type ApplyFunction, applyOf } from './context.ts'

const currency = 'USD'

const openEligibility = applyOf(IntakeSubmitted, async (submitted, context) => {
  const { tx } = context
  const { intakeId, patientId, visitId, payerId, payerName, serviceDate } = submitted
  const coverageId = randomUUID()
  const requestId = randomUUID()
  await tx.query('INSERT INTO billing.coverages (tenant_id, id, intake_id, patient_id, payer_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)', [
    tx.tenantId,
    coverageId,
    intakeId,
    patientId,
    payerId,
    context.now,
  ])
  await tx.query(
    `INSERT INTO billing.eligibility_requests (tenant_id, id, coverage_id, intake_id, patient_id, visit_id, payer_id, payer_name, service_date, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [tx.tenantId, requestId, coverageId, intakeId, patientId, visitId, payerId, payerName, serviceDate, context.now],
  )
  await emit(
    tx,
    {
      type: 'eligibility.requested.v1',
      contract: EligibilityRequested,
      payload: { intakeId, patientId, visitId, requestId, coverageId, payerId, payerName, serviceDate },
      aggregateType: 'eligibility-request',
      aggregateId: requestId,
      aggregateVersion: 1,
      intakeId,
    },
    context,
  )
})

/** No card left, nothing to keep: the visit goes on without a payment row. */
const openPayment = applyOf(IntakeSubmitted, async ({ intakeId, patientId, confirmationTokenId }, context) => {
  if (!confirmationTokenId) return
  const { tx } = context
  const paymentId = randomUUID()
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

interface RequestRow {
  version: number
  intakeId: string
  patientId: string
  visitId: string
  coverageId: string
  payerId: string
  payerName: string
}

/** FHIR Coverage.status from the verdict: only a clear answer moves it; everything else stays a draft. */
const coverageStatusOf = { active: 'active', inactive: 'cancelled', mixed: 'draft', rejected: 'draft', unknown: 'draft' } as const

const recordEligibility = applyOf(EligibilityRecord, async ({ requestId, verdict, rule, reasonCodes, copayCents, manual }, context) => {
  const { tx } = context
  const updated = await tx.query<RequestRow>(
    `UPDATE billing.eligibility_requests SET status = 'answered', answered_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2
     RETURNING version, intake_id AS "intakeId", patient_id AS "patientId", visit_id AS "visitId", coverage_id AS "coverageId",
       payer_id AS "payerId", payer_name AS "payerName"`,
    [tx.tenantId, requestId, context.now],
  )
  const request = updated.rows[0]
  if (!request) throw new Error('the eligibility request is not there')
  await tx.query(
    `INSERT INTO billing.eligibility_answers (tenant_id, id, request_id, verdict, rule, reason_codes, copay_cents, manual, answered_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [tx.tenantId, randomUUID(), requestId, verdict, rule, reasonCodes, copayCents, manual, context.now],
  )
  await tx.query('UPDATE billing.coverages SET status = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2', [
    tx.tenantId,
    request.coverageId,
    coverageStatusOf[verdict],
    context.now,
  ])
  const { version, ...ids } = request
  await emit(
    tx,
    {
      type: verdict === 'rejected' || verdict === 'unknown' ? 'eligibility.failed.v1' : 'eligibility.succeeded.v1',
      contract: EligibilityOutcome,
      payload: { ...ids, requestId, verdict, reasonCodes, manual },
      aggregateType: 'eligibility-request',
      aggregateId: requestId,
      aggregateVersion: version,
      intakeId: request.intakeId,
    },
    context,
  )
})

const recordPayment = applyOf(PaymentRecord, async ({ paymentId, outcome, setupIntentId, customerId, paymentMethodId, code }, context) => {
  const { tx } = context
  const updated = await tx.query<{ version: number; intakeId: string; patientId: string }>(
    `UPDATE billing.payments SET status = $3, setup_intent_id = $4, code = $5, version = version + 1, updated_at = $6
     WHERE tenant_id = $1 AND id = $2 RETURNING version, intake_id AS "intakeId", patient_id AS "patientId"`,
    [tx.tenantId, paymentId, outcome, setupIntentId, code, context.now],
  )
  const payment = updated.rows[0]
  if (!payment) throw new Error('the payment is not there')
  const { intakeId, patientId } = payment
  if (outcome === 'stored' && customerId && paymentMethodId) {
    await tx.query(
      `INSERT INTO billing.payment_methods (tenant_id, id, payment_id, patient_id, customer_id, payment_method_id, stored_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT ON CONSTRAINT payment_methods_once DO NOTHING`,
      [tx.tenantId, randomUUID(), paymentId, patientId, customerId, paymentMethodId, context.now],
    )
  }
  await emit(
    tx,
    {
      type: outcome === 'stored' ? 'payment.succeeded.v1' : 'payment.failed.v1',
      contract: PaymentOutcome,
      payload: { intakeId, patientId, paymentId, outcome, code },
      aggregateType: 'payment',
      aggregateId: paymentId,
      aggregateVersion: payment.version,
      intakeId,
    },
    context,
  )
})

export const billingFunctions: Readonly<Record<string, ApplyFunction>> = {
  'billing.open-eligibility': openEligibility,
  'billing.open-payment': openPayment,
  'billing.record-eligibility': recordEligibility,
  'billing.record-payment': recordPayment,
}
