import { decidedDifference, type ScheduleCounts, type ScheduleDecisionReason, type ScheduleDifference } from '@heliox/core/clinical'
import type { DecidedDifference, ScheduleDecision } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { lockSchedule, openHandover } from './schedule-handover.ts'
import { scheduleOwner, writeMirrorDue } from './schedule-owner.ts'
import { takeVisit } from './visit-changes.ts'
import { lockVisit, type VisitStatus } from './visits.ts'

/**
 * A person there changed what the hub owns. Nothing here guesses whose word holds: an administrator sees both sides and names the revision of
 * each. The decision is one commit with what it does, so there is nothing of it to be carried out later:
 *
 *   ours:   that revision there counts as seen, and a copy of the visit follows. Changed there once more meanwhile, the copy is refused, and the
 *           difference comes back with the later revision.
 *   theirs: the visit becomes what it was there at that revision, as if the old scheduler had told us. Changed there once more meanwhile, the
 *           next comparison finds that.
 *
 * Both are allowed during a handover, which waits for them.
 */
export async function decideDifference(tx: Tx, differenceId: string, decision: ScheduleDecision, at: Emission): Promise<DecidedDifference> {
  // In the order of everybody who compares, hands over or changes a visit.
  const schedule = await lockSchedule(tx)
  await scheduleOwner(tx)
  const difference = await lockDifference(tx, differenceId)
  if (!difference) return 'not-found'
  if (difference.decisionId !== null) return isSame(difference, decision) ? 'same' : 'decided-otherwise'
  if (difference.closed) return 'not-found'
  const { visitId, legacyId, there } = difference
  // While the old scheduler owns them its word is taken anyway, and where nothing is copied nothing is written over.
  const copies = schedule.dualRun || (await openHandover(tx))?.to === 'legacy-scheduler'
  if (difference.kind !== decidedDifference || schedule.owner !== 'hub' || !copies) return 'not-decidable'
  const visit = visitId === null ? undefined : await lockVisit(tx, visitId)
  if (!visit || legacyId === null || !there) return 'not-decidable'
  if (visit.revision !== decision.hereRevision || there.revision !== decision.thereRevision) return 'changed-meanwhile'

  await tx.query(
    `UPDATE clinical.schedule_links SET legacy_id = $3, legacy_revision = greatest(legacy_revision, $4), refused = NULL, updated_at = $5
     WHERE tenant_id = $1 AND visit_id = $2`,
    [tx.tenantId, visit.id, legacyId, there.revision, at.now],
  )
  await tx.query(
    `UPDATE clinical.schedule_differences SET decision_id = $3, counts = $4, decision_reason = $5, decided_by = $6, decided_at = $7, closed_at = $7
     WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, differenceId, decision.decisionId, decision.counts, decision.reason, tx.actor, at.now],
  )
  const resource = `visit:${visit.id} there:${legacyId} revision:${there.revision} ${decision.reason}`
  await audit(tx, { action: `schedule.${decision.counts}-counts`, resource, outcome: 'ok' }, at.now)
  if (decision.counts === 'ours') await writeMirrorDue(tx, visit.id, at)
  else await takeVisit(tx, visit, there, 'legacy-scheduler', at)
  return 'decided'
}

interface Difference {
  kind: ScheduleDifference
  visitId: string | null
  legacyId: string | null
  closed: boolean
  decisionId: string | null
  counts: ScheduleCounts | null
  reason: ScheduleDecisionReason | null
  there: { revision: number; status: VisitStatus; startsAt: Date; endsAt: Date; practitioner: string } | null
}
const isSame = (one: Difference, { decisionId, counts, reason }: ScheduleDecision): boolean =>
  one.decisionId === decisionId && one.counts === counts && one.reason === reason

type Row = Omit<Difference, 'there'> & {
  revision: number | null
  status: VisitStatus
  startsAt: Date
  endsAt: Date
  practitioner: string
}
async function lockDifference(tx: Tx, differenceId: string): Promise<Difference | undefined> {
  const found = await tx.query<Row>(
    `SELECT kind, visit_id AS "visitId", legacy_id AS "legacyId", closed_at IS NOT NULL AS closed, decision_id AS "decisionId", counts,
       decision_reason AS reason, legacy_revision AS revision, there_status AS status, there_starts_at AS "startsAt", there_ends_at AS "endsAt",
       there_practitioner AS practitioner FROM clinical.schedule_differences WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
    [tx.tenantId, differenceId],
  )
  const row = found.rows[0]
  if (!row) return undefined
  const { revision, status, startsAt, endsAt, practitioner, ...rest } = row
  return { ...rest, there: revision === null ? null : { revision, status, startsAt, endsAt, practitioner } }
}
