import type { VisitChanged } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import type { ApplyContext } from '../applies/context.ts'

/**
 * Open items of an intake stand by the time that its visit has now. The visit is read after the items are locked, not taken from the event: of two
 * moves in a row it does not matter which one arrives last.
 */
export async function followVisit({ tx, itemChanged }: ApplyContext, { intakeId }: ValueOf<typeof VisitChanged>): Promise<void> {
  const open = await tx.query<{ id: string }>(
    `SELECT id FROM messaging.overrides WHERE tenant_id = $1 AND intake_id = $2 AND status = 'open' ORDER BY id FOR NO KEY UPDATE`,
    [tx.tenantId, intakeId],
  )
  if (open.rows.length === 0) return
  const moved = await tx.query<{ id: string }>(
    `UPDATE messaging.overrides o SET visit_at = v.at FROM (SELECT clinical.visit_start($2) AS at) v
     WHERE o.tenant_id = $1 AND o.id = ANY ($3::uuid[]) AND o.visit_at IS DISTINCT FROM v.at RETURNING o.id`,
    [tx.tenantId, intakeId, open.rows.map(({ id }) => id)],
  )
  for (const { id } of moved.rows) itemChanged(id)
}
