import { VisitPrepared, WritebackOutcome, WritebackRecord } from '@heliox/core/clinical'
import { IntakeSubmitted } from '@heliox/core/identity'
import { canonicalJson } from '@heliox/core/kit'
import { chartFunctions } from '../clinical/record-chart.ts'
import { appointmentFunctions } from '../clinical/take-appointment.ts'
import { bookingFunctions } from '../clinical/take-booking.ts'
import { sealDocument } from '../identity/documents.ts'
import { emit } from '../outbox.ts'
import { type ApplyFunction, applyOf } from './context.ts'

const attachPatient = applyOf(IntakeSubmitted, async ({ visitId, intakeId, patientId }, context) => {
  const { tx } = context
  const updated = await tx.query<{ version: number }>(
    // Booked by the form only where nobody decided otherwise: a visit that was called off a moment ago stays so.
    `UPDATE clinical.appointments SET patient_id = $3, status = CASE WHEN status = 'proposed' THEN 'booked' ELSE status END, version = version + 1,
       updated_at = $4 WHERE tenant_id = $1 AND id = $2 RETURNING version`,
    [tx.tenantId, visitId, patientId, context.now],
  )
  const version = updated.rows[0]?.version
  if (version === undefined) throw new Error('the visit of this intake is not there')
  await emit(
    tx,
    {
      type: 'visit.prepared.v1',
      contract: VisitPrepared,
      payload: { visitId, intakeId, patientId },
      aggregateType: 'visit',
      aggregateId: visitId,
      aggregateVersion: version,
      intakeId,
    },
    context,
  )
})

/** The EHR's own ids name the patient there, so they are sealed; clinical keeps the document's id. */
const recordWriteback = applyOf(WritebackRecord, async ({ visitId, intakeId, patientId, outcome, refs, codes }, context) => {
  const { tx, vault } = context
  const documentId = refs ? await sealDocument(tx, vault, { kind: 'ehr-references', intakeId, patientId, text: canonicalJson(refs) }, context.now) : null
  const updated = await tx.query<{ version: number }>(
    `UPDATE clinical.appointments SET writeback = $3, writeback_codes = $4, ehr_document_id = coalesce($5, ehr_document_id), version = version + 1,
       updated_at = $6 WHERE tenant_id = $1 AND id = $2 RETURNING version`,
    [tx.tenantId, visitId, outcome, codes, documentId, context.now],
  )
  const version = updated.rows[0]?.version
  if (version === undefined) throw new Error('the visit of this write-back is not there')
  await emit(
    tx,
    {
      type: outcome === 'written' ? 'ehr.writeback.completed.v1' : 'ehr.writeback.failed.v1',
      contract: WritebackOutcome,
      payload: { visitId, intakeId, patientId, outcome, codes },
      aggregateType: 'visit',
      aggregateId: visitId,
      aggregateVersion: version,
      intakeId,
    },
    context,
  )
})

export const clinicalFunctions: Readonly<Record<string, ApplyFunction>> = {
  'clinical.attach-patient': attachPatient,
  'clinical.record-writeback': recordWriteback,
  ...chartFunctions,
  ...appointmentFunctions,
  ...bookingFunctions,
}
