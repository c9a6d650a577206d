import { randomUUID } from 'node:crypto'
import { IntakeSubmitted } from '@heliox/core/identity'
import { audit } from '../compliance/audit.ts'
import { reachOf } from '../identity/reach.ts'
import { takeUpTexts } from '../messaging/opt-outs.ts'
import { type ApplyContext, type ApplyFunction, applyOf } from './context.ts'

/** A consent counts only for the exact words that were shown: a text that is not ours, or that changed, is refused. */
const recordConsents = applyOf(IntakeSubmitted, async ({ intakeId, patientId, consents, signatureDocumentId, submittedAt }, context) => {
  const { tx } = context
  for (const { textId, textSha256 } of consents) {
    const found = await tx.query<{ kind: string }>('SELECT kind::text AS kind FROM compliance.consent_texts WHERE tenant_id = $1 AND id = $2 AND sha256 = $3', [
      tx.tenantId,
      textId,
      textSha256,
    ])
    if (found.rowCount !== 1) throw new Error('a signed consent text is not one of this clinic')
    await tx.query(
      `INSERT INTO compliance.consents (tenant_id, id, intake_id, patient_id, text_id, text_sha256, signature_document_id, signed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ON CONSTRAINT consents_once DO NOTHING`,
      [tx.tenantId, randomUUID(), intakeId, patientId, textId, textSha256, signatureDocumentId, submittedAt],
    )
    if (found.rows[0]?.kind === 'sms') await takeUp(intakeId, new Date(submittedAt), context)
  }
})

/**
 * A new consent to texts stands above one that the same patient took back before, at whichever visit; of another person's form with that number it says
 * nothing. STOP is taken back by START alone: that came from the number itself, of which a form only says that it is its patient's, and the partner keeps
 * it as well, whatever we take for said.
 */
async function takeUp(intakeId: string, at: Date, { tx, now }: ApplyContext): Promise<void> {
  const addressKey = (await reachOf(tx, intakeId, now))?.phoneKey
  if (!addressKey || !(await takeUpTexts(tx, { addressKey, at }, intakeId))) return
  await audit(tx, { action: 'opt-out.end', resource: `intake:${intakeId} sms`, outcome: 'ok' }, now)
}

export const complianceFunctions: Readonly<Record<string, ApplyFunction>> = { 'compliance.record-consents': recordConsents }
