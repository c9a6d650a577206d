import { randomUUID } from 'node:crypto'
import type { IncidentKind, IncidentReason } from '@heliox/core/messaging'
import type { IncidentListItem } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import { pageAfter, readCursor, totalMax } from '../page.ts'
import type { Tx } from '../tenancy.ts'

export interface Cause {
  kind: IncidentKind
  partner: string
  payerId: string | null
  about: IncidentListItem['about']
  /** How many more; with `now` how many there are in all. */
  count: number
  counts?: 'more' | 'now'
}

/** In the caller's commit, whichever context it is. True when it opened one; else the open one counts further. */
export async function raiseIncident(tx: Tx, cause: Cause, now: Date): Promise<boolean> {
  const raised = await tx.query<{ opened: boolean }>('SELECT messaging.raise_incident($1, $2, $3, $4, $5, $6, $7, $8, $9) AS opened', [
    randomUUID(),
    cause.kind,
    cause.partner,
    cause.payerId,
    cause.about.is,
    cause.about.id,
    cause.count,
    cause.counts !== 'now',
    now,
  ])
  return raised.rows[0]?.opened ?? false
}

/** The cause is gone: its open incident, if there is one, closes without a person. */
export async function settleIncident(tx: Tx, cause: Pick<Cause, 'kind' | 'partner' | 'about'>, now: Date): Promise<void> {
  await tx.query('SELECT messaging.settle_incident($1, $2, $3, $4, $5, $6)', [cause.kind, cause.partner, cause.about.is, cause.about.id, tx.actor, now])
}

/** A payer that lies now and then is one incident: only a believed answer after so long without a doubt ends it. */
export const quietMs = 15 * 60_000

/** The same, unless it happened again since then: what comes and goes is one incident, not many. */
export async function settleQuietIncident(tx: Tx, cause: Pick<Cause, 'kind' | 'partner' | 'about'>, quietSince: Date, now: Date): Promise<void> {
  const loud = await tx.query(
    `SELECT 1 FROM messaging.incidents WHERE tenant_id = $1 AND closed_at IS NULL AND kind::text = $2 AND partner = $3 AND about::text = $4 AND about_id = $5
       AND last_at > $6 LIMIT 1`,
    [tx.tenantId, cause.kind, cause.partner, cause.about.is, cause.about.id, quietSince],
  )
  if (loud.rowCount === 0) await settleIncident(tx, cause, now)
}

/** What the open ones of a kind are about, and how often. */
export async function openAbout(tx: Tx, kind: IncidentKind, partner: string): Promise<{ about: Cause['about']; count: number }[]> {
  const found = await tx.query<{ is: Cause['about']['is']; id: string; count: number }>(
    `SELECT about::text AS is, about_id AS id, count FROM messaging.incidents WHERE tenant_id = $1 AND closed_at IS NULL AND kind::text = $2 AND partner = $3 LIMIT 1000`,
    [tx.tenantId, kind, partner],
  )
  return found.rows.map(({ is, id, count }) => ({ about: { is, id }, count }))
}

export type IncidentRow = Omit<IncidentListItem, 'payerName' | 'canSendAgain'>
interface Row extends Omit<IncidentRow, 'about' | 'openedAt' | 'lastAt' | 'closedAt'> {
  aboutIs: IncidentListItem['about']['is']
  aboutId: string
  openedAt: Date
  lastAt: Date
  closedAt: Date | null
}

const columns = `id, kind::text AS kind, partner, payer_id AS "payerId", about::text AS "aboutIs", about_id AS "aboutId", count, status::text AS status,
  opened_at AS "openedAt", last_at AS "lastAt", closed_at AS "closedAt", reason::text AS reason, closed_by AS "closedBy"`
/** Open is what has no end, and resolved stands in words: the partial indexes say the same (see db/README.md). */
const pages = {
  open: `SELECT ${columns} FROM messaging.incidents WHERE tenant_id = $1 AND closed_at IS NULL AND ($2::text IS NULL OR kind::text = $2)
    AND ($3::timestamptz IS NULL OR (opened_at, id) > ($3, $4::uuid)) ORDER BY opened_at, id LIMIT $5`,
  resolved: `SELECT ${columns} FROM messaging.incidents WHERE tenant_id = $1 AND status = 'resolved' AND ($2::text IS NULL OR kind::text = $2)
    AND ($3::timestamptz IS NULL OR (closed_at, id) < ($3, $4::uuid)) ORDER BY closed_at DESC, id DESC LIMIT $5`,
}
const count = (which: string): string => `SELECT count(*)::int AS n FROM (SELECT 1 FROM messaging.incidents
  WHERE tenant_id = $1 AND ${which} AND ($2::text IS NULL OR kind::text = $2) LIMIT ${totalMax}) AS capped`
const counts = { open: count('closed_at IS NULL'), resolved: count("status = 'resolved'") }

export async function listIncidents(
  tx: Tx,
  filter: { status: 'open' | 'resolved'; kind?: IncidentKind; cursor?: string; limit: number },
): Promise<{ items: IncidentRow[]; total: number; nextCursor: string | null }> {
  const after = readCursor(filter.cursor)
  const kind = filter.kind ?? null
  const found = await tx.query<Row>(pages[filter.status], [tx.tenantId, kind, after?.at ?? null, after?.id ?? null, filter.limit + 1])
  const total = await tx.query<{ n: number }>(counts[filter.status], [tx.tenantId, kind])
  const page = pageAfter(found.rows, filter.limit, (row) => ({ at: row.closedAt ?? row.openedAt, id: row.id }))
  return { items: page.items.map(toItem), total: total.rows[0]?.n ?? 0, nextCursor: page.nextCursor }
}

export async function findIncident(tx: Tx, id: string): Promise<IncidentRow | undefined> {
  const found = await tx.query<Row>(`SELECT ${columns} FROM messaging.incidents WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, id])
  return found.rows[0] && toItem(found.rows[0])
}

/** Locks the row, so that of two decisions the second finds it closed. */
export async function lockOpen(tx: Tx, id: string): Promise<IncidentRow | 'not-found' | 'already-closed'> {
  const found = await tx.query<Row>(`SELECT ${columns} FROM messaging.incidents WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenantId, id])
  const row = found.rows[0]
  if (!row) return 'not-found'
  return row.status === 'open' ? toItem(row) : 'already-closed'
}

export async function closeIncident(tx: Tx, id: string, reason: IncidentReason, now: Date): Promise<void> {
  await tx.query(
    `UPDATE messaging.incidents SET status = 'resolved', reason = $3, closed_by = $4, closed_at = $5 WHERE tenant_id = $1 AND id = $2 AND status = 'open'`,
    [tx.tenantId, id, reason, tx.actor, now],
  )
  await audit(tx, { action: reason === 'sent-again' ? 'incident.send-again' : 'incident.close', resource: `incident:${id} ${reason}`, outcome: 'ok' }, now)
}

const toItem = ({ aboutIs, aboutId, ...row }: Row): IncidentRow => ({
  ...row,
  about: { is: aboutIs, id: aboutId },
  openedAt: row.openedAt.toISOString(),
  lastAt: row.lastAt.toISOString(),
  closedAt: row.closedAt?.toISOString() ?? null,
})
