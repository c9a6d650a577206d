import { decisionLimits } from '@heliox/core/messaging'
import type { Tx } from '../tenancy.ts'

interface ClaimRow {
  status: 'open' | 'resolved'
  claimedBy: string | null
  claimedUntil: Date | null
}

/** The item's row, locked until the commit: of two people who want it the second waits here and then sees who was first. */
export async function lockClaim(tx: Tx, id: string): Promise<ClaimRow | undefined> {
  const found = await tx.query<ClaimRow>(
    `SELECT status::text AS status, claimed_by AS "claimedBy", claimed_until AS "claimedUntil" FROM messaging.overrides
     WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
    [tx.tenantId, id],
  )
  return found.rows[0]
}

/** Who has it, when that is another person. */
export const takenBy = (row: ClaimRow, userId: string, now: Date): string | undefined =>
  row.claimedBy !== null && row.claimedBy !== userId && row.claimedUntil !== null && row.claimedUntil > now ? row.claimedBy : undefined

export async function claimItem(
  tx: Tx,
  id: string,
  userId: string,
  now: Date,
): Promise<{ is: 'claimed'; until: Date } | { is: 'taken'; by: string } | { is: 'not-found' } | { is: 'already-resolved' }> {
  const row = await lockClaim(tx, id)
  if (!row) return { is: 'not-found' }
  if (row.status === 'resolved') return { is: 'already-resolved' }
  const by = takenBy(row, userId, now)
  if (by !== undefined) return { is: 'taken', by }
  const until = new Date(now.getTime() + decisionLimits.claimMs)
  await setClaim(tx, id, userId, until)
  return { is: 'claimed', until }
}

/** One's own only: another person's claim ends by itself. */
export async function releaseItem(tx: Tx, id: string, userId: string): Promise<'released' | 'not-found' | 'already-resolved'> {
  const row = await lockClaim(tx, id)
  if (!row) return 'not-found'
  if (row.status === 'resolved') return 'already-resolved'
  if (row.claimedBy === userId) await setClaim(tx, id, null, null)
  return 'released'
}

const setClaim = (tx: Tx, id: string, userId: string | null, until: Date | null) =>
  tx.query('UPDATE messaging.overrides SET claimed_by = $3, claimed_until = $4 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, id, userId, until])
