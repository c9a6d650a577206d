import { EhrAppointmentReceived, heard } from '@heliox/core/clinical'
import { type ApplyFunction, applyOf } from '../applies/context.ts'
import { raiseIncident, settleIncident } from '../messaging/incidents.ts'
import type { Tx } from '../tenancy.ts'
import { givenToAnother, isOursAgain, visitsOfAnother } from './of-another.ts'
import { ehr } from './record-chart.ts'
import { scheduleOwner } from './schedule-owner.ts'
import { takeVisit } from './visit-changes.ts'
import { agreedOf, lockVisit, type VisitRow } from './visits.ts'
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
  const another = await isForAnother(tx, visit, item.patientKey)
  const conflict = word.is === 'conflict' || (word.is === 'take' && !mayChange)
  await tx.query(
    `UPDATE clinical.appointments SET ehr_version = $3, ehr_updated_at = $4, version = version + 1, updated_at = $5 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, visit.id, item.versionId, item.updatedAt, now],
  )
  // Nothing is taken of what is about somebody else.
  if (another) return givenToAnother(tx, visit, ehr, { correlationId: envelope.id, now })
  if (conflict) {
    await raiseIncident(tx, { kind: 'visit-conflict', partner: ehr, payerId: null, about, count: 1 }, now)
    return
  }
  if (item.patientKey !== null && item.patientKey === visit.ehrPatientKey) await isOursAgain(tx, visit.id, ehr, now)
  if (word.is === 'behind') return
  const to = word.is === 'take' ? word.to : visit
  await tx.query('UPDATE clinical.appointments SET agreed_status = $3, agreed_starts_at = $4, agreed_ends_at = $5 WHERE tenant_id = $1 AND id = $2', [
    ...[tx.tenantId, visit.id, to.status, to.startsAt, to.endsAt],
  ])
  await settleIncident(tx, { kind: 'visit-conflict', partner: ehr, about }, now)
  if (word.is === 'take') await takeVisit(tx, { ...visit, version: visit.version + 1 }, { ...word.to, practitioner: visit.practitioner }, 'ehr', context)
})

/** Whether it names another patient there now. Where a write found that it does, and nobody knows whom it named before, only a write finds that it is over. */
async function isForAnother(tx: Tx, { id, ehrPatientKey }: VisitRow, patientKey: string | null): Promise<boolean> {
  if (patientKey !== null && ehrPatientKey !== null) return patientKey !== ehrPatientKey
  return (await visitsOfAnother(tx, [id])).has(id)
}

export const appointmentFunctions: Readonly<Record<string, ApplyFunction>> = { 'clinical.take-appointment': takeAppointment }
