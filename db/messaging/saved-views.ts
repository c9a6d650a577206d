import { SavedView, savedViewsPerUserMax } from '@heliox/core/messaging'
import type { Tx } from '../tenancy.ts'

/** A person's own ways to look at the queue. */
export async function listViews(tx: Tx, userId: string): Promise<(SavedView & { id: string })[]> {
  const found = await tx.query<{ id: string; name: string; content: object }>(
    'SELECT id, name, content FROM messaging.saved_views WHERE tenant_id = $1 AND user_id = $2 AND removed_at IS NULL ORDER BY name, id',
    [tx.tenantId, userId],
  )
  return found.rows.map(({ id, name, content }) => ({ id, ...SavedView.parse({ name, ...content }) }))
}

/** Another person's id finds nothing to change. The count is taken under a lock of that person, so that two tabs cannot pass it. */
export async function saveView(tx: Tx, userId: string, id: string, { name, ...content }: SavedView, now: Date): Promise<'saved' | 'not-found' | 'too-many'> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`views/${tx.tenantId}/${userId}`])
  const changed = await tx.query(
    'UPDATE messaging.saved_views SET name = $4, content = $5, saved_at = $6, removed_at = NULL WHERE tenant_id = $1 AND id = $2 AND user_id = $3',
    [tx.tenantId, id, userId, name, JSON.stringify(content), now],
  )
  const many = (await listViews(tx, userId)).length
  if (changed.rowCount === 1) return many > savedViewsPerUserMax ? tooMany(tx, id, now) : 'saved'
  if (many >= savedViewsPerUserMax) return 'too-many'
  const inserted = await tx.query(
    'INSERT INTO messaging.saved_views (tenant_id, id, user_id, name, content, saved_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING',
    [tx.tenantId, id, userId, name, JSON.stringify(content), now],
  )
  return inserted.rowCount === 1 ? 'saved' : 'not-found'
}

/** One that was removed came back and is one too many: it stays removed. */
async function tooMany(tx: Tx, id: string, now: Date): Promise<'too-many'> {
  await tx.query('UPDATE messaging.saved_views SET removed_at = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, id, now])
  return 'too-many'
}

export async function removeView(tx: Tx, userId: string, id: string, now: Date): Promise<boolean> {
  const removed = await tx.query('UPDATE messaging.saved_views SET removed_at = $4 WHERE tenant_id = $1 AND id = $2 AND user_id = $3 AND removed_at IS NULL', [
    tx.tenantId,
    id,
    userId,
    now,
  ])
  return removed.rowCount === 1
}
