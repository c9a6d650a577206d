import { randomUUID } from 'node:crypto'
import { type HandoverPhase, HandoverStep, type LegacyModeIs, type ScheduleOwner } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import { audit } from '../compliance/audit.ts'
import { isConnected } from '../identity/connected.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { holdSchedule } from './schedule-owner.ts'

/**
 * Cut-over and back. Both are the same walk: close the old scheduler for its people and hold changes here (`freezing`), let what is under way
 * arrive and compare until nothing is missing (`draining`), switch, and open what is to be open (`thawing`). At no moment can both sides be
 * changed. Each step is an event and each answer a commit, so whoever dies leaves a row that says what comes next, and the next step is sent
 * again by the bus.
 *
 *   to the hub:  freezing -> draining -> done            (the old scheduler stays closed for people; copies still go there)
 *   and back:    freezing -> draining -> thawing -> done (opened once the switch is committed)
 *   given up:    the owner stays who it was; where that is the old scheduler, it is opened again first.
 */
export const oldScheduler = 'legacy-scheduler'

export interface Handover {
  id: string
  to: ScheduleOwner
  phase: HandoverPhase
  giveUp: boolean
  switchedAt: Date | null
  startedBy: string
}
const columns = `id, to_owner AS "to", phase, give_up AS "giveUp", switched_at AS "switchedAt", started_by AS "startedBy"`

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
  await writeStep(tx, { handoverId, step: 'freeze', mode: 'read-only' }, at)
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
  if (open.to === 'legacy-scheduler') await endHandover(tx, handoverId, 'given-up', at.now)
  // Who is still waiting to close it is waited for: opened first and closed after, it would stay closed.
  else if (open.phase === 'draining') await thaw(tx, handoverId, at)
  return 'given-up'
}

/** The old scheduler says how it is now. */
export async function handoverStepped(tx: Tx, { handoverId, mode, lastChange }: ValueOf<typeof LegacyModeIs>, at: Emission): Promise<void> {
  await lockSchedule(tx)
  const open = await openHandover(tx)
  if (open?.id !== handoverId) return
  if (open.phase === 'freezing' && mode === 'read-only') {
    await tx.query(`UPDATE clinical.schedule_handovers SET phase = 'draining', frozen_at = $3, last_change = $4 WHERE tenant_id = $1 AND id = $2`, [
      ...[tx.tenantId, handoverId, at.now, lastChange],
    ])
    if (open.giveUp) await thaw(tx, handoverId, at)
    else await compareAt(tx, at.now)
  }
  if (open.phase === 'thawing' && mode === 'open') await endHandover(tx, handoverId, open.switchedAt === null ? 'given-up' : 'done', at.now)
}

/** Nothing is missing on the side that gets them: in this commit they change hands. Always the row first, then everybody who changes a visit: in one order nobody waits in a circle. */
export async function switchOwner(tx: Tx, handover: Handover, at: Emission): Promise<void> {
  await tx.query('UPDATE clinical.schedules SET owner = $2, owner_since = $3, owner_by = $4 WHERE tenant_id = $1', [
    ...[tx.tenantId, handover.to, at.now, handover.startedBy],
  ])
  await tx.query('UPDATE clinical.schedule_handovers SET switched_at = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, handover.id, at.now])
  await audit(tx, { action: `schedule.owner-is-${handover.to}`, resource: `handover:${handover.id}`, outcome: 'ok' }, at.now)
  if (handover.to === 'hub') await endHandover(tx, handover.id, 'done', at.now)
  else await thaw(tx, handover.id, at)
}

async function thaw(tx: Tx, handoverId: string, at: Emission): Promise<void> {
  await tx.query(`UPDATE clinical.schedule_handovers SET phase = 'thawing' WHERE tenant_id = $1 AND id = $2`, [tx.tenantId, handoverId])
  await tx.query('UPDATE clinical.schedules SET compare_run = NULL, compare_due_at = NULL WHERE tenant_id = $1', [tx.tenantId])
  await writeStep(tx, { handoverId, step: 'thaw', mode: 'open' }, at)
}

async function endHandover(tx: Tx, handoverId: string, phase: 'done' | 'given-up', now: Date): Promise<void> {
  await tx.query('UPDATE clinical.schedule_handovers SET phase = $3, ended_at = $4 WHERE tenant_id = $1 AND id = $2', [tx.tenantId, handoverId, phase, now])
  await tx.query(
    `UPDATE clinical.schedules SET handover_id = NULL, compare_run = NULL, compare_due_at = CASE WHEN dual_run OR owner <> 'hub' THEN $2::timestamptz END
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

const writeStep = (tx: Tx, step: ValueOf<typeof HandoverStep>, at: Emission): Promise<string> =>
  emit(
    tx,
    {
      type: 'schedule.handover-step.v1',
      contract: HandoverStep,
      payload: step,
      aggregateType: 'handover',
      aggregateId: step.handoverId,
      aggregateVersion: step.step === 'freeze' ? 1 : 2,
      intakeId: null,
    },
    at,
  )
