import { randomBytes, randomUUID } from 'node:crypto'
import type { LegacyAppointment, LegacyItemReceived, MirrorRecord } from '@heliox/core/clinical'
import { isLive, LegacyAppointmentDue } from '@heliox/core/clinical'
import { linkEnd } from '@heliox/core/identity'
import { type Envelope, sha256Hex, type ValueOf } from '@heliox/core/kit'
import { openIntake } from '../identity/intakes.ts'
import { sealLink } from '../identity/links.ts'
import { type Emission, emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'
import { sealChart } from './charts.ts'
import { givenToAnother, isOursAgain, patientKeyOf, visitsOfAnother } from './of-another.ts'
import { noteRefusal } from './schedule-handover.ts'
import { scheduleOwner } from './schedule-owner.ts'
import { takeVisit } from './visit-changes.ts'
import { insertVisit, lockVisit } from './visits.ts'

/**
 * Appointments of the old scheduler, while it owns them. Its feed says only that one changed; what it is by then is read and taken here. So the
 * order of the feed, and how often something is said, do not matter: an earlier revision than the one that is known is passed over.
 */

type Appointment = ValueOf<typeof LegacyAppointment>

interface Link {
  visitId: string
  legacyId: string | null
  revision: number | null
  /** Whom it named there when it was last heard, as a keyed hash. */
  patientKey: string | null
}
const linkColumns = `visit_id AS "visitId", legacy_id AS "legacyId", legacy_revision AS revision, patient_key AS "patientKey"`

async function linkOf(tx: Tx, legacyId: string): Promise<Link | undefined> {
  const found = await tx.query<Link>(`SELECT ${linkColumns} FROM clinical.schedule_links WHERE tenant_id = $1 AND legacy_id = $2`, [tx.tenantId, legacyId])
  return found.rows[0]
}

export async function noteItem(tx: Tx, { item, itemId }: ValueOf<typeof LegacyItemReceived>, at: Emission): Promise<void> {
  if (item.is === 'unreadable') return noteRefusal(tx, `feed-${item.code}`, at.now)
  // Beside a hub that owns them nothing comes in by the feed: what it says there is our own copies.
  if ((await scheduleOwner(tx)).owner !== 'legacy-scheduler') return
  const link = await linkOf(tx, item.legacyId)
  if (link?.revision && link.revision >= item.revision) return
  await writeAppointmentDue(tx, { legacyId: item.legacyId, revision: item.revision }, itemId, at)
}

/** `about`: whatever asked for it; each asks in an event of its own. */
export const writeAppointmentDue = (tx: Tx, due: ValueOf<typeof LegacyAppointmentDue>, about: string, at: Emission): Promise<string> =>
  emit(
    tx,
    {
      type: 'legacy.appointment-due.v1',
      contract: LegacyAppointmentDue,
      payload: due,
      aggregateType: 'legacy-appointment',
      aggregateId: about,
      aggregateVersion: 1,
      intakeId: null,
    },
    at,
  )

export async function takeAppointment(tx: Tx, vault: Vault, appointment: Appointment, at: Emission & { envelope: Envelope }): Promise<void> {
  if ((await scheduleOwner(tx)).owner !== 'legacy-scheduler') return
  const { legacyId, revision } = appointment
  // Two who read the same new one would both make a visit of it.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('clinical.legacy ' || $1 || ' ' || $2, 0))`, [tx.tenantId, legacyId])
  const link = await linkOf(tx, legacyId)
  if (link?.revision && link.revision > revision) return
  const visit = await lockVisit(tx, link?.visitId ?? appointment.visitId ?? randomUUID())
  const to = {
    status: appointment.status,
    startsAt: new Date(appointment.startsAt),
    endsAt: new Date(appointment.endsAt),
    practitioner: appointment.practitioner,
  }
  const patientKey = appointment.ehrPatientId === null ? null : await patientKeyOf(tx, vault, `Patient/${appointment.ehrPatientId}`)
  if (visit) {
    const another = link?.patientKey ? patientKey !== null && patientKey !== link.patientKey : (await visitsOfAnother(tx, [visit.id])).has(visit.id)
    if (another) {
      // Nothing is taken of what is about somebody else. Whom it named before stays, so that it is known when it comes back.
      await givenToAnother(tx, visit, 'legacy-scheduler', { correlationId: at.envelope.id, now: at.now })
      return keepLink(tx, visit.id, { legacyId, revision }, at.now)
    }
    if (patientKey !== null) await isOursAgain(tx, visit.id, 'legacy-scheduler', at.now)
    await takeVisit(tx, visit, to, 'legacy-scheduler', at)
    return keepLink(tx, visit.id, { legacyId, revision, patientKey }, at.now)
  }
  // Nobody comes for one that is over or called off, so nobody is asked for a form.
  if (!isLive(to, at.now)) return
  const ids = { visitId: randomUUID(), intakeId: randomUUID() }
  const chart = appointment.ehrPatientId === null ? null : { intakeId: ids.intakeId, patientId: null, patientRef: `Patient/${appointment.ehrPatientId}` }
  const chartDocumentId = chart && (await sealChart(tx, vault, chart, at.now))
  await insertVisit(tx, { ...ids, ...to, chartDocumentId }, at)
  // Nobody has this link yet: it leaves with a message to the patient, or the desk makes another.
  const token = randomBytes(32).toString('base64url')
  await openIntake(tx, { ...ids, tokenSha256: sha256Hex(token), expiresAt: linkEnd(to.endsAt, at.now) }, at)
  await sealLink(tx, vault, ids.intakeId, { token }, at.now)
  await keepLink(tx, ids.visitId, { legacyId, revision, patientKey }, at.now)
}

export async function recordMirrored(tx: Tx, record: ValueOf<typeof MirrorRecord>, at: Emission): Promise<void> {
  if (record.is === 'copied') return keepLink(tx, record.visitId, record, at.now, record.version)
  await tx.query(
    `INSERT INTO clinical.schedule_links (tenant_id, visit_id, refused, updated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, visit_id) DO UPDATE SET refused = excluded.refused, updated_at = excluded.updated_at`,
    [tx.tenantId, record.visitId, record.code, at.now],
  )
}

/** A revision and a version only grow: of two answers that overtook each other the later one stays. */
export async function keepLink(
  tx: Tx,
  visitId: string,
  there: { legacyId: string; revision: number; patientKey?: string | null },
  now: Date,
  version: number | null = null,
): Promise<void> {
  await tx.query(
    `INSERT INTO clinical.schedule_links AS l (tenant_id, visit_id, legacy_id, legacy_revision, mirrored_version, updated_at, patient_key) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (tenant_id, visit_id) DO UPDATE SET legacy_id = excluded.legacy_id, legacy_revision = greatest(l.legacy_revision, excluded.legacy_revision),
       mirrored_version = greatest(l.mirrored_version, excluded.mirrored_version), refused = NULL, updated_at = excluded.updated_at,
       patient_key = coalesce(excluded.patient_key, l.patient_key)`,
    [tx.tenantId, visitId, there.legacyId, there.revision, version, now, there.patientKey ?? null],
  )
}
