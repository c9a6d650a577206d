import { confirmUntil } from '@heliox/core/billing'
import type { PatientMoney, PatientMove, PlanView } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'
import { chargeToConfirm } from './charge-pages.ts'
import { offerOf, openRequestOf } from './method-requests.ts'
import { plansOf } from './payments-view.ts'
import { methodOnFile } from './plans.ts'

/** The bank's page for a method that is on its way: of what was left last, before what is on file. */
export async function actionOf(tx: Tx, intakeId: string): Promise<string | undefined> {
  const found = await tx.query<{ id: string }>(
    `SELECT action_document_id AS id FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2 AND status = 'needs-you' AND action_document_id IS NOT NULL
       AND standing <> 'past' ORDER BY standing DESC LIMIT 1`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]?.id
}

const movesMax = 20
/** What was taken and what goes back. What was tried and not taken is the desk's to see: nothing became of it. */
async function movesOf(tx: Tx, intakeId: string): Promise<PatientMove[]> {
  const found = await tx.query<Omit<PatientMove, 'at'> & { at: Date }>(
    `SELECT 'charge' AS is, CASE WHEN status = 'succeeded' THEN 'done' ELSE 'under-way' END AS state, amount_minor AS "amountMinor", currency,
         coalesce(fact_at, updated_at) AS at FROM billing.charges
       WHERE tenant_id = $1 AND intake_id = $2 AND status IN ('requested', 'processing', 'succeeded')
     UNION ALL
     SELECT 'refund', CASE WHEN r.status = 'succeeded' THEN 'done' WHEN r.status IN ('failed', 'canceled') THEN 'failed' ELSE 'under-way' END, r.amount_minor,
         r.currency, coalesce(r.fact_at, r.updated_at) FROM billing.refunds r JOIN billing.charges c ON c.tenant_id = r.tenant_id AND c.id = r.charge_id
       WHERE r.tenant_id = $1 AND c.intake_id = $2 AND r.status <> 'refused'
     ORDER BY at DESC LIMIT ${movesMax}`,
    [tx.tenantId, intakeId],
  )
  return found.rows.map(({ at, ...move }) => ({ ...move, at: at.toISOString() }))
}

function nextPartOf(plans: readonly PlanView[]): PatientMoney['nextPart'] {
  const plan = plans.find(({ status }) => status === 'agreed')
  const next = plan?.instalments.find(({ status }) => status === 'waiting')
  return plan && next ? { amountMinor: next.amountMinor, currency: plan.currency, dueOn: next.dueOn } : null
}

type Asked = Omit<PatientMoney, 'method'>
/** What happened with a patient's money, and what they can do about it now. For a visit that was cancelled there is nothing to do. */
export async function askedOfPatient(tx: Tx, intakeId: string, isCancelled: boolean, now: Date): Promise<Asked> {
  const plans = await plansOf(tx, intakeId, ['proposed', 'expired', 'agreed'], now)
  // What is not authorised is not taken (`plans.ts`), so it is neither announced nor proposed.
  const mayCharge = typeof (await methodOnFile(tx, intakeId)) !== 'string'
  const happened = { moves: await movesOf(tx, intakeId), nextPart: mayCharge ? nextPartOf(plans) : null }
  if (isCancelled) return { confirm: false, plan: null, charge: null, asked: null, ...happened }
  const charge = await chargeToConfirm(tx, intakeId)
  const request = await openRequestOf(tx, intakeId)
  const offer = request && (await offerOf(tx, intakeId))
  return {
    confirm: (await actionOf(tx, intakeId)) !== undefined,
    plan: (mayCharge && plans.find(({ status }) => status !== 'agreed')) || null,
    charge: charge ? { amountMinor: charge.amountMinor, currency: charge.currency, until: confirmUntil(charge.createdAt).toISOString() } : null,
    asked: request ? { offer: offer?.status ?? null } : null,
    ...happened,
  }
}
