import type { OverrideListItem } from '@heliox/core/ports'
import { referenceOf } from '@heliox/core/reporting'
import { pageAfter, readCursor, totalMax } from '../page.ts'
import type { Tx } from '../tenancy.ts'

type Item = Omit<OverrideListItem, 'visitAt'>
interface Row extends Omit<Item, 'openedAt' | 'resolvedAt' | 'reference'> {
  openedAt: Date
  resolvedAt: Date | null
}

const columns = `id, intake_id AS "intakeId", flow, flow_version AS version, step, partner, operation, cause::text AS cause, owner::text AS owner,
  staff_text AS "staffText", status::text AS status, attempts, opened_at AS "openedAt", resolution::text AS resolution, resolved_by AS "resolvedBy",
  resolved_at AS "resolvedAt"`

/**
 * The status is written into each query and not a parameter: a partial index serves it, and `status = $1` on an enum could
 * use no index under row-level security. Open items oldest first, resolved ones newest first.
 */
const pages = {
  open: `SELECT ${columns} FROM messaging.overrides WHERE tenant_id = $1 AND status = 'open' AND ($2::text IS NULL OR cause::text = $2)
    AND ($3::timestamptz IS NULL OR (opened_at, id) > ($3, $4::uuid)) ORDER BY opened_at, id LIMIT $5`,
  resolved: `SELECT ${columns} FROM messaging.overrides WHERE tenant_id = $1 AND status = 'resolved' AND ($2::text IS NULL OR cause::text = $2)
    AND ($3::timestamptz IS NULL OR (resolved_at, id) < ($3, $4::uuid)) ORDER BY resolved_at DESC, id DESC LIMIT $5`,
}
const count = (status: 'open' | 'resolved'): string => `SELECT count(*)::int AS n FROM (SELECT 1 FROM messaging.overrides
  WHERE tenant_id = $1 AND status = '${status}' AND ($2::text IS NULL OR cause::text = $2) LIMIT ${totalMax}) AS capped`
const counts = { open: count('open'), resolved: count('resolved') }

export async function listOverrides(
  tx: Tx,
  filter: { status: 'open' | 'resolved'; cause?: string; cursor?: string; limit: number },
): Promise<{ items: Item[]; total: number; nextCursor: string | null }> {
  const after = readCursor(filter.cursor)
  const cause = filter.cause ?? null
  const found = await tx.query<Row>(pages[filter.status], [tx.tenantId, cause, after?.at ?? null, after?.id ?? null, filter.limit + 1])
  const total = await tx.query<{ n: number }>(counts[filter.status], [tx.tenantId, cause])
  const page = pageAfter(found.rows, filter.limit, (row) => ({ at: row.resolvedAt ?? row.openedAt, id: row.id }))
  return { items: page.items.map(toItem), total: total.rows[0]?.n ?? 0, nextCursor: page.nextCursor }
}

export async function findOverride(tx: Tx, id: string): Promise<Item | undefined> {
  const found = await tx.query<Row>(`SELECT ${columns} FROM messaging.overrides WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, id])
  return found.rows[0] && toItem(found.rows[0])
}

/** The sealed input's id, for who may open it. */
export async function overrideInputId(tx: Tx, id: string): Promise<string | undefined> {
  const found = await tx.query<{ documentId: string | null }>(
    'SELECT input_document_id AS "documentId" FROM messaging.overrides WHERE tenant_id = $1 AND id = $2',
    [tx.tenantId, id],
  )
  return found.rows[0]?.documentId ?? undefined
}

const toItem = (row: Row): Item => ({
  ...row,
  reference: row.intakeId ? referenceOf(row.intakeId) : null,
  openedAt: row.openedAt.toISOString(),
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
})
