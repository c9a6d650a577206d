import type { ConsentText } from '@heliox/core/compliance'
import type { Tx } from '../tenancy.ts'

/** The texts a patient signs today, in every language. */
export async function consentTexts(tx: Tx, now: Date): Promise<ConsentText[]> {
  const found = await tx.query<ConsentText>(
    `SELECT id, kind::text AS kind, language, title, body, sha256 FROM compliance.consent_texts
     WHERE tenant_id = $1 AND in_force_from <= $2 AND (in_force_until IS NULL OR in_force_until > $2)
     ORDER BY language, consent_texts.kind LIMIT 100`,
    [tx.tenantId, now],
  )
  return found.rows
}
