import { EligibilityOutcome } from '@heliox/core/billing'
import {
  AppointmentRecord,
  type AppointmentState,
  afterRefusal,
  ChartRecord,
  forgetsChart,
  isOutdated,
  ofAnother,
  WritebackOutcome,
  WritebackRecordV2,
} from '@heliox/core/clinical'
import { canonicalJson, type ValueOf } from '@heliox/core/kit'
import { type ApplyContext, type ApplyFunction, applyOf } from '../applies/context.ts'
import { sealDocument } from '../identity/documents.ts'
import { raiseIncident, settleIncident } from '../messaging/incidents.ts'
import { emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { forgetChart, keepChart, wasForgottenSince } from './charts.ts'
import { givenToAnother, isOursAgain, patientKeyOf } from './of-another.ts'
import { lockVisit, type VisitRow } from './visits.ts'

/** The partner by which incidents about charts go. */
export const ehr = 'fhir'

const keep = applyOf(ChartRecord, async ({ intakeId, patientId, found: { patientRef, how } }, { tx, vault, now, envelope }) => {
  // Nobody, or what was known already, is no news.
  if (patientRef === null || how === 'known' || how === 'nobody') return
  if (await wasForgottenSince(tx, patientId, new Date(envelope.occurredAt))) return
  await keepChart(tx, vault, { intakeId, patientId, patientRef, source: how === 'chosen' ? 'chosen' : 'found' }, now)
})

async function mustLock(tx: Tx, visitId: string): Promise<VisitRow> {
  const visit = await lockVisit(tx, visitId)
  if (!visit) throw new Error('the visit is not there')
  return visit
}

/**
 * Of several write-backs of one visit the last may be the oldest: a delivery that was late, or that began before the visit was moved. What was
 * written newest is kept here, and whoever comes after something newer asks for one more round, which then writes the newest of all.
 */
const recordChart = applyOf(WritebackRecordV2, async (record, context) => {
  const visit = await mustLock(context.tx, record.visitId)
  const outcome = EligibilityOutcome.schema.parse(context.envelope.payload)
  const coverVersion = context.envelope.aggregateVersion
  // A tie is the same answer once more (`ehr.writeback-again.v1` keeps the number).
  const newest = coverVersion >= visit.coverVersion ? outcome : EligibilityOutcome.schema.parse(visit.cover)
  const kept: VisitRow = { ...visit, cover: newest, coverVersion: Math.max(coverVersion, visit.coverVersion) }
  if (record.outcome === 'written') await written(context, kept, record, coverVersion)
  else await refused(context, kept, record)
})

async function written(
  context: ApplyContext,
  visit: VisitRow,
  { refs, intakeId, patientId }: ValueOf<typeof WritebackRecordV2>,
  coverVersion: number,
): Promise<void> {
  const { tx, vault, now } = context
  if (!refs) throw new Error('what was written has no references')
  // One that began before staff let the chart be forgotten may have been written into that one: the next search tells, by our identifier.
  const forgotten = await wasForgottenSince(tx, patientId, new Date(context.envelope.occurredAt))
  if (!forgotten) await keepChart(tx, vault, { intakeId, patientId, patientRef: refs.patientRef, source: 'written' }, now)
  const documentId = await sealDocument(tx, vault, { kind: 'ehr-references', intakeId, patientId, text: canonicalJson(refs) }, now)
  const says = refs.appointment
  // Whom its appointment names from now on, whoever booked it: that it names somebody else later is noticed by it.
  const patientKey = await patientKeyOf(tx, vault, refs.patientRef)
  const version = await update(tx, visit, { writeback: 'written', codes: [], documentId, agreed: says, searches: 0, patientKey }, now)
  await isOursAgain(tx, visit.id, ehr, now)
  await settleIncident(tx, { kind: 'duplicate-chart', partner: ehr, about: { is: 'visit', id: visit.id } }, now)
  await tell(context, visit, { outcome: 'written', codes: [], version, intakeId, patientId })
  const known = { coverVersion: visit.coverVersion, changedAt: visit.changedAt, agreesNow: says === null || agrees(visit, says) }
  if (isOutdated({ coverVersion, askedAt: new Date(context.envelope.occurredAt) }, known)) await again(context, visit)
}

async function refused(context: ApplyContext, visit: VisitRow, { codes, intakeId, patientId }: ValueOf<typeof WritebackRecordV2>): Promise<void> {
  const { tx, now } = context
  if (forgetsChart(codes)) await forgetChart(tx, patientId, now)
  const next = afterRefusal(codes, visit.searches)
  if (next === 'search-again') {
    await update(tx, visit, { searches: visit.searches + 1 }, now)
    return again(context, visit)
  }
  const version = await update(tx, visit, { writeback: 'refused', codes, searches: 0 }, now)
  if (next === 'tell-whose') await givenToAnother(tx, visit, ehr, { correlationId: context.envelope.id, now })
  if (next === 'tell-somebody') {
    await raiseIncident(tx, { kind: 'duplicate-chart', partner: ehr, payerId: null, about: { is: 'visit', id: visit.id }, count: 1 }, now)
  }
  await tell(context, visit, { outcome: 'refused', codes, version, intakeId, patientId })
}

interface Written {
  writeback?: 'written' | 'refused'
  codes?: readonly string[]
  documentId?: string
  agreed?: AppointmentState | null
  searches?: number
  patientKey?: string
}
/** The version after it. */
async function update(tx: Tx, visit: VisitRow, { writeback, codes, documentId, agreed, searches, patientKey }: Written, now: Date): Promise<number> {
  await tx.query(
    `UPDATE clinical.appointments SET writeback = coalesce($3::text::clinical.writeback_status, writeback), writeback_codes = coalesce($4::text[], writeback_codes),
       ehr_document_id = coalesce($5, ehr_document_id), agreed_status = coalesce($6::text::clinical.appointment_status, agreed_status),
       agreed_starts_at = coalesce($7, agreed_starts_at), agreed_ends_at = coalesce($8, agreed_ends_at), searches = coalesce($9, searches),
       cover = $10, cover_version = $11, version = version + 1, updated_at = $12, ehr_patient_key = coalesce($13, ehr_patient_key) WHERE tenant_id = $1 AND id = $2`,
    [
      ...[tx.tenantId, visit.id, writeback ?? null, codes ?? null, documentId ?? null],
      ...[agreed?.status ?? null, agreed?.startsAt ?? null, agreed?.endsAt ?? null, searches ?? null],
      ...[JSON.stringify(visit.cover), visit.coverVersion, now, patientKey ?? null],
    ],
  )
  return visit.version + 1
}

const agrees = (visit: VisitRow, says: AppointmentState): boolean =>
  visit.status === says.status && visit.startsAt.getTime() === Date.parse(says.startsAt) && visit.endsAt.getTime() === Date.parse(says.endsAt)

async function tell(
  context: ApplyContext,
  visit: VisitRow,
  { version, ...said }: { outcome: 'written' | 'refused'; codes: string[]; version: number; intakeId: string; patientId: string },
): Promise<void> {
  await emit(
    context.tx,
    {
      type: said.outcome === 'written' ? 'ehr.writeback.completed.v1' : 'ehr.writeback.failed.v1',
      contract: WritebackOutcome,
      payload: { visitId: visit.id, ...said },
      aggregateType: 'visit',
      aggregateId: visit.id,
      aggregateVersion: version,
      intakeId: said.intakeId,
    },
    context,
  )
}

/** About the newest answer, and under its number: it is that answer once more, and nothing newer than it. */
async function again(context: ApplyContext, visit: VisitRow): Promise<void> {
  const outcome = EligibilityOutcome.schema.parse(visit.cover)
  await emit(
    context.tx,
    {
      type: 'ehr.writeback-again.v1',
      contract: EligibilityOutcome,
      payload: outcome,
      aggregateType: 'eligibility',
      aggregateId: outcome.requestId,
      aggregateVersion: visit.coverVersion,
      intakeId: visit.intakeId,
    },
    context,
  )
}

/** What became of telling the chart. That both were changed is known for certain when the chart's own word comes in; it is told at once all the same. */
const recordAppointment = applyOf(AppointmentRecord, async ({ visitId, outcome, appointment, codes }, context) => {
  const { tx, now, envelope } = context
  const visit = await mustLock(tx, visitId)
  const about = { is: 'visit', id: visitId } as const
  if (outcome === 'agreed' && appointment) {
    await tx.query(
      `UPDATE clinical.appointments SET agreed_status = $3, agreed_starts_at = $4, agreed_ends_at = $5, version = version + 1, updated_at = $6
       WHERE tenant_id = $1 AND id = $2`,
      [tx.tenantId, visitId, appointment.status, appointment.startsAt, appointment.endsAt, now],
    )
    await isOursAgain(tx, visitId, ehr, now)
    if (agrees(visit, appointment)) await settleIncident(tx, { kind: 'visit-conflict', partner: ehr, about }, now)
    return
  }
  if (codes.includes(ofAnother)) return givenToAnother(tx, visit, ehr, { correlationId: envelope.id, now })
  // Where the EHR refused for whatever reason, the chart goes on saying something else than the patient was told: nobody else would notice.
  const differs = outcome === 'changed-there' || outcome === 'refused'
  // Somebody changed the visit here again since: that change tells the chart itself.
  const overtaken = visit.changedAt !== null && visit.changedAt > new Date(envelope.occurredAt)
  if (differs && !overtaken) await raiseIncident(tx, { kind: 'visit-conflict', partner: ehr, payerId: null, about, count: 1 }, now)
})

export const chartFunctions: Readonly<Record<string, ApplyFunction>> = {
  'clinical.keep-chart': keep,
  'clinical.record-chart': recordChart,
  'clinical.record-appointment': recordAppointment,
}
