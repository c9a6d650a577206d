import { randomUUID } from 'node:crypto'
import type { SignatureRecord } from '@heliox/core/compliance'
import { canonicalJson } from '@heliox/core/kit'
import type { ShownAuthorisation } from '@heliox/core/ports'
import type { z } from 'zod'
import { sealDocument } from '../identity/documents.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { audit } from './audit.ts'
import { consentTexts } from './consents.ts'

/** Why nobody may charge: there is no authorisation, or it was taken back. Kept as the code of a charge that ends so. */
export type NotAuthorised = 'not-authorised' | 'authorisation-withdrawn'

/**
 * The one place that decides whether a card or account may be charged: only where its authorisation stands. That nothing was taken back is not enough:
 * who sent the form without a card never gave one. `since`: when what would be charged, or charged to, came to be. What was taken back after that stays
 * so for it: who authorises another card later does not revive a charge, or a card, of before.
 */
export async function whyNotAuthorised(tx: Tx, intakeId: string, since: Date): Promise<NotAuthorised | undefined> {
  const found = await tx.query<{ stands: boolean | null; isBack: boolean | null }>(
    `SELECT bool_or(w.id IS NULL) AS stands, bool_or(w.withdrawn_at >= $3) AS "isBack"
     FROM compliance.consents c
       JOIN compliance.consent_texts t ON t.tenant_id = c.tenant_id AND t.id = c.text_id AND t.sha256 = c.text_sha256 AND t.kind = 'card-authorisation'
       LEFT JOIN compliance.consent_withdrawals w ON w.tenant_id = c.tenant_id AND w.consent_id = c.id
     WHERE c.tenant_id = $1 AND c.intake_id = $2`,
    [tx.tenantId, intakeId, since],
  )
  const { stands, isBack } = found.rows[0] ?? {}
  if (stands === null || stands === undefined) return 'not-authorised'
  return stands && !isBack ? undefined : 'authorisation-withdrawn'
}

/**
 * The patient ticked the text under which they leave a card or account: a consent of its own, bound to the words that were shown, with who, when, where and
 * from what beside it, sealed, as a form has it. False: these are not the words that the clinic has in force, and nothing was written.
 */
export async function authoriseCard(
  tx: Tx,
  vault: Vault,
  { intakeId, patientId }: { intakeId: string; patientId: string },
  { textId, textSha256, signedFrom, timeZone }: ShownAuthorisation,
  now: Date,
): Promise<boolean> {
  const text = (await consentTexts(tx, now)).find(({ id, kind, sha256 }) => kind === 'card-authorisation' && id === textId && sha256 === textSha256)
  if (!text) return false
  const record: z.input<typeof SignatureRecord> = {
    signature: { typedName: '', language: text.language },
    ...{ consents: [{ textId, textSha256 }], from: signedFrom, at: now.toISOString(), timeZone, action: 'method.leave' },
  }
  const documentId = await sealDocument(tx, vault, { kind: 'signature', intakeId, patientId, text: canonicalJson(record) }, now)
  await tx.query(
    `INSERT INTO compliance.consents (tenant_id, id, intake_id, patient_id, text_id, text_sha256, signature_document_id, signed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tx.tenantId, randomUUID(), intakeId, patientId, textId, textSha256, documentId, now],
  )
  await audit(tx, { action: 'consent.give', resource: `intake:${intakeId} consent:card-authorisation`, outcome: 'ok' }, now)
  return true
}
