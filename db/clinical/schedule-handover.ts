import { randomUUID } from 'node:crypto'
import { type HandoverPhase, HandoverStep, type LegacyModeIs, type ScheduleOwner } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import { audit } from '../compliance/audit.ts'
import { isConnected } from '../identity/connected.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { holdSchedule } from './schedule-owner.ts'
import { someWithheld } from './withheld-words.ts'

/**
 * Cut-over and back. Both are the same walk: close the old scheduler for its people and hold changes here (`freezing`), let what is under way
 * arrive and compare until nothing is missing (`draining`), look whether it is still closed and nothing was changed there since, switch, and open
 * what is to be open (`thawing`). At no moment can both sides be changed. Each step is an event and each answer a commit, so whoever dies leaves
 * a row that says what comes next. A step says what is to be: one that got no answer, or a no, is said again by the round (`hub/schedule`), and
 * an answer that says otherwise than it should be, because it overtook or came late, is followed by the step that mends it.
 *
 *   to the hub:  freezing -> draining -> done            (the old scheduler stays closed for people; copies still go there)
 *   and back:    freezing -> draining -> thawing -> done (opened once the switch is committed)
 *   given up:    the owner stays who it was; where that is the old scheduler, it is opened again first. Given up once more, that is not waited for.
 */
export const oldScheduler = 'legacy-scheduler'

export interface Handover {
  id: string
  to: ScheduleOwner
  phase: HandoverPhase
  giveUp: boolean
  switchedAt: Date | null
  startedBy: string
  /** How often a step was asked for. */
  asked: number
  lastChange: string | null
  /** The comparison that found nothing missing; the old scheduler is being looked at once more. */
  cleanRun: string | null
}
const columns = `id, to_owner AS "to", phase, give_up AS "giveUp", switched_at AS "switchedAt", started_by AS "startedBy", asked,
  last_change::text AS "lastChange", clean_run AS "cleanRun"`
/** A step is said again: after a no, and when nothing was heard of it for long (whoever waits for the partner is an item with people by then). */
const stepAgainMs = { refused: 30_000, silent: 10 * 60_000 }

export type Started = { is: 'started' | 'running'; handoverId: string } | { is: 'owner-already' | 'other-running' | 'not-connected' }

/** The same again, while it runs, is the same handover. */
export async function startHandover(tx: Tx, to: ScheduleOwner, at: Emission): Promise<Started> {
  if (!(await isConnected(tx, oldScheduler))) return { is: 'not-connected' }
  await ensureSchedule(tx, at.now)
  const { owner } = await lockSchedule(tx)
  // Whoever is changing a visit now commits first, and is compared; whoever comes later is refused.
  await holdSchedule(tx)
  const open = await openHandover(tx)
  if (open) return open.to === to && !open.giveUp ? { is: 'running', handoverId: open.id } : { is: 'other-running' }
  if (owner === to) return { is: 'owner-already' }
  const handoverId = randomUUID()
  await tx.query('INSERT INTO clinical.schedule_handovers (tenant_id, id, to_owner, started_by, started_at) VALUES ($1, $2, $3, $4, $5)', [
    ...[tx.tenantId, handoverId, to, tx.actor, at.now],
  ])
  await tx.query('UPDATE clinical.schedules SET handover_id = $2, compare_run = NULL, compare_due_at = NULL WHERE tenant_id = $1', [tx.tenantId, handoverId])
  await audit(tx, { action: `schedule.hand-over-to-${to}`, resource: `handover:${handoverId}`, outcome: 'ok' }, at.now)
  await askStep(tx, handoverId, 'read-only', at)
  return { is: 'started', handoverId }
}

export async function giveUpHandover(tx: Tx, handoverId: string, at: Emission): Promise<'given-up' | 'too-late' | 'not-found'> {
  await lockSchedule(tx)
  await holdSchedule(tx)
  const open = await openHandover(tx)
  if (open?.id !== handoverId) return 'not-found'
  if (open.switchedAt !== null) return 'too-late'
  await audit(tx, { action: 'schedule.give-up', resource: `handover:${handoverId}`, outcome: 'ok' }, at.now)
  await tx.query('UPDATE clinical.schedule_handovers SET give_up = true WHERE tenant_id = $1 AND id = $2', [tx.tenantId, handoverId])
  // The second time nobody waits for an old scheduler that does not let itself be opened: its people do that.
  if (open.to === 'legacy-scheduler' || open.giveUp) await endHandover(tx, handoverId, 'given-up', at.now)
  else await thaw(tx, handoverId, at)
  return 'given-up'
}

/** The old scheduler says how it is now. */
export async function handoverStepped(tx: Tx, said: ValueOf<typeof LegacyModeIs>, at: Emission): Promise<void> {
  const { owner } = await lockSchedule(tx)
  const open = await openHandover(tx)
  const wanted = open ? modeIn[open.phase] : owner === 'legacy-scheduler' ? 'open' : 'read-only'
  if (said.mode !== wanted) return mendMode(tx, open, said.handoverId, wanted, at)
  // Of an earlier handover, or to a question that was asked again since.
  if (open?.id !== said.handoverId || open.asked !== said.asked) return
  if (open.phase === 'thawing') return endHandover(tx, open.id, open.switchedAt === null ? 'given-up' : 'done', at.now)
  const unchanged = open.lastChange === String(said.lastChange)
  if (open.cleanRun !== null && unchanged) {
    await holdSchedule(tx)
    return switchOwner(tx, open, at)
  }
  await tx.query(
    `UPDATE clinical.schedule_handovers SET phase = 'draining', frozen_at = coalesce(frozen_at, $3), last_change = $4, clean_run = NULL
     WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, open.id, at.now, said.lastChange],
  )
  await compareAt(tx, at.now)
}
const modeIn: Readonly<Record<HandoverPhase, 'open' | 'read-only'>> = {
  ...{ freezing: 'read-only', draining: 'read-only', thawing: 'open' },
  ...{ done: 'read-only', 'given-up': 'open' },
}

/** Something overtook something: what was compared meanwhile does not count. */
async function mendMode(tx: Tx, open: Handover | undefined, handoverId: string, wanted: 'open' | 'read-only', at: Emission): Promise<void> {
  if (open?.phase === 'draining')
    await tx.query(`UPDATE clinical.schedule_handovers SET phase = 'freezing', clean_run = NULL WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, open.id])
  await askStep(tx, open?.id ?? handoverId, wanted, at)
}

/** All pages were compared and nothing is missing. Before the switch: is it still closed, and was nothing changed there since the comparing began? */
export async function lookOnceMore(tx: Tx, handover: Handover, runId: string, at: Emission): Promise<void> {
  await tx.query('UPDATE clinical.schedule_handovers SET clean_run = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, handover.id, runId])
  await askStep(tx, handover.id, 'read-only', at)
}

/** The last "no" of the old scheduler, as its code. */
export async function noteRefusal(tx: Tx, code: string, now: Date): Promise<void> {
  await tx.query(
    `UPDATE clinical.schedules s SET refused_code = $2, refused_at = $3, compare_due_at = CASE WHEN EXISTS (SELECT 1 FROM clinical.schedule_handovers h
       WHERE h.tenant_id = s.tenant_id AND h.id = s.handover_id AND (h.phase <> 'draining' OR h.clean_run IS NOT NULL))
       THEN least(s.compare_due_at, $4) ELSE s.compare_due_at END WHERE s.tenant_id = $1`,
    [tx.tenantId, code, now, new Date(now.getTime() + stepAgainMs.refused)],
  )
}

/** For the round. False: no step of a handover is waited for. */
export async function askAgain(tx: Tx, at: Emission): Promise<boolean> {
  const open = await openHandover(tx)
  if (!open || (open.phase === 'draining' && open.cleanRun === null)) return false
  await askStep(tx, open.id, modeIn[open.phase], at)
  return true
}

/** Nothing is missing on the side that gets them: in this commit they change hands. Always the row first, then everybody who changes a visit: in one order nobody waits in a circle. */
async function switchOwner(tx: Tx, handover: Handover, at: Emission): Promise<void> {
  await tx.query('UPDATE clinical.schedules SET owner = $2, owner_since = $3, owner_by = $4 WHERE tenant_id = $1', [
    ...[tx.tenantId, handover.to, at.now, handover.startedBy],
  ])
  await tx.query('UPDATE clinical.schedule_handovers SET switched_at = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, handover.id, at.now])
  await audit(tx, { action: `schedule.owner-is-${handover.to}`, resource: `handover:${handover.id}`, outcome: 'ok' }, at.now)
  if (handover.to === 'hub') await endHandover(tx, handover.id, 'done', at.now)
  else await thaw(tx, handover.id, at)
}

async function thaw(tx: Tx, handoverId: string, at: Emission): Promise<void> {
  await tx.query(`UPDATE clinical.schedule_handovers SET phase = 'thawing', clean_run = NULL WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, handoverId])
  await askStep(tx, handoverId, 'open', at)
}

async function endHandover(tx: Tx, handoverId: string, phase: 'done' | 'given-up', now: Date): Promise<void> {
  // Whoever withholds a word of the chart at this moment commits first, and is seen below.
  await holdSchedule(tx)
  await tx.query('UPDATE clinical.schedule_handovers SET phase = $3, ended_at = $4 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, handoverId, phase, now])
  await tx.query(
    `UPDATE clinical.schedules SET handover_id = NULL, compare_run = NULL, compare_due_at = CASE WHEN dual_run OR owner <> 'hub' OR ${someWithheld} THEN $2::timestamptz END
     WHERE tenant_id = $1`,
    [tx.tenantId, now],
  )
}

export const compareAt = (tx: Tx, at: Date): Promise<unknown> =>
  tx.query('UPDATE clinical.schedules SET compare_run = NULL, compare_due_at = $2 WHERE tenant_id = $1', [tx.tenantId, at])

/** The row of a clinic that never had an old scheduler: its appointments are here. */
export const ensureSchedule = (tx: Tx, now: Date): Promise<unknown> =>
  tx.query(
    `INSERT INTO clinical.schedules (tenant_id, owner, owner_since, owner_by, dual_run, dual_run_since, dual_run_by)
     VALUES ($1, 'hub', $2, $3, false, $2, $3) ON CONFLICT DO NOTHING`,
    [tx.tenantId, now, tx.actor],
  )

export interface ScheduleRow {
  owner: ScheduleOwner
  dualRun: boolean
  compareRun: string | null
  compareFrom: Date | null
}
export async function lockSchedule(tx: Tx): Promise<ScheduleRow> {
  const found = await tx.query<ScheduleRow>(
    `SELECT owner, dual_run AS "dualRun", compare_run AS "compareRun", compare_from AS "compareFrom" FROM clinical.schedules WHERE tenant_id = $1 FOR UPDATE`,
    [tx.tenantId],
  )
  return found.rows[0] ?? { owner: 'hub', dualRun: false, compareRun: null, compareFrom: null }
}
export async function openHandover(tx: Tx): Promise<Handover | undefined> {
  const found = await tx.query<Handover>(`SELECT ${columns} FROM clinical.schedule_handovers WHERE tenant_id = $1 AND ended_at IS NULL`, [tx.tenantId])
  return found.rows[0]
}

/** Asks, and has the round ask again. Nothing is compared meanwhile. */
async function askStep(tx: Tx, handoverId: string, mode: 'open' | 'read-only', at: Emission): Promise<void> {
  const counted = await tx.query<{ asked: number; ended: boolean }>(
    'UPDATE clinical.schedule_handovers SET asked = asked + 1 WHERE tenant_id = $1 AND id = $2 RETURNING asked, ended_at IS NOT NULL AS ended',
    [tx.tenantId, handoverId],
  )
  const row = counted.rows[0]
  if (!row) return
  if (!row.ended) await compareAt(tx, new Date(at.now.getTime() + stepAgainMs.silent))
  const { asked } = row
  const payload = { handoverId, step: mode === 'open' ? 'thaw' : 'freeze', mode, asked } as const
  const about = { aggregateType: 'handover', aggregateId: handoverId, aggregateVersion: asked, intakeId: null }
  await emit(tx, { type: 'schedule.handover-step.v1', contract: HandoverStep, payload, ...about }, at)
}
