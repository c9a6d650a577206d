import { actionRules, decisionLimits, type ItemAction, type RefusedWhy, type ResolveReason, undoMs } from '@heliox/core/messaging'
import type { DecideRefusal, ItemDecision } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Tx } from '../tenancy.ts'
import { lockClaim, takenBy } from './claims.ts'

export interface DecisionRow {
  id: string
  overrideId: string
  action: ItemAction
  state: ItemDecision['state']
  reason: ResolveReason
  noteDocumentId: string
  contentDocumentId: string | null
  port: 'ok' | 'rejected' | null
  fields: string[] | null
  undoable: boolean
  decidedBy: string
  decidedAt: Date
  secondBy: string | null
  secondAt: Date | null
  dueAt: Date
  tries: number
  endedAt: Date | null
  refusedWhy: RefusedWhy | null
  bulkReleaseId: string | null
  /** Of `choose`; null there: none of them. */
  chosenOption: number | null
}

const columns = `id, override_id AS "overrideId", action::text AS action, state::text AS state, reason::text AS reason, note_document_id AS "noteDocumentId",
  content_document_id AS "contentDocumentId", port::text AS port, fields, undoable, decided_by AS "decidedBy", decided_at AS "decidedAt",
  second_by AS "secondBy", second_at AS "secondAt", due_at AS "dueAt", tries, ended_at AS "endedAt", refused_why::text AS "refusedWhy",
  bulk_release_id AS "bulkReleaseId", chosen_option AS "chosenOption"`

/** Only a signed-in person decides: `user:<id>`. */
export function userOf(actor: string): string {
  const [kind, id] = actor.split(':')
  if (kind !== 'user' || !id) throw new Error('an item is decided by a user')
  return id
}

export async function findDecision(tx: Tx, id: string): Promise<DecisionRow | undefined> {
  return (await tx.query<DecisionRow>(`SELECT ${columns} FROM messaging.decisions WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, id])).rows[0]
}
export async function lockDecision(tx: Tx, id: string, mode: 'wait' | 'skip'): Promise<DecisionRow | undefined> {
  const found = await tx.query<DecisionRow>(
    `SELECT ${columns} FROM messaging.decisions WHERE tenant_id = $1 AND id = $2 FOR UPDATE ${mode === 'skip' ? 'SKIP LOCKED' : ''}`,
    [tx.tenantId, id],
  )
  return found.rows[0]
}

/** More than anybody decides about one item; the newest are told. */
const historyMax = 100
export async function decisionsOf(tx: Tx, overrideId: string): Promise<DecisionRow[]> {
  const found = await tx.query<DecisionRow>(
    `SELECT ${columns} FROM messaging.decisions WHERE tenant_id = $1 AND override_id = $2 ORDER BY decided_at DESC, id LIMIT ${historyMax}`,
    [tx.tenantId, overrideId],
  )
  return found.rows
}
export async function decisionsUnderWay(tx: Tx, overrideIds: readonly string[]): Promise<DecisionRow[]> {
  const found = await tx.query<DecisionRow>(
    `SELECT ${columns} FROM messaging.decisions WHERE tenant_id = $1 AND override_id = ANY ($2) AND state IN ('proposed', 'scheduled')`,
    [tx.tenantId, overrideIds],
  )
  return found.rows
}

interface DecisionWish {
  decisionId: string
  overrideId: string
  action: ItemAction
  reason: ResolveReason
  noteDocumentId: string
  contentDocumentId?: string | null
  port?: 'ok' | 'rejected' | null
  fields?: readonly string[] | null
  needsSecond?: boolean
  bulkReleaseId?: string | null
  chosenOption?: number | null
}

/** Whether somebody may decide about it now. The item stays locked, so that what is said here holds until the commit. */
export async function mayDecide(tx: Tx, overrideId: string, now: Date): Promise<{ is: 'free' } | { is: 'claimed'; by: string } | { is: DecideRefusal }> {
  const item = await lockClaim(tx, overrideId)
  if (!item) return { is: 'not-found' }
  if (item.status === 'resolved') return { is: 'already-resolved' }
  const by = takenBy(item, userOf(tx.actor), now)
  if (by !== undefined) return { is: 'claimed', by }
  return (await decisionsUnderWay(tx, [overrideId])).length > 0 ? { is: 'already-decided' } : { is: 'free' }
}

/** After `mayDecide` said `free`. What a person decides alone can be taken back for a while; a bulk release has its stop in place of that. */
export async function insertDecision(tx: Tx, wish: DecisionWish, now: Date): Promise<void> {
  const undoable = actionRules[wish.action].undoable && !wish.bulkReleaseId
  const waitMs = wish.needsSecond ? decisionLimits.proposalMs : undoable ? undoMs : 0
  await tx.query(
    `INSERT INTO messaging.decisions (tenant_id, id, override_id, action, state, reason, note_document_id, content_document_id, port, fields, undoable, decided_by,
       decided_at, due_at, bulk_release_id, chosen_option)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      ...[tx.tenantId, wish.decisionId, wish.overrideId, wish.action, wish.needsSecond ? 'proposed' : 'scheduled', wish.reason, wish.noteDocumentId],
      ...[wish.contentDocumentId ?? null, wish.port ?? null, wish.fields ?? null, undoable, userOf(tx.actor), now],
      ...[new Date(now.getTime() + waitMs), wish.bulkReleaseId ?? null, wish.chosenOption ?? null],
    ],
  )
  await auditDecision(tx, wish.needsSecond ? 'propose' : 'schedule', { id: wish.decisionId, action: wish.action, reason: wish.reason }, now)
}

/** One item of a bulk release, in the caller's commit and in the name of who started it. */
export async function makeDecision(tx: Tx, wish: DecisionWish & { bulkReleaseId: string }, now: Date): Promise<'made' | 'claimed' | 'decided' | 'resolved'> {
  const may = await mayDecide(tx, wish.overrideId, now)
  if (may.is === 'free') {
    await insertDecision(tx, wish, now)
    return 'made'
  }
  if (may.is === 'claimed') return 'claimed'
  return may.is === 'already-decided' ? 'decided' : 'resolved'
}

export const auditDecision = (tx: Tx, verb: string, decision: Pick<DecisionRow, 'id' | 'action' | 'reason'>, now: Date): Promise<void> =>
  audit(tx, { action: `decision.${verb}`, resource: `decision:${decision.id} ${decision.action}`, purpose: decision.reason, outcome: 'ok' }, now)

/** Ends one that is under way; its row is locked. */
export async function endDecision(
  tx: Tx,
  id: string,
  end: { state: 'carried-out' | 'undone' } | { state: 'refused'; why: RefusedWhy },
  now: Date,
): Promise<void> {
  const ended = await tx.query(
    `UPDATE messaging.decisions SET state = $3, refused_why = $4, ended_at = $5 WHERE tenant_id = $1 AND id = $2 AND state IN ('proposed', 'scheduled')`,
    [tx.tenantId, id, end.state, end.state === 'refused' ? end.why : null, now],
  )
  if (ended.rowCount !== 1) throw new Error('a decision ended twice')
}

/** By who decided, while nothing has left. Repeated, it answers the same. */
export async function undoDecision(tx: Tx, id: string, now: Date): Promise<'undone' | 'not-found' | 'own-only' | 'too-late'> {
  const decision = await lockDecision(tx, id, 'wait')
  if (!decision) return 'not-found'
  if (decision.decidedBy !== userOf(tx.actor)) return 'own-only'
  if (decision.state === 'undone') return 'undone'
  const open = decision.state === 'proposed' || (decision.state === 'scheduled' && decision.undoable && decision.dueAt > now)
  if (!open) return 'too-late'
  await endDecision(tx, id, { state: 'undone' }, now)
  await auditDecision(tx, 'undo', decision, now)
  return 'undone'
}

/** The second person. Who proposed it cannot be that, and a repeated verdict of the same person answers the same. */
export async function judgeDecision(
  tx: Tx,
  id: string,
  verdict: 'approve' | 'refuse',
  now: Date,
): Promise<'judged' | 'not-found' | 'own-decision' | 'already-decided'> {
  const decision = await lockDecision(tx, id, 'wait')
  if (!decision) return 'not-found'
  const userId = userOf(tx.actor)
  if (decision.decidedBy === userId) return 'own-decision'
  if (decision.secondBy === userId) return (decision.refusedWhy === 'second-person') === (verdict === 'refuse') ? 'judged' : 'already-decided'
  if (decision.state !== 'proposed' || decision.dueAt <= now) return 'already-decided'
  const dueAt = new Date(now.getTime() + (decision.undoable ? undoMs : 0))
  await tx.query(
    `UPDATE messaging.decisions SET state = $3, second_by = $4, second_at = $5, due_at = $6, ended_at = $7, refused_why = $8 WHERE tenant_id = $1 AND id = $2`,
    verdict === 'approve'
      ? [tx.tenantId, id, 'scheduled', userId, now, dueAt, null, null]
      : [tx.tenantId, id, 'refused', userId, now, decision.dueAt, now, 'second-person'],
  )
  await auditDecision(tx, verdict, decision, now)
  return 'judged'
}
