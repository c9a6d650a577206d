import { randomUUID } from 'node:crypto'
import { differencesBetween, isLive, LegacyListAsked, type LegacyListed, type ScheduleDifference, waitsFor } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import { type Emission, emit } from '../outbox.ts'
import type { Pool } from '../pool.ts'
import type { Tx } from '../tenancy.ts'
import { askAgain, compareAt, type Handover, lockSchedule, lookOnceMore, openHandover, type ScheduleRow } from './schedule-handover.ts'
import { holdSchedule, writeMirrorDue } from './schedule-owner.ts'
import { keepLink, writeAppointmentDue } from './schedule-take.ts'
import type { VisitStatus } from './visits.ts'
import { tellWithheld } from './withheld-words.ts'

/**
 * Both sides beside each other, a page at a time: a page is an event, and the next one is written in the commit that compared it. What differs
 * is a row with since when; what no longer does is closed at the end of the run. Differences are mended towards the owner: its side is read
 * again, or written again.
 */

/** After the end of a run. In a handover people wait for it. */
const againMs = { steady: 60_000, handover: 1_000 }
/** A page that takes longer was lost on the way, or waits for a person: another run is begun in place of this one. */
const pageMsMax = { steady: 10 * 60_000, handover: 60_000 }
/** Still under way between the two sides, so that it is no difference yet. */
const underWayMs = 30_000
/** What was refused is tried again so often. */
const refusedAgainMs = 15 * 60_000
/** Who was here this morning is compared as well. */
const lookBackMs = 12 * 3_600_000
/** Of those to come that are only here, so many are reported at a time; a hand-back waits while there is one. */
const onlyHereMax = 1_000

type Listed = ValueOf<typeof LegacyListed>

export async function tenantsToCompare(pool: Pool, now: Date): Promise<string[]> {
  const found = await pool.query<{ tenantId: string }>('SELECT tenant_id AS "tenantId" FROM clinical.tenants_to_compare($1)', [now])
  return found.rows.map((row) => row.tenantId)
}

/** False: somebody else began it. */
export async function beginCompare(tx: Tx, at: Emission): Promise<boolean> {
  const found = await tx.query<{ inHandover: boolean; compares: boolean }>(
    `SELECT handover_id IS NOT NULL AS "inHandover", dual_run OR owner <> 'hub' AS compares FROM clinical.schedules WHERE tenant_id = $1 AND compare_due_at <= $2 FOR UPDATE SKIP LOCKED`,
    [tx.tenantId, at.now],
  )
  const due = found.rows[0]
  if (!due) return false
  if (due.inHandover && (await askAgain(tx, at))) return true
  if (!due.inHandover && (await tellWithheld(tx, at)) > 0) return true
  if (!due.inHandover && !due.compares) {
    await tx.query('UPDATE clinical.schedules SET compare_due_at = NULL WHERE tenant_id = $1', [tx.tenantId])
    return true
  }
  const runId = randomUUID()
  const from = new Date(at.now.getTime() - lookBackMs)
  const lostAt = new Date(at.now.getTime() + (due.inHandover ? pageMsMax.handover : pageMsMax.steady))
  await tx.query('UPDATE clinical.schedules SET compare_run = $2, compare_from = $3, compare_began_at = $4, compare_due_at = $5 WHERE tenant_id = $1', [
    ...[tx.tenantId, runId, from, at.now, lostAt],
  ])
  await writeCompareDue(tx, { runId, from: from.toISOString(), after: null }, at)
  return true
}

const writeCompareDue = (tx: Tx, asked: ValueOf<typeof LegacyListAsked>, at: Emission): Promise<string> =>
  emit(
    tx,
    {
      type: 'schedule.compare-due.v1',
      contract: LegacyListAsked,
      payload: asked,
      aggregateType: 'comparison',
      aggregateId: asked.runId,
      aggregateVersion: 1,
      intakeId: null,
    },
    at,
  )

interface Run {
  tx: Tx
  at: Emission
  schedule: ScheduleRow
  handover: Handover | undefined
  runId: string
}

export async function compareListed(tx: Tx, page: Listed, at: Emission): Promise<void> {
  const schedule = await lockSchedule(tx)
  // Of a run that was given up.
  if (schedule.compareRun !== page.runId) return
  const handover = await openHandover(tx)
  // The last page may find that nothing is missing, and then nobody may be taking an appointment in.
  if (handover) await holdSchedule(tx)
  const run: Run = { tx, at, schedule, handover, runId: page.runId }
  const pairs = await pairsOf(tx, page.appointments)
  for (const there of page.appointments) await compareOne(run, there, pairs)
  for (const legacyId of page.unreadable) await differs(run, { kind: 'unreadable-there', legacyId, visitId: null, code: null })
  if (page.next === null) return endRun(run, new Date(page.from))
  // However many pages there are, each has its time.
  const lostAt = new Date(at.now.getTime() + (handover ? pageMsMax.handover : pageMsMax.steady))
  await tx.query('UPDATE clinical.schedules SET compare_due_at = $2 WHERE tenant_id = $1', [tx.tenantId, lostAt])
  await writeCompareDue(tx, { runId: page.runId, from: page.from, after: page.next }, at)
}

interface Here {
  visitId: string
  status: VisitStatus
  startsAt: Date
  endsAt: Date
  practitioner: string
  changedAt: Date
  legacyId: string | null
  revision: number | null
  refused: string | null
  linkedAt: Date | null
}
const hereColumns = `a.id AS "visitId", a.status::text AS status, a.starts_at AS "startsAt", a.ends_at AS "endsAt", a.practitioner,
  coalesce(a.changed_at, a.created_at) AS "changedAt", l.legacy_id AS "legacyId", l.legacy_revision AS revision, l.refused, l.updated_at AS "linkedAt"`

/** Our visits of a page: by the number that we know of each, else by our own id on it. */
async function pairsOf(tx: Tx, listed: Listed['appointments']): Promise<Map<string, Here>> {
  const linked = await tx.query<Here>(
    `SELECT ${hereColumns} FROM clinical.schedule_links l JOIN clinical.appointments a ON a.tenant_id = l.tenant_id AND a.id = l.visit_id
     WHERE l.tenant_id = $1 AND l.legacy_id = ANY ($2)`,
    [tx.tenantId, listed.map(({ legacyId }) => legacyId)],
  )
  const pairs = new Map(linked.rows.map((row) => [row.legacyId ?? '', row]))
  const byRef = new Map(listed.flatMap((one) => (one.visitId !== null && !pairs.has(one.legacyId) ? [[one.visitId, one.legacyId]] : [])))
  if (byRef.size === 0) return pairs
  const referred = await tx.query<Here>(
    `SELECT ${hereColumns} FROM clinical.appointments a LEFT JOIN clinical.schedule_links l ON l.tenant_id = a.tenant_id AND l.visit_id = a.id
     WHERE a.tenant_id = $1 AND a.id = ANY ($2)`,
    [tx.tenantId, [...byRef.keys()]],
  )
  for (const row of referred.rows) pairs.set(byRef.get(row.visitId) ?? '', row)
  return pairs
}

async function compareOne(run: Run, listed: Listed['appointments'][number], pairs: ReadonlyMap<string, Here>): Promise<void> {
  const { tx, at, runId } = run
  const { legacyId, revision } = listed
  const there = { revision, status: listed.status, startsAt: new Date(listed.startsAt), endsAt: new Date(listed.endsAt), practitioner: listed.practitioner }
  const here = pairs.get(legacyId)
  if (!here) {
    if (!isLive(there, at.now)) return
    await differs(run, { kind: 'only-there', legacyId, visitId: null, code: null, there })
    if (run.schedule.owner === 'legacy-scheduler') await writeAppointmentDue(tx, { legacyId, revision }, randomUUID(), at)
    return
  }
  const kinds = differencesBetween(here, there, at.now)
  // A copy whose answer was lost is known from here on; only if it says what we wrote, else its revision is somebody else's word.
  if (here.legacyId === null && kinds.length === 0) await keepLink(tx, here.visitId, { legacyId, revision }, at.now)
  await tx.query(
    `INSERT INTO clinical.schedule_links (tenant_id, visit_id, seen_run, updated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, visit_id) DO UPDATE SET seen_run = excluded.seen_run`,
    [tx.tenantId, here.visitId, runId, at.now],
  )
  if (kinds.length === 0) return
  for (const kind of kinds) await differs(run, { kind, legacyId, visitId: here.visitId, code: null, there }, here)
  if (run.schedule.owner === 'legacy-scheduler') await writeAppointmentDue(tx, { legacyId, revision }, randomUUID(), at)
  else await copyAgain(run, { ...here, legacyId: here.legacyId ?? legacyId }, there)
}

const mirrors = ({ schedule, handover }: Run): boolean => schedule.dualRun || handover?.to === 'legacy-scheduler'

async function copyAgain(run: Run, here: Here, there?: There): Promise<void> {
  if (here.refused !== null) {
    await differs(run, {
      kind: here.refused === 'changed-there' ? 'changed-there' : 'refused-there',
      legacyId: here.legacyId,
      visitId: here.visitId,
      code: here.refused,
      ...(there && { there }),
    })
    if (run.at.now.getTime() - (here.linkedAt?.getTime() ?? 0) < refusedAgainMs && !run.handover) return
  }
  if (mirrors(run)) await writeMirrorDue(run.tx, here.visitId, run.at)
}

interface There {
  revision: number
  status: VisitStatus
  startsAt: Date
  endsAt: Date
  practitioner: string
}
interface Difference {
  kind: ScheduleDifference
  legacyId: string | null
  visitId: string | null
  code: string | null
  /** What it says there, for whoever decides. */
  there?: There
}
async function differs({ tx, at, runId, handover }: Run, { kind, legacyId, visitId, code, there }: Difference, here?: Here): Promise<void> {
  // Changed a moment ago: the copy, or the feed, is on its way. A handover waits for that too.
  if (here && !handover && at.now.getTime() - here.changedAt.getTime() < underWayMs) return
  await tx.query(
    `INSERT INTO clinical.schedule_differences AS d (tenant_id, id, kind, subject, visit_id, legacy_id, code, since, seen_at, seen_run,
       legacy_revision, there_status, there_starts_at, there_ends_at, there_practitioner)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (tenant_id, subject, kind) WHERE closed_at IS NULL DO UPDATE SET seen_at = excluded.seen_at, seen_run = excluded.seen_run, code = excluded.code,
       legacy_id = coalesce(excluded.legacy_id, d.legacy_id), legacy_revision = excluded.legacy_revision, there_status = excluded.there_status,
       there_starts_at = excluded.there_starts_at, there_ends_at = excluded.there_ends_at, there_practitioner = excluded.there_practitioner`,
    [
      ...[tx.tenantId, randomUUID(), kind, visitId ?? legacyId, visitId, legacyId, code, at.now, runId],
      ...[there?.revision ?? null, there?.status ?? null, there?.startsAt ?? null, there?.endsAt ?? null, there?.practitioner ?? null],
    ],
  )
}

/** What is only here is known when all pages were seen. Then what differs no longer is closed, and a handover that lacks nothing switches. */
async function endRun(run: Run, from: Date): Promise<void> {
  const { tx, at, runId, handover } = run
  const lacking = await tx.query<Here>(
    `SELECT ${hereColumns} FROM clinical.appointments a LEFT JOIN clinical.schedule_links l ON l.tenant_id = a.tenant_id AND l.visit_id = a.id
     WHERE a.tenant_id = $1 AND a.starts_at > $2::timestamptz - interval '1 day' AND a.ends_at > $3 AND a.status IN ('booked', 'proposed')
       AND (l.seen_run IS NULL OR l.seen_run <> $4) ORDER BY a.starts_at, a.id LIMIT ${onlyHereMax}`,
    [tx.tenantId, from, at.now, runId],
  )
  for (const here of lacking.rows) {
    await differs(run, { kind: 'only-here', legacyId: here.legacyId, visitId: here.visitId, code: null }, here)
    // What its own people took away there is not put back: a person says what becomes of the visit.
    if (run.schedule.owner === 'hub' || here.legacyId === null) await copyAgain(run, here)
  }
  await tx.query('UPDATE clinical.schedule_differences SET closed_at = $2 WHERE tenant_id = $1 AND closed_at IS NULL AND seen_run <> $3', [
    ...[tx.tenantId, at.now, runId],
  ])
  await tx.query('UPDATE clinical.schedules SET compared_at = $2 WHERE tenant_id = $1', [tx.tenantId, at.now])
  if (handover?.phase === 'draining') return endOfDraining(run, handover)
  await compareAt(tx, new Date(at.now.getTime() + againMs.steady))
}

async function endOfDraining({ tx, at, runId }: Run, handover: Handover): Promise<void> {
  const found = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM clinical.schedule_differences WHERE tenant_id = $1 AND closed_at IS NULL AND seen_run = $2 AND kind::text = ANY ($3)`,
    [tx.tenantId, runId, waitsFor[handover.to]],
  )
  const differences = found.rows[0]?.count ?? 0
  await tx.query('UPDATE clinical.schedule_handovers SET comparisons = comparisons + 1, differences = $3 WHERE tenant_id = $1 AND id = $2', [
    ...[tx.tenantId, handover.id, differences],
  ])
  if (differences === 0) await lookOnceMore(tx, handover, runId, at)
  else await compareAt(tx, new Date(at.now.getTime() + againMs.handover))
}
