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

/** Items that are alike in all that is counted. */
export interface Counted {
  cause: string
  payerId: string | null
  incidentId: string | null
  count: number
  mine: number
  proposed: number
  soonestVisitAt: Date | null
}
const counts = (status: 'open' | 'resolved'): string => `
  SELECT cause::text AS cause, payer_id AS "payerId", incident_id AS "incidentId", count(*)::int AS count, count(*) FILTER (WHERE mine)::int AS mine,
    count(*) FILTER (WHERE proposed)::int AS proposed, min(visit_at) AS "soonestVisitAt"
  FROM (SELECT o.cause, o.payer_id, o.incident_id, o.visit_at, coalesce(o.claimed_by = $7 AND o.claimed_until > $8, false) AS mine,
          o.id IN (SELECT d.override_id FROM messaging.decisions d WHERE d.tenant_id = $1 AND d.state = 'proposed') AS proposed
        FROM messaging.overrides o WHERE ${wanted(status)} LIMIT ${totalMax}) AS capped
  GROUP BY cause, payer_id, incident_id`
const countSql = { open: counts('open'), resolved: counts('resolved') }

/** One look at all that fits, narrowed by neither cause nor payer: each list of choices leaves its own choice out. */
export async function countItems(tx: Tx, filter: ListFilter): Promise<Counted[]> {
  return (await tx.query<Counted>(countSql[filter.status], common(tx, filter))).rows
}

type GroupRow = Omit<ItemGroup, 'payerName' | 'soonestVisitAt'> & { soonestVisitAt: Date | null }
/** Open incidents with at least two of the items behind them, the soonest visit first. */
export async function groupItems(tx: Tx, filter: ListFilter, counted: readonly Counted[]): Promise<GroupRow[]> {
  if (filter.status !== 'open' || filter.incident !== undefined) return []
  const groups = new Map<string, { cause: string; items: number; soonestVisitAt: Date | null }>()
  for (const row of counted) {
    if (row.incidentId === null || !fits(row, filter)) continue
    const known = groups.get(row.incidentId)
    groups.set(row.incidentId, {
      cause: known && known.cause < row.cause ? known.cause : row.cause,
      items: (known?.items ?? 0) + row.count,
      soonestVisitAt: sooner(known?.soonestVisitAt ?? null, row.soonestVisitAt),
    })
  }
  const many = [...groups].filter(([, { items }]) => items >= groupOf).sort(([, a], [, b]) => timeOf(a.soonestVisitAt) - timeOf(b.soonestVisitAt))
  const ids = many.slice(0, groupsMax).map(([id]) => id)
  const found = await tx.query<Pick<GroupRow, 'incidentId' | 'kind' | 'partner' | 'payerId'>>(
    `SELECT id AS "incidentId", kind::text AS kind, partner, payer_id AS "payerId" FROM messaging.incidents
     WHERE tenant_id = $1 AND id = ANY ($2) AND status = 'open'`,
    [tx.tenantId, ids],
  )
  const open = new Map(found.rows.map((row) => [row.incidentId, row]))
  return ids.flatMap((id) => {
    const incident = open.get(id)
    const group = groups.get(id)
    return incident && group ? [{ ...incident, ...group, cause: group.cause as GroupRow['cause'] }] : []
  })
}
export const fits = (row: Counted, filter: { cause?: string | undefined; payer?: string | undefined }): boolean =>
  (filter.cause === undefined || row.cause === filter.cause) && (filter.payer === undefined || row.payerId === filter.payer)
const timeOf = (at: Date | null): number => at?.getTime() ?? Number.POSITIVE_INFINITY
const sooner = (a: Date | null, b: Date | null): Date | null => (timeOf(a) <= timeOf(b) ? a : b)

export async function itemsById(tx: Tx, ids: readonly string[]): Promise<ItemRow[]> {
  const found = await tx.query<ItemRow>(`SELECT ${itemColumns} FROM messaging.overrides o WHERE o.tenant_id = $1 AND o.id = ANY ($2)`, [tx.tenantId, ids])
  const byId = new Map(found.rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** The sealed input and options of an item where a person chooses. */
export async function itemChoice(tx: Tx, id: string): Promise<{ inputId: string; optionsId: string } | undefined> {
  const found = await tx.query<{ inputId: string; optionsId: string }>(
    `SELECT input_document_id AS "inputId", options_document_id AS "optionsId" FROM messaging.overrides
     WHERE tenant_id = $1 AND id = $2 AND input_document_id IS NOT NULL AND options_document_id IS NOT NULL`,
    [tx.tenantId, id],
  )
  return found.rows[0]
}

/** The sealed input's id, for who may open it. */
export async function itemInputId(tx: Tx, id: string): Promise<string | undefined> {
  const found = await tx.query<{ documentId: string | null }>(
    'SELECT input_document_id AS "documentId" FROM messaging.overrides WHERE tenant_id = $1 AND id = $2',
    [tx.tenantId, id],
  )
  return found.rows[0]?.documentId ?? undefined
}
