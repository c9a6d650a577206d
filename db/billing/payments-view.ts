import type { ChargeState, MethodKind, MethodState, RefundReason, RefundState } from '@heliox/core/billing'
import { refundCounts } from '@heliox/core/billing'
import type { ChargeView, PaymentsView, PlanView } from '@heliox/core/ports'
import { whyNotAuthorised } from '../compliance/card-authorisation.ts'
import type { Tx } from '../tenancy.ts'
import { currencyHere } from './currency.ts'
import { offerOf, openRequestOf } from './method-requests.ts'

const chargesMax = 200

export async function viewPayments(tx: Tx, intakeId: string, now: Date): Promise<PaymentsView> {
  const payment = await tx.query<{ status: MethodState; kind: string | null; code: string | null; currency: string; leftAt: Date }>(
    `SELECT status::text AS status, method AS kind, code, currency, created_at AS "leftAt" FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2 AND standing = 'current'`,
    [tx.tenantId, intakeId],
  )
  const { currency, leftAt, ...method } = payment.rows[0] ?? {}
  const charges = await chargesOf(tx, intakeId)
  return {
    method: payment.rows[0] ? (method as NonNullable<PaymentsView['method']>) : null,
    unauthorised: (leftAt && (await whyNotAuthorised(tx, intakeId, leftAt))) ?? null,
    copayMinor: await copayOf(tx, intakeId),
    currency: currency ?? (await currencyHere(tx)),
    charges,
    plans: await plansOf(tx, intakeId, ['proposed', 'expired', 'agreed', 'ended'], now),
    askedAt: (await openRequestOf(tx, intakeId))?.askedAt.toISOString() ?? null,
    offer: (await offerOf(tx, intakeId)) ?? null,
  }
}

/** Null: nothing was left, or the partner has not said what it is. */
export async function methodOf(tx: Tx, intakeId: string): Promise<MethodKind | null> {
  const found = await tx.query<{ method: MethodKind | null }>(
    `SELECT method FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2 AND standing = 'current'`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]?.method ?? null
}

/** Of the answer that counts; an answer in doubt is never that. */
async function copayOf(tx: Tx, intakeId: string): Promise<number | null> {
  const found = await tx.query<{ cents: number | null }>(
    `SELECT a.copay_cents AS cents FROM billing.eligibility_requests r
       JOIN billing.eligibility_answers a ON a.tenant_id = r.tenant_id AND a.id = r.current_answer_id WHERE r.tenant_id = $1 AND r.intake_id = $2`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]?.cents ?? null
}

interface ChargeFound extends Omit<ChargeView, 'dueAt' | 'at' | 'refundableMinor' | 'refunds'> {
  dueAt: Date | null
  at: Date
}
interface RefundFound {
  id: string
  chargeId: string
  amountMinor: number
  status: RefundState
  code: string | null
  reason: RefundReason | 'at-the-partner'
  at: Date
}
async function chargesOf(tx: Tx, intakeId: string): Promise<ChargeView[]> {
  const charges = await tx.query<ChargeFound>(
    `SELECT id, purpose, amount_minor AS "amountMinor", currency, status, next, code, attempt, due_at AS "dueAt", with_patient AS "withPatient",
       giving_up AS stopping, created_at AS at
     FROM billing.charges WHERE tenant_id = $1 AND intake_id = $2 ORDER BY created_at DESC, attempt DESC, id LIMIT ${chargesMax}`,
    [tx.tenantId, intakeId],
  )
  const refunds = await tx.query<RefundFound>(
    `SELECT r.id, r.charge_id AS "chargeId", r.amount_minor AS "amountMinor", r.status, r.code, r.reason, r.created_at AS at
     FROM billing.refunds r JOIN billing.charges c ON c.tenant_id = r.tenant_id AND c.id = r.charge_id
     WHERE r.tenant_id = $1 AND c.intake_id = $2 ORDER BY r.created_at LIMIT ${chargesMax}`,
    [tx.tenantId, intakeId],
  )
  return charges.rows.map((charge) => {
    const ours = refunds.rows.filter(({ chargeId }) => chargeId === charge.id)
    const given = ours.filter(({ status }) => refundCounts(status)).reduce((sum, { amountMinor }) => sum + amountMinor, 0)
    return {
      ...charge,
      dueAt: charge.dueAt?.toISOString() ?? null,
      at: charge.at.toISOString(),
      refundableMinor: charge.status === 'succeeded' ? Math.max(0, charge.amountMinor - given) : 0,
      refunds: ours.map(({ chargeId: _, at, ...refund }) => ({ ...refund, at: at.toISOString() })),
    }
  })
}

interface PlanFound extends Omit<PlanView, 'instalments' | 'proposedAt' | 'agreedAt'> {
  proposedAt: Date
  agreedAt: Date | null
}
interface InstalmentFound {
  planId: string
  number: number
  dueOn: string
  amountMinor: number
  open: boolean
  charged: ChargeState | null
}
export async function plansOf(tx: Tx, intakeId: string, statuses: readonly PlanView['status'][], now: Date): Promise<PlanView[]> {
  const plans = await tx.query<PlanFound>(
    `SELECT id, CASE WHEN status = 'proposed' AND EXISTS (SELECT 1 FROM billing.instalments i WHERE i.tenant_id = billing.plans.tenant_id
         AND i.plan_id = billing.plans.id AND i.due_at <= $3) THEN 'expired' ELSE status::text END AS status, total_minor AS "totalMinor", currency, proposed_at AS "proposedAt", agreed_at AS "agreedAt" FROM billing.plans
     WHERE tenant_id = $1 AND intake_id = $2 ORDER BY proposed_at DESC, id LIMIT 50`,
    [tx.tenantId, intakeId, now],
  )
  const wanted = plans.rows.filter(({ status }) => statuses.includes(status))
  if (wanted.length === 0) return []
  const instalments = await tx.query<InstalmentFound>(
    `SELECT i.plan_id AS "planId", i.number, to_char(i.due_on, 'YYYY-MM-DD') AS "dueOn", i.amount_minor AS "amountMinor", i.open,
       (SELECT c.status FROM billing.charges c WHERE c.tenant_id = i.tenant_id AND c.instalment_id = i.id ORDER BY c.created_at DESC, c.attempt DESC LIMIT 1) AS charged
     FROM billing.instalments i WHERE i.tenant_id = $1 AND i.plan_id = ANY ($2::uuid[]) ORDER BY i.plan_id, i.number`,
    [tx.tenantId, wanted.map(({ id }) => id)],
  )
  return wanted.map((plan) => ({
    ...plan,
    proposedAt: plan.proposedAt.toISOString(),
    agreedAt: plan.agreedAt?.toISOString() ?? null,
    instalments: instalments.rows
      .filter(({ planId }) => planId === plan.id)
      .map(({ number, dueOn, amountMinor, open, charged }) => ({
        ...{ number, dueOn, amountMinor },
        status: charged ?? (open || plan.status === 'proposed' ? ('waiting' as const) : ('cancelled' as const)),
      })),
  }))
}
