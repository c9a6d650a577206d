import { randomUUID } from 'node:crypto'
import { type BulkAction, type BulkSkip, type StartBulkRelease, turnsDue } from '@heliox/core/messaging'
import type { Tx } from '../tenancy.ts'

/** A decision about one item in the caller's commit; anything but `made` leaves the item as it is. */
export type MakeDecision = (
  tx: Tx,
  wish: { decisionId: string; overrideId: string; action: BulkAction; reason: StartBulkRelease['reason']; noteDocumentId: string; bulkReleaseId: string },
  now: Date,
) => Promise<'made' | BulkSkip>

interface AtWork {
  id: string
  /** In whose name the decisions are made: who started it, or let it go on. */
  runBy: string
}

/** Looked at in one commit: items that are left out use up no turn of the rate, and must not hold the release for long either. */
const lookedAtMax = 100
const settledMax = 500
const atWorkMax = 20

/** Releases whose next turn is due, or whose decisions are not all carried out yet. */
export async function bulkReleasesAtWork(tx: Tx, now: Date): Promise<AtWork[]> {
  const found = await tx.query<AtWork>(
    `SELECT id, run_by AS "runBy" FROM messaging.bulk_releases
     WHERE tenant_id = $1 AND (status = 'running' OR decided > carried_out + refused) AND ((status = 'running' AND next_at <= $2) OR decided > carried_out + refused)
     ORDER BY next_at LIMIT $3`,
    [tx.tenantId, now, atWorkMax],
  )
  return found.rows
}

interface Locked {
  status: 'running' | 'stopped' | 'finished'
  action: BulkAction
  reason: StartBulkRelease['reason']
  noteDocumentId: string
  ratePerMinute: number
  nextAt: Date
}

/**
 * The due turns of one release in one commit: the decisions, the items' rows and the counters stand or fall together, so an engine that
 * is killed here has decided nothing. The row lock is the turn: another engine passes by, and a person's stop waits for this commit.
 */
export async function takeBulkTurns(tx: Tx, id: string, make: MakeDecision, now: Date): Promise<number> {
  const found = await tx.query<Locked>(
    `SELECT status::text AS status, action::text AS action, reason::text AS reason, note_document_id AS "noteDocumentId",
       rate_per_minute AS "ratePerMinute", next_at AS "nextAt"
     FROM messaging.bulk_releases WHERE tenant_id = $1 AND id = $2 FOR UPDATE SKIP LOCKED`,
    [tx.tenantId, id],
  )
  const release = found.rows[0]
  if (!release) return 0
  await countEnded(tx, id)
  if (release.status !== 'running') return 0
  const due = turnsDue(release.nextAt, release.ratePerMinute, now)
  const decided = due.turns > 0 ? await decideNext(tx, id, release, due.turns, make, now) : 0
  if (decided > 0) await tx.query('UPDATE messaging.bulk_releases SET next_at = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, id, due.nextAt])
  await finishWhenDone(tx, id, now)
  return decided
}

async function decideNext(tx: Tx, id: string, release: Locked, turns: number, make: MakeDecision, now: Date): Promise<number> {
  const waiting = await tx.query<{ position: number; overrideId: string }>(
    `SELECT position, override_id AS "overrideId" FROM messaging.bulk_release_items
     WHERE tenant_id = $1 AND release_id = $2 AND state = 'waiting' ORDER BY position LIMIT $3`,
    [tx.tenantId, id, lookedAtMax],
  )
  const { action, reason, noteDocumentId } = release
  let decided = 0
  for (const { position, overrideId } of waiting.rows) {
    if (decided === turns) break
    const decisionId = randomUUID()
    const made = await make(tx, { decisionId, overrideId, action, reason, noteDocumentId, bulkReleaseId: id }, now)
    if (made === 'made') decided += 1
    await endTurn(tx, id, position, made === 'made' ? { state: 'decided', decisionId } : { state: 'skipped', why: made }, now)
  }
  return decided
}

const counters: Readonly<Record<BulkSkip, string>> = {
  claimed: 'skipped_claimed',
  decided: 'skipped_decided',
  resolved: 'skipped_resolved',
  'not-allowed': 'skipped_not_allowed',
}
type Ended = { state: 'decided'; decisionId: string } | { state: 'skipped'; why: BulkSkip }

async function endTurn(tx: Tx, id: string, position: number, ended: Ended, now: Date): Promise<void> {
  const why = ended.state === 'skipped' ? ended.why : null
  const decisionId = ended.state === 'decided' ? ended.decisionId : null
  const moved = await tx.query(
    `UPDATE messaging.bulk_release_items SET state = $4::messaging.bulk_item_state, why = $5::messaging.bulk_skip, decision_id = $6, turn_at = $7
     WHERE tenant_id = $1 AND release_id = $2 AND position = $3 AND state = 'waiting'`,
    [tx.tenantId, id, position, ended.state, why, decisionId, now],
  )
  if (moved.rowCount !== 1) throw new Error('an item of a bulk release had its turn twice')
  const counter = why ? counters[why] : 'decided'
  await tx.query(`UPDATE messaging.bulk_releases SET ${counter} = ${counter} + 1 WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, id])
}

/**
 * What became of decisions made in earlier turns. One that was undone left its item as it was: it counts as refused. Two statements: as
 * one, it was planned for a table of a few rows, and took seconds with ten thousand.
 */
async function countEnded(tx: Tx, id: string): Promise<void> {
  const ended = await tx.query<{ position: number; carriedOut: boolean }>(
    `SELECT i.position, d.state = 'carried-out' AS "carriedOut"
     FROM messaging.bulk_release_items i JOIN messaging.decisions d ON d.tenant_id = i.tenant_id AND d.id = i.decision_id
     WHERE i.tenant_id = $1 AND i.release_id = $2 AND i.state = 'decided' AND d.state IN ('carried-out', 'refused', 'undone') ORDER BY i.position LIMIT $3`,
    [tx.tenantId, id, settledMax],
  )
  for (const [state, counter] of [
    ['carried-out', 'carried_out'],
    ['refused', 'refused'],
  ] as const) {
    const positions = ended.rows.filter(({ carriedOut }) => carriedOut === (state === 'carried-out')).map(({ position }) => position)
    if (positions.length === 0) continue
    const moved = await tx.query(
      `UPDATE messaging.bulk_release_items SET state = '${state}' WHERE tenant_id = $1 AND release_id = $2 AND position = ANY ($3::integer[]) AND state = 'decided'`,
      [tx.tenantId, id, positions],
    )
    await tx.query(`UPDATE messaging.bulk_releases SET ${counter} = ${counter} + $3 WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, id, moved.rowCount ?? 0])
  }
}

/** Every item had its turn; decisions still to be carried out are counted all the same. */
async function finishWhenDone(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.query(
    `UPDATE messaging.bulk_releases SET status = 'finished', finished_at = $3
     WHERE tenant_id = $1 AND id = $2 AND total = decided + skipped_claimed + skipped_decided + skipped_resolved + skipped_not_allowed`,
    [tx.tenantId, id, now],
  )
}
