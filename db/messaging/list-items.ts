import type { ItemFilter } from '@heliox/core/messaging'
import type { ItemGroup } from '@heliox/core/ports'
import { pageAfter, readCursor, totalMax } from '../page.ts'
import type { Tx } from '../tenancy.ts'
import { type ItemRow, itemColumns } from './queue-rows.ts'

export type ListFilter = ItemFilter & {
  status: 'open' | 'resolved'
  sort: 'visit' | 'age'
  grouped: boolean
  cursor?: string | undefined
  limit: number
  userId: string
  now: Date
}

/** One row stands for many items that share a cause; more of them than this are not told apart by anybody. */
const groupsMax = 20
const groupOf = 2

/**
 * The status stands in words in every query, since a partial index serves it and an enum condition could use none under row-level
 * security (see db/README.md). What a filter leaves out is null and compared with nothing.
 */
const wanted = (status: 'open' | 'resolved'): string => `o.tenant_id = $1 AND o.status = '${status}'
  AND ($2::text IS NULL OR o.owner::text = $2) AND ($3::text IS NULL OR o.kind::text = $3) AND ($4::uuid IS NULL OR o.incident_id = $4)
  AND ($5::text IS NULL OR o.flow = $5) AND (NOT $6::boolean OR (o.claimed_by = $7 AND o.claimed_until > $8))
  AND (NOT $9::boolean OR o.id IN (SELECT d.override_id FROM messaging.decisions d WHERE d.tenant_id = $1 AND d.state = 'proposed'))`
const narrowed = `AND ($10::text IS NULL OR o.cause::text = $10) AND ($11::text IS NULL OR o.payer_id = $11)`

const common = (tx: Tx, filter: ListFilter): unknown[] => [
  tx.tenantId,
  filter.owner ?? null,
  filter.kind ?? null,
  filter.incident ?? null,
  filter.flow ?? null,
  filter.mine ?? false,
  filter.userId,
  filter.now,
  filter.proposed ?? false,
]
const all = (tx: Tx, filter: ListFilter): unknown[] => [...common(tx, filter), filter.cause ?? null, filter.payer ?? null]

const page = (status: 'open' | 'resolved', key: string, direction: 'ASC' | 'DESC'): string =>
  `SELECT ${itemColumns} FROM messaging.overrides o WHERE ${wanted(status)} ${narrowed}
   AND NOT coalesce(o.incident_id = ANY ($12::uuid[]), false)
   AND ($13::timestamptz IS NULL OR (o.${key}, o.id) ${direction === 'ASC' ? '>' : '<'} ($13, $14::uuid))
   ORDER BY o.${key} ${direction}, o.id ${direction} LIMIT $15`
const pages = {
  visit: { sql: page('open', 'sort_at', 'ASC'), key: (row: ItemRow) => row.sortAt },
  age: { sql: page('open', 'opened_at', 'ASC'), key: (row: ItemRow) => row.openedAt },
  resolved: { sql: page('resolved', 'resolved_at', 'DESC'), key: (row: ItemRow) => row.resolvedAt ?? row.openedAt },
}

/** Open ones by visit (without one last) or by age, resolved ones newest first. */
export async function listItems(tx: Tx, filter: ListFilter, without: readonly string[]): Promise<{ items: ItemRow[]; nextCursor: string | null }> {
  const { sql, key } = pages[filter.status === 'resolved' ? 'resolved' : filter.sort]
  const after = readCursor(filter.cursor)
  const found = await tx.query<ItemRow>(sql, [...all(tx, filter), without, after?.at ?? null, after?.id ?? null, filter.limit + 1])
  return pageAfter(found.rows, filter.limit, (row) => ({ at: key(row), id: row.id }))
}

export interface Counted {
  cause: string
  payerId: string | null
  count: number
  mine: number
  proposed: number
}
const counts = (status: 'open' | 'resolved'): string => `
  SELECT cause::text AS cause, payer_id AS "payerId", count(*)::int AS count, count(*) FILTER (WHERE mine)::int AS mine, count(*) FILTER (WHERE proposed)::int AS proposed
  FROM (SELECT o.cause, o.payer_id, coalesce(o.claimed_by = $7 AND o.claimed_until > $8, false) AS mine,
          o.id IN (SELECT d.override_id FROM messaging.decisions d WHERE d.tenant_id = $1 AND d.state = 'proposed') AS proposed
        FROM messaging.overrides o WHERE ${wanted(status)} LIMIT ${totalMax}) AS capped
  GROUP BY cause, payer_id`
const countSql = { open: counts('open'), resolved: counts('resolved') }

/** By cause and payer, narrowed by neither: each list of choices leaves its own choice out. */
export async function countItems(tx: Tx, filter: ListFilter): Promise<Counted[]> {
  return (await tx.query<Counted>(countSql[filter.status], common(tx, filter))).rows
}

type GroupRow = Omit<ItemGroup, 'payerName' | 'soonestVisitAt'> & { soonestVisitAt: Date | null }
/** Open incidents with at least two of the items behind them, the soonest visit first. */
export async function groupItems(tx: Tx, filter: ListFilter): Promise<GroupRow[]> {
  if (filter.status !== 'open' || filter.incident !== undefined) return []
  const found = await tx.query<GroupRow>(
    `SELECT i.id AS "incidentId", i.kind::text AS kind, i.partner, i.payer_id AS "payerId", g.cause, g.items, g.visit AS "soonestVisitAt"
     FROM (SELECT o.incident_id, min(o.cause::text) AS cause, count(*)::int AS items, min(o.visit_at) AS visit FROM messaging.overrides o
           WHERE ${wanted('open')} ${narrowed} AND o.incident_id IS NOT NULL GROUP BY o.incident_id HAVING count(*) >= ${groupOf}
           ORDER BY min(o.sort_at), o.incident_id LIMIT ${groupsMax}) AS g
     JOIN messaging.incidents i ON i.tenant_id = $1 AND i.id = g.incident_id AND i.status = 'open' ORDER BY g.visit NULLS LAST, i.id`,
    all(tx, filter),
  )
  return found.rows
}

export async function itemsById(tx: Tx, ids: readonly string[]): Promise<ItemRow[]> {
  const found = await tx.query<ItemRow>(`SELECT ${itemColumns} FROM messaging.overrides o WHERE o.tenant_id = $1 AND o.id = ANY ($2)`, [tx.tenantId, ids])
  const byId = new Map(found.rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** The sealed input's id, for who may open it. */
export async function itemInputId(tx: Tx, id: string): Promise<string | undefined> {
  const found = await tx.query<{ documentId: string | null }>(
    'SELECT input_document_id AS "documentId" FROM messaging.overrides WHERE tenant_id = $1 AND id = $2',
    [tx.tenantId, id],
  )
  return found.rows[0]?.documentId ?? undefined
}
