import { decidedDifference } from '@heliox/core/clinical'
import type { DifferenceItem, HandoverState, ScheduleSaid, ScheduleState } from '@heliox/core/ports'
import { audit } from '../compliance/audit.ts'
import { isConnected } from '../identity/connected.ts'
import type { Emission } from '../outbox.ts'
import { pageAfter, readCursor } from '../page.ts'
import type { Tx } from '../tenancy.ts'
import { compareAt, ensureSchedule, lockSchedule, oldScheduler, openHandover } from './schedule-handover.ts'
import { holdSchedule } from './schedule-owner.ts'

interface StateRow {
  owner: ScheduleState['owner']
  ownerSince: Date
  ownerBy: string
  dualRun: boolean
  dualRunSince: Date
  dualRunBy: string
  comparedAt: Date | null
  refusedCode: string | null
  refusedAt: Date | null
}
const iso = (at: Date | null): string | null => at?.toISOString() ?? null

export async function scheduleState(tx: Tx): Promise<ScheduleState> {
  const connected = await isConnected(tx, oldScheduler)
  const found = await tx.query<StateRow>(
    `SELECT owner, owner_since AS "ownerSince", owner_by AS "ownerBy", dual_run AS "dualRun", dual_run_since AS "dualRunSince", dual_run_by AS "dualRunBy",
       compared_at AS "comparedAt", refused_code AS "refusedCode", refused_at AS "refusedAt" FROM clinical.schedules WHERE tenant_id = $1`,
    [tx.tenantId],
  )
  const row = found.rows[0]
  const never = { ownerSince: null, ownerBy: null, dualRunSince: null, dualRunBy: null, comparedAt: null, differences: 0, refused: null, handover: null }
  if (!row) return { connected, owner: 'hub', dualRun: false, ...never }
  const { refusedCode, refusedAt, ownerSince, dualRunSince, comparedAt, ...rest } = row
  const open = await tx.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM clinical.schedule_differences WHERE tenant_id = $1 AND closed_at IS NULL',
    [tx.tenantId],
  )
  return {
    ...rest,
    connected,
    ownerSince: iso(ownerSince),
    dualRunSince: iso(dualRunSince),
    comparedAt: iso(comparedAt),
    differences: open.rows[0]?.count ?? 0,
    refused: refusedCode && refusedAt ? { code: refusedCode, at: refusedAt.toISOString() } : null,
    handover: (await newestHandover(tx)) ?? null,
  }
}

type HandoverRow = Record<'startedAt', Date> &
  Record<'frozenAt' | 'switchedAt' | 'endedAt', Date | null> &
  Omit<HandoverState, 'startedAt' | 'frozenAt' | 'switchedAt' | 'endedAt'>

async function newestHandover(tx: Tx): Promise<HandoverState | undefined> {
  const found = await tx.query<HandoverRow>(
    `SELECT id, to_owner AS "to", phase, started_at AS "startedAt", started_by AS "startedBy", frozen_at AS "frozenAt", switched_at AS "switchedAt",
       ended_at AS "endedAt", comparisons, differences FROM clinical.schedule_handovers WHERE tenant_id = $1 ORDER BY started_at DESC, id LIMIT 1`,
    [tx.tenantId],
  )
  const row = found.rows[0]
  return row && { ...row, startedAt: row.startedAt.toISOString(), frozenAt: iso(row.frozenAt), switchedAt: iso(row.switchedAt), endedAt: iso(row.endedAt) }
}

type Side = 'here' | 'there'
type SaidRow = Record<`${Side}Revision`, number | null> &
  Record<`${Side}Status`, ScheduleSaid['status']> &
  Record<`${Side}StartsAt` | `${Side}EndsAt`, Date> &
  Record<`${Side}Practitioner`, string>
type DifferenceRow = SaidRow & Omit<DifferenceItem, 'since' | 'seenAt' | Side | 'decidable'> & { since: Date; seenAt: Date; mayDecide: boolean }

function saidOf(row: SaidRow, side: Side): ScheduleSaid | null {
  const revision = row[`${side}Revision`]
  if (revision === null) return null
  const [startsAt, endsAt] = [row[`${side}StartsAt`].toISOString(), row[`${side}EndsAt`].toISOString()]
  return { revision, status: row[`${side}Status`], startsAt, endsAt, practitioner: row[`${side}Practitioner`] }
}

export async function listDifferences(
  tx: Tx,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: DifferenceItem[]; nextCursor: string | null }> {
  const after = readCursor(page.cursor)
  const found = await tx.query<DifferenceRow>(
    `SELECT d.id, d.kind, d.visit_id AS "visitId", a.intake_id AS "intakeId", d.legacy_id AS "legacyId", d.code, d.since, d.seen_at AS "seenAt",
       a.revision AS "hereRevision", a.status::text AS "hereStatus", a.starts_at AS "hereStartsAt", a.ends_at AS "hereEndsAt", a.practitioner AS "herePractitioner",
       d.legacy_revision AS "thereRevision", d.there_status AS "thereStatus", d.there_starts_at AS "thereStartsAt", d.there_ends_at AS "thereEndsAt",
       d.there_practitioner AS "therePractitioner", s.owner = 'hub' AND (s.dual_run OR h.to_owner IS NOT DISTINCT FROM 'legacy-scheduler') AS "mayDecide"
     FROM clinical.schedule_differences d JOIN clinical.schedules s ON s.tenant_id = d.tenant_id
     LEFT JOIN clinical.schedule_handovers h ON h.tenant_id = s.tenant_id AND h.id = s.handover_id
     LEFT JOIN clinical.appointments a ON a.tenant_id = d.tenant_id AND a.id = d.visit_id
     WHERE d.tenant_id = $1 AND d.closed_at IS NULL AND ($2::timestamptz IS NULL OR (d.since, d.id) > ($2, $3::uuid)) ORDER BY d.since, d.id LIMIT $4`,
    [tx.tenantId, after?.at ?? null, after?.id ?? null, page.limit + 1],
  )
  const { items, nextCursor } = pageAfter(found.rows, page.limit, (row) => ({ at: row.since, id: row.id }))
  return { items: items.map(itemOf), nextCursor }
}

function itemOf(row: DifferenceRow): DifferenceItem {
  const { id, kind, visitId, intakeId, legacyId, code } = row
  const [here, there] = [saidOf(row, 'here'), saidOf(row, 'there')]
  return {
    ...{ id, kind, visitId, intakeId, legacyId, code, since: row.since.toISOString(), seenAt: row.seenAt.toISOString(), here, there },
    decidable: row.mayDecide && kind === decidedDifference && here !== null && there !== null,
  }
}

/** Comparing begins at once, and finds what is to be copied. */
export async function setDualRun(tx: Tx, on: boolean, at: Emission): Promise<'changed' | 'same' | 'not-connected'> {
  if (!(await isConnected(tx, oldScheduler))) return 'not-connected'
  await ensureSchedule(tx, at.now)
  const { owner, dualRun } = await lockSchedule(tx)
  // Whoever is changing a visit now knows the setting of before: comparing comes after it.
  await holdSchedule(tx)
  if (dualRun === on) return 'same'
  await tx.query('UPDATE clinical.schedules SET dual_run = $2, dual_run_since = $3, dual_run_by = $4 WHERE tenant_id = $1', [tx.tenantId, on, at.now, tx.actor])
  await audit(tx, { action: on ? 'schedule.dual-run-on' : 'schedule.dual-run-off', resource: 'schedule', outcome: 'ok' }, at.now)
  if (await openHandover(tx)) return 'changed'
  if (on || owner === 'legacy-scheduler') await compareAt(tx, at.now)
  else await stopComparing(tx, at.now)
  return 'changed'
}

/** Nothing is copied any more, so nothing that differs is amiss. */
async function stopComparing(tx: Tx, now: Date): Promise<void> {
  await tx.query('UPDATE clinical.schedules SET compare_run = NULL, compare_due_at = NULL WHERE tenant_id = $1', [tx.tenantId])
  await tx.query('UPDATE clinical.schedule_differences SET closed_at = $2 WHERE tenant_id = $1 AND closed_at IS NULL', [tx.tenantId, now])
}
