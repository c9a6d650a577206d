import { EhrAppointmentReceived, heard } from '@heliox/core/clinical'
import { type ApplyFunction, applyOf } from '../applies/context.ts'
import { revokeLink } from '../identity/links.ts'
import { raiseIncident, settleIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import { ehr } from './record-chart.ts'
import { scheduleOwner } from './schedule-owner.ts'
import { takeVisit } from './visit-changes.ts'
import { agreedOf, lockVisit } from './visits.ts'
import { withhold } from './withheld-words.ts'

/**
 * The chart's word about a visit of ours. It counts when it is newer than what we heard and nobody changed the visit here since both agreed; else
 * a person is told, and neither side is overwritten.
 */
const takeAppointment = applyOf(EhrAppointmentReceived, async (received, context) => {
  const { item, fileId } = received
  const { tx, now, envelope } = context
  if (item.is === 'unreadable') {
    await raiseIncident(tx, { kind: 'unreadable-file', partner: ehr, payerId: null, about: { is: 'file', id: fileId }, count: 1 }, now)
    return
  }
  // Before the visit is locked, as at the desk: a handover waits for us, or we for it.
  const { mayChange, handoverTo } = await scheduleOwner(tx)
  const visit = await lockVisit(tx, item.visitId)
  // An id of ours that is none: another clinic's, or one from before a restore. It is nobody's here.
  if (!visit) return
  const word = heard({ ...visit, agreed: agreedOf(visit), changed: visit.changedAt !== null }, item)
  if (word.is === 'old') return
  if (word.is === 'take' && handoverTo !== null) {
    await withhold(tx, { ...received, item }, now)
    return
  }
  const about = { is: 'visit', id: visit.id } as const
  const another = await isForAnother(tx, visit.id, item.patientKey)
  // Whom we know for this visit comes to it no more: their link ends, and with it every message that would carry it.
  if (another) await revokeLink(tx, visit.intakeId, envelope.id, now)
  const conflict = another || word.is === 'conflict' || (word.is === 'take' && !mayChange)
  await tx.query(
    `UPDATE clinical.appointments SET ehr_version = $3, ehr_updated_at = $4, version = version + 1, updated_at = $5 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, visit.id, item.versionId, item.updatedAt, now],
  )
  if (conflict) {
    await raiseIncident(tx, { kind: 'visit-conflict', partner: ehr, payerId: null, about, count: 1 }, now)
    return
  }
  if (word.is === 'behind') return
  const to = word.is === 'take' ? word.to : visit
  await tx.query('UPDATE clinical.appointments SET agreed_status = $3, agreed_starts_at = $4, agreed_ends_at = $5 WHERE tenant_id = $1 AND id = $2', [
    ...[tx.tenantId, visit.id, to.status, to.startsAt, to.endsAt],
  ])
  await settleIncident(tx, { kind: 'visit-conflict', partner: ehr, about }, now)
  if (word.is === 'take') await takeVisit(tx, { ...visit, version: visit.version + 1 }, { ...word.to, practitioner: visit.practitioner }, 'ehr', context)
})

/** Of a visit that was booked in the EHR: whether its appointment names another patient there now. */
async function isForAnother(tx: Tx, visitId: string, patientKey: string | null): Promise<boolean> {
  if (patientKey === null) return false
  const found = await tx.query('SELECT 1 FROM clinical.appointments WHERE tenant_id = $1 AND id = $2 AND ehr_patient_key <> $3', [
    tx.tenantId,
    visitId,
    patientKey,
  ])
  return found.rowCount === 1
}

export const appointmentFunctions: Readonly<Record<string, ApplyFunction>> = { 'clinical.take-appointment': takeAppointment }
