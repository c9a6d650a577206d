import {
  type CancelReason,
  canChange,
  changeBetween,
  isTooEarly,
  statusAfter,
  VisitChanged,
  type VisitChangeKind,
  type VisitChanger,
} from '@heliox/core/clinical'
import { linkEnd } from '@heliox/core/identity'
import { callOffCopays } from '../billing/charge-pages.ts'
import { audit } from '../compliance/audit.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { mirrorVisit } from './schedule-owner.ts'
import { intakesOff, lockVisit, type VisitRow, type VisitStatus } from './visits.ts'

/**
 * Every change of a visit goes through here, whoever made it: the row, a line of its history, the audit, the patient's link, the copy at the old
 * scheduler and the event are one commit. Whoever is told of a state that holds already writes nothing, so that echoes end by themselves.
 */

interface Wish {
  change: VisitChangeKind
  startsAt?: Date
  endsAt?: Date
  practitioner?: string
  reason?: CancelReason
}
export type Changed =
  | { is: 'changed' | 'same'; visit: VisitRow }
  | { is: 'not-found' }
  /** Somebody changed it since the asker looked. */
  | { is: 'changed-meanwhile' }
  /** Not from the state that it is in. */
  | { is: 'not-possible' }
  | { is: 'too-early' }

interface Target {
  status: VisitStatus
  startsAt: Date
  endsAt: Date
  practitioner: string
}
const same = (visit: VisitRow, to: Target): boolean => changeBetween(visit, to) === null && visit.practitioner === to.practitioner

/** For the desk: `revision` is what the asker saw. The same wish once more, after it was done, is `same`. */
export async function changeVisit(tx: Tx, visitId: string, revision: number, wish: Wish, at: Emission): Promise<Changed> {
  const visit = await lockVisit(tx, visitId)
  if (!visit) return { is: 'not-found' }
  const to: Target = {
    status: statusAfter(wish.change),
    startsAt: wish.startsAt ?? visit.startsAt,
    endsAt: wish.endsAt ?? visit.endsAt,
    practitioner: wish.practitioner ?? visit.practitioner,
  }
  if (visit.revision === revision + 1 && visit.changedBy === 'clinic' && same(visit, to)) return { is: 'same', visit }
  if (visit.revision !== revision) return { is: 'changed-meanwhile' }
  if (!canChange(visit.status, wish.change)) return { is: 'not-possible' }
  if (isTooEarly(wish.change, visit.startsAt, at.now)) return { is: 'too-early' }
  if (same(visit, to)) return { is: 'same', visit }
  return { is: 'changed', visit: await write(tx, visit, to, { change: wish.change, by: 'clinic', reason: wish.reason ?? null }, at) }
}

/** For whoever keeps the appointments elsewhere: what they say is so, from whatever state. */
export async function takeVisit(tx: Tx, visit: VisitRow, to: Target, by: Exclude<VisitChanger, 'clinic'>, at: Emission): Promise<'changed' | 'same'> {
  if (same(visit, to)) return 'same'
  const change = changeBetween(visit, to) ?? 'moved'
  await write(tx, visit, to, { change, by, reason: change === 'cancelled' ? 'elsewhere' : null }, at)
  return 'changed'
}

async function write(
  tx: Tx,
  visit: VisitRow,
  to: Target,
  { change, by, reason }: { change: VisitChangeKind; by: VisitChanger; reason: CancelReason | null },
  at: Emission,
): Promise<VisitRow> {
  const next: VisitRow = {
    ...visit,
    ...to,
    revision: visit.revision + 1,
    version: visit.version + 1,
    cancelReason: to.status === 'cancelled' ? reason : null,
    changedAt: at.now,
    changedBy: by,
  }
  await tx.query(
    `UPDATE clinical.appointments SET status = $3, starts_at = $4, ends_at = $5, practitioner = $6, cancel_reason = $7, changed_at = $8, changed_by = $9,
       revision = $10, version = $11, updated_at = $8 WHERE tenant_id = $1 AND id = $2`,
    [...[tx.tenantId, visit.id, next.status, next.startsAt, next.endsAt, next.practitioner], ...[next.cancelReason, at.now, by, next.revision, next.version]],
  )
  await tx.query(
    `INSERT INTO clinical.visit_changes (tenant_id, visit_id, revision, change, changed_by, actor, reason, from_status, from_starts_at, from_ends_at, status,
       starts_at, ends_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[tx.tenantId, visit.id, next.revision, change, by, tx.actor, reason],
      ...[visit.status, visit.startsAt, visit.endsAt, next.status, next.startsAt, next.endsAt, at.now],
    ],
  )
  // The link of a form that is still to be filled in lives as long as the visit, wherever that went.
  await tx.query('SELECT identity.move_link_end($1, $2)', [visit.intakeId, linkEnd(next.endsAt, at.now)])
  await audit(tx, { action: `visit.${change}`, resource: `visit:${visit.id}${reason ? ` ${reason}` : ''}`, outcome: 'ok' }, at.now)
  await emit(
    tx,
    {
      type: 'visit.changed.v1',
      contract: VisitChanged,
      payload: {
        visitId: visit.id,
        intakeId: visit.intakeId,
        patientId: visit.patientId,
        change,
        by,
        status: next.status,
        startsAt: next.startsAt.toISOString(),
        endsAt: next.endsAt.toISOString(),
        practitioner: next.practitioner,
      },
      aggregateType: 'visit',
      aggregateId: visit.id,
      aggregateVersion: next.version,
      intakeId: visit.intakeId,
    },
    at,
  )
  await mirrorVisit(tx, visit.id, by, at)
  // Nobody's card is charged for a visit that does not take place, nor shown as if it would be.
  if ((await intakesOff(tx, [visit.intakeId])).has(visit.intakeId)) await callOffCopays(tx, visit.intakeId, at)
  return next
}

interface PastChange {
  revision: number
  change: VisitChangeKind
  by: VisitChanger
  reason: CancelReason | null
  fromStartsAt: Date
  startsAt: Date
  at: Date
}
const shownMax = 50
/** Newest first. */
export async function changesOf(tx: Tx, visitId: string): Promise<PastChange[]> {
  const found = await tx.query<PastChange>(
    `SELECT revision, change::text AS change, changed_by::text AS by, reason::text AS reason, from_starts_at AS "fromStartsAt", starts_at AS "startsAt",
       changed_at AS at FROM clinical.visit_changes WHERE tenant_id = $1 AND visit_id = $2 ORDER BY revision DESC LIMIT ${shownMax}`,
    [tx.tenantId, visitId],
  )
  return found.rows
}
