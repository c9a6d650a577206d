import type { VisitChanger } from '@heliox/core/clinical'
import { type ScheduleOwner, VisitMirrorDue } from '@heliox/core/clinical'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'

/** Who keeps this clinic's appointments, and what may be done to one here until the end of this transaction. */
export interface ScheduleFacts {
  owner: ScheduleOwner
  /** What is done here is written there too. */
  dualRun: boolean
  /** A handover is on: nobody changes anything on either side until it is over. */
  handoverTo: ScheduleOwner | null
  /** Whether visits may be moved, cancelled and so on from here (desk and chart). */
  mayChange: boolean
  /** Whether the desk may book one: also beside an old scheduler that owns them, if it is told. */
  mayCreate: boolean
}

interface Row {
  owner: ScheduleOwner
  dualRun: boolean
  handoverTo: ScheduleOwner | null
}

const none: Row = { owner: 'hub', dualRun: false, handoverTo: null }

/**
 * Call it in the transaction that changes a visit, before the change: it holds off a handover until that commits, so that a change is
 * either before the freeze, and compared, or refused.
 */
export async function scheduleOwner(tx: Tx): Promise<ScheduleFacts> {
  await tx.query(`SELECT pg_advisory_xact_lock_shared(hashtextextended('clinical.schedules ' || $1, 0))`, [tx.tenantId])
  const { owner, dualRun, handoverTo } = await scheduleRow(tx)
  return {
    owner,
    dualRun,
    handoverTo,
    mayChange: owner === 'hub' && handoverTo === null,
    mayCreate: handoverTo === null && (owner === 'hub' || dualRun),
  }
}

async function scheduleRow(tx: Tx): Promise<Row> {
  const found = await tx.query<Row>(
    `SELECT s.owner, s.dual_run AS "dualRun", h.to_owner AS "handoverTo" FROM clinical.schedules s
     LEFT JOIN clinical.schedule_handovers h ON h.tenant_id = s.tenant_id AND h.id = s.handover_id WHERE s.tenant_id = $1`,
    [tx.tenantId],
  )
  return found.rows[0] ?? none
}

/** The other side of `scheduleOwner`: nobody is changing a visit while this transaction lasts. */
export const holdSchedule = (tx: Tx): Promise<unknown> =>
  tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('clinical.schedules ' || $1, 0))`, [tx.tenantId])

/**
 * Call it after each change and creation of a visit, in the same transaction. With dual run it writes the event on which the copy at the
 * old scheduler follows; what came from there is no news there.
 */
export async function mirrorVisit(tx: Tx, visitId: string, by: VisitChanger, at: Emission): Promise<void> {
  if (by === 'legacy-scheduler') return
  const { dualRun, handoverTo } = await scheduleRow(tx)
  if (dualRun || handoverTo === 'legacy-scheduler') await writeMirrorDue(tx, visitId, at)
}

/** The copy is to follow, whatever the settings say. False: there is no such visit. */
export async function writeMirrorDue(tx: Tx, visitId: string, at: Emission): Promise<boolean> {
  const found = await tx.query<{ intakeId: string; version: number; rowVersion: number; legacyId: string | null; revision: number | null }>(
    `SELECT a.intake_id AS "intakeId", a.revision AS version, a.version AS "rowVersion", l.legacy_id AS "legacyId", l.legacy_revision AS revision FROM clinical.appointments a
     LEFT JOIN clinical.schedule_links l ON l.tenant_id = a.tenant_id AND l.visit_id = a.id WHERE a.tenant_id = $1 AND a.id = $2`,
    [tx.tenantId, visitId],
  )
  const row = found.rows[0]
  if (!row) return false
  const { rowVersion, ...visit } = row
  await emit(
    tx,
    {
      type: 'visit.mirror-due.v1',
      contract: VisitMirrorDue,
      payload: { visitId, ...visit },
      aggregateType: 'visit',
      aggregateId: visitId,
      aggregateVersion: rowVersion,
      intakeId: visit.intakeId,
    },
    at,
  )
  return true
}
