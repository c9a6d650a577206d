import type { Tx } from '../tenancy.ts'

/** As many of each as a visit ever has; more are not looked for. */
const idsMax = 200

/**
 * Of one form: its messages, what waited for a person about it, and the sealed papers of those items (what a partner was sent and said, what there was to
 * choose from, why it was decided so). By these the audit names who opened one.
 */
export async function messagingIdsAbout(tx: Tx, intakeId: string): Promise<string[]> {
  const found = await tx.query<{ id: string }>(
    `SELECT id FROM (SELECT m.id FROM messaging.messages m WHERE m.tenant_id = $1 AND m.intake_id = $2 ORDER BY m.created_at DESC LIMIT $3) messages
     UNION SELECT paper.id FROM (
       SELECT o.id, o.effect_id, o.ledger_month, o.input_document_id, o.note_document_id, o.options_document_id
       FROM messaging.overrides o WHERE o.tenant_id = $1 AND o.intake_id = $2 ORDER BY o.opened_at DESC LIMIT $3) item
     LEFT JOIN messaging.effects e ON e.tenant_id = $1 AND e.ledger_month = item.ledger_month AND e.id = item.effect_id
     LEFT JOIN messaging.effect_attempts a ON a.tenant_id = $1 AND a.ledger_month = item.ledger_month AND a.effect_id = item.effect_id
     CROSS JOIN LATERAL unnest(ARRAY[item.id, item.input_document_id, item.note_document_id, item.options_document_id, e.input_document_id, e.answer_document_id,
       a.late_document_id, a.options_document_id]) AS paper(id)
     WHERE paper.id IS NOT NULL`,
    [tx.tenantId, intakeId, idsMax],
  )
  return found.rows.map(({ id }) => id)
}
