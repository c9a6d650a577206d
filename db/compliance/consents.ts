import type { ConsentText } from '@heliox/core/compliance'
import type { Tx } from '../tenancy.ts'

/** The texts a patient signs today, in one language. */
export async function consentTexts(tx: Tx, language: string, now: Date): Promise<ConsentText[]> {
  const found = await tx.query<ConsentText>(
    `SELECT id, kind::text AS kind, language, title, body, sha256 FROM compliance.consent_texts
     WHERE tenant_id = $1 AND language = $2 AND in_force_from <= $3 AND (in_force_until IS NULL OR in_force_until > $3)
     ORDER BY consent_texts.kind LIMIT 20`,
    [tx.tenantId, language, now],
  )
  return found.rows
}
