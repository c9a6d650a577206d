import { confirmUntil } from '@heliox/core/billing'
import type { PatientMoney } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'
import { chargeToConfirm } from './charge-pages.ts'
import { offerOf, openRequestOf } from './method-requests.ts'
import { plansOf } from './payments-view.ts'

/** The bank's page for a method that is on its way: of what was left last, before what is on file. */
export async function actionOf(tx: Tx, intakeId: string): Promise<string | undefined> {
  const found = await tx.query<{ id: string }>(
    `SELECT action_document_id AS id FROM billing.payments WHERE tenant_id = $1 AND intake_id = $2 AND status = 'needs-you' AND action_document_id IS NOT NULL
       AND standing <> 'past' ORDER BY standing DESC LIMIT 1`,
    [tx.tenantId, intakeId],
  )
  return found.rows[0]?.id
}

type Asked = Pick<PatientMoney, 'confirm' | 'plan' | 'charge' | 'asked'>
/** What a patient can do about money now. For a visit that was cancelled there is nothing. */
export async function askedOfPatient(tx: Tx, intakeId: string, isCancelled: boolean, now: Date): Promise<Asked> {
  if (isCancelled) return { confirm: false, plan: null, charge: null, asked: null }
  const charge = await chargeToConfirm(tx, intakeId)
  const request = await openRequestOf(tx, intakeId)
  const offer = request && (await offerOf(tx, intakeId))
  return {
    confirm: (await actionOf(tx, intakeId)) !== undefined,
    plan: (await plansOf(tx, intakeId, ['proposed', 'expired'], now))[0] ?? null,
    charge: charge ? { amountMinor: charge.amountMinor, currency: charge.currency, until: confirmUntil(charge.createdAt).toISOString() } : null,
    asked: request ? { offer: offer?.status ?? null } : null,
  }
}
