import type { BulkStatus, StartBulkRelease } from '@heliox/core/messaging'
import { lastTurnAt } from '@heliox/core/messaging'
import type { BulkRelease } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import { pageAfter, readCursor } from '../page.ts'
import type { Tx } from '../tenancy.ts'

interface Row extends Omit<BulkRelease, 'progress' | 'startedAt' | 'changedAt' | 'finishedAt' | 'endsAt'> {
  total: number
  decided: number
  carriedOut: number
  refused: number
  skippedClaimed: number
  skippedDecided: number
  skippedResolved: number
  skippedNotAllowed: number
  nextAt: Date
  startedAt: Date
  changedAt: Date | null
  finishedAt: Date | null
}

const columns = `id, action::text AS action, selection, rate_per_minute AS "ratePerMinute", reason::text AS reason, status::text AS status, total, decided,
  carried_out AS "carriedOut", refused, skipped_claimed AS "skippedClaimed", skipped_decided AS "skippedDecided", skipped_resolved AS "skippedResolved",
  skipped_not_allowed AS "skippedNotAllowed", next_at AS "nextAt", started_by AS "startedBy", started_at AS "startedAt", changed_by AS "changedBy",
  changed_at AS "changedAt", finished_at AS "finishedAt"`

/** `false`: this id is taken. Waits for another start under the same id, so that two clicks are one. */
export async function insertBulkRelease(tx: Tx, wish: StartBulkRelease, noteDocumentId: string, overrideIds: readonly string[], now: Date): Promise<boolean> {
  const { bulkReleaseId, action, selection, ratePerMinute, reason } = wish
  const inserted = await tx.query(
    `INSERT INTO messaging.bulk_releases (tenant_id, id, action, selection, rate_per_minute, reason, note_document_id, total, next_at, run_by, started_by,
       started_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $9) ON CONFLICT (tenant_id, id) DO NOTHING`,
    [tx.tenantId, bulkReleaseId, action, JSON.stringify(selection), ratePerMinute, reason, noteDocumentId, overrideIds.length, now, tx.actor],
  )
  if (inserted.rowCount !== 1) return false
  await tx.query(
    `INSERT INTO messaging.bulk_release_items (tenant_id, release_id, position, override_id)
     SELECT $1, $2, position, override_id FROM unnest($3::uuid[]) WITH ORDINALITY AS chosen (override_id, position)`,
    [tx.tenantId, bulkReleaseId, overrideIds],
  )
  await audit(
    tx,
    { action: 'bulk-release.start', resource: `bulk-release:${bulkReleaseId} ${action} ${overrideIds.length}`, purpose: reason, outcome: 'ok' },
    now,
  )
  return true
}

export async function findBulkRelease(tx: Tx, id: string, now: Date): Promise<BulkRelease | undefined> {
  const found = await tx.query<Row>(`SELECT ${columns} FROM messaging.bulk_releases WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, id])
  return found.rows[0] && toRelease(found.rows[0], now)
}

export async function listBulkReleases(
  tx: Tx,
  filter: { status?: BulkStatus; cursor?: string; limit: number },
  now: Date,
): Promise<{ items: BulkRelease[]; nextCursor: string | null }> {
  const after = readCursor(filter.cursor)
  const found = await tx.query<Row>(
    `SELECT ${columns} FROM messaging.bulk_releases WHERE tenant_id = $1 AND ($2::text IS NULL OR status::text = $2)
       AND ($3::timestamptz IS NULL OR (started_at, id) < ($3, $4::uuid)) ORDER BY started_at DESC, id DESC LIMIT $5`,
    [tx.tenantId, filter.status ?? null, after?.at ?? null, after?.id ?? null, filter.limit + 1],
  )
  const page = pageAfter(found.rows, filter.limit, (row) => ({ at: row.startedAt, id: row.id }))
  return { items: page.items.map((row) => toRelease(row, now)), nextCursor: page.nextCursor }
}

/**
 * A person stops it or lets it go on; who lets it go on answers for what follows. It begins anew at its rate, whatever was missed
 * meanwhile. Stopped twice is stopped once: only what changes something is audited.
 */
export async function setBulkStatus(tx: Tx, id: string, wanted: 'running' | 'stopped', now: Date): Promise<'set' | 'not-found' | 'finished'> {
  const found = await tx.query<{ status: BulkStatus }>(
    'SELECT status::text AS status FROM messaging.bulk_releases WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
    [tx.tenantId, id],
  )
  const status = found.rows[0]?.status
  if (status === undefined) return 'not-found'
  if (status === wanted) return 'set'
  if (status === 'finished') return 'finished'
  await tx.query(
    wanted === 'running'
      ? `UPDATE messaging.bulk_releases SET status = 'running', run_by = $3, next_at = greatest(next_at, $4), changed_by = $3, changed_at = $4
         WHERE tenant_id = $1 AND id = $2`
      : `UPDATE messaging.bulk_releases SET status = 'stopped', changed_by = $3, changed_at = $4 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, id, tx.actor, now],
  )
  await audit(tx, { action: wanted === 'running' ? 'bulk-release.resume' : 'bulk-release.stop', resource: `bulk-release:${id}`, outcome: 'ok' }, now)
  return 'set'
}

function toRelease(row: Row, now: Date): BulkRelease {
  const { total, decided, carriedOut, refused, skippedClaimed, skippedDecided, skippedResolved, skippedNotAllowed, nextAt, ...rest } = row
  const waiting = total - decided - skippedClaimed - skippedDecided - skippedResolved - skippedNotAllowed
  return {
    ...rest,
    progress: {
      total,
      waiting,
      decided,
      carriedOut,
      refused,
      skipped: { claimed: skippedClaimed, decided: skippedDecided, resolved: skippedResolved, 'not-allowed': skippedNotAllowed },
    },
    startedAt: row.startedAt.toISOString(),
    changedAt: row.changedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    endsAt: row.status === 'running' ? lastTurnAt(nextAt, row.ratePerMinute, waiting, now).toISOString() : null,
  }
}
