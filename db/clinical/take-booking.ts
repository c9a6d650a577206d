import { createHash, randomBytes } from 'node:crypto'
import { EhrBooking, EhrBookingDue, EhrBookingReceived, EhrRefused, isLive } from '@heliox/core/clinical'
import { linkEnd, toE164, VisitContact } from '@heliox/core/identity'
import { clinicCountryOf, sha256Hex } from '@heliox/core/kit'
import { type ApplyContext, type ApplyFunction, applyOf } from '../applies/context.ts'
import { saveContact } from '../identity/contacts.ts'
import { openIntake } from '../identity/intakes.ts'
import { sealLink } from '../identity/links.ts'
import { clinicLook, tenantFacts } from '../identity/tenants.ts'
import { raiseIncident } from '../messaging/incidents.ts'
import { emit } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import { sealChart } from './charts.ts'
import { ehr } from './record-chart.ts'
import { mirrorVisit, scheduleOwner } from './schedule-owner.ts'
import { findVisit, insertVisit } from './visits.ts'

/** Appointments that the clinic makes in its EHR, while the hub owns the appointments. */

/** One appointment is one visit, whoever sees it first: the id follows from both, in the form of a UUID of a name (RFC 9562, version 8). */
export function visitIdOfBooking(tenantId: string, appointmentId: string): string {
  const bytes = createHash('sha256').update(`ehr-booking ${tenantId} ${appointmentId}`).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const noteBooking = applyOf(EhrBookingReceived, async ({ item, itemId, fileId }, context) => {
  const { tx, now } = context
  if (item.is === 'unreadable') {
    await raiseIncident(tx, { kind: 'unreadable-file', partner: ehr, payerId: null, about: { is: 'file', id: fileId }, count: 1 }, now)
    return
  }
  // An old scheduler that owns them tells of its own; while they change hands nothing is added, and the next day's whole look comes by it again.
  if (!(await scheduleOwner(tx)).mayChange) return
  const { appointmentId } = item
  const visitId = visitIdOfBooking(tx.tenantId, appointmentId)
  if (await findVisit(tx, visitId)) return
  await emit(
    tx,
    {
      ...{ type: 'ehr.booking-due.v1', contract: EhrBookingDue, payload: { appointmentId, visitId } },
      ...{ aggregateType: 'received-item', aggregateId: itemId, aggregateVersion: 1, intakeId: null },
    },
    context,
  )
})

const takeBooking = applyOf(EhrBooking, async ({ visitId, booking }, context) => {
  if (booking) await bookVisit(visitId, booking, context)
})

async function bookVisit(visitId: string, booking: NonNullable<EhrBooking['booking']>, context: ApplyContext): Promise<void> {
  const { tx, vault, now } = context
  // Two deliveries of one booking come one after the other.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('clinical.booking ' || $1, 0))`, [visitId])
  const times = { startsAt: new Date(booking.startsAt), endsAt: new Date(booking.endsAt) }
  if ((await findVisit(tx, visitId)) || !isLive({ ...times, status: 'booked' }, now)) return
  // It carries our mark already, so no look brings it again: the delivery does, when a person has seen to it or they have changed hands.
  if (!(await scheduleOwner(tx)).mayChange) throw new Error('appointments changed hands while this one was marked')
  const intakeId = visitIdOfBooking(visitId, 'intake')
  const ids = { visitId, intakeId }
  const chartDocumentId = await sealChart(tx, vault, { intakeId, patientId: null, patientRef: booking.patientRef }, now)
  await insertVisit(tx, { ...ids, ...times, practitioner: booking.practitioner, chartDocumentId }, context)
  await agreeOn(tx, visitId, booking)
  // Nobody has this link yet: it leaves with a message to the patient, or the desk makes another.
  const token = randomBytes(32).toString('base64url')
  await openIntake(tx, { ...ids, tokenSha256: sha256Hex(token), expiresAt: linkEnd(times.endsAt, now) }, context)
  await sealLink(tx, vault, intakeId, { token }, now)
  await mirrorVisit(tx, visitId, 'ehr', context)
  const contact = booking.contact && (await contactHere(tx, booking.contact))
  if (contact) await saveContact(tx, vault, visitId, contact, now)
}

/** Both say the same of it from the first moment on, at the version that was read. */
async function agreeOn(tx: Tx, visitId: string, { startsAt, endsAt, versionId, updatedAt, patientKey }: NonNullable<EhrBooking['booking']>): Promise<void> {
  await tx.query(
    `UPDATE clinical.appointments SET agreed_status = 'booked', agreed_starts_at = $3, agreed_ends_at = $4, ehr_version = $5, ehr_updated_at = $6, ehr_patient_key = $7
     WHERE tenant_id = $1 AND id = $2`,
    [tx.tenantId, visitId, startsAt, endsAt, versionId, updatedAt, patientKey],
  )
}

/** A number that is none here is left out: what the chart holds there may be anything. */
async function contactHere(tx: Tx, said: NonNullable<NonNullable<EhrBooking['booking']>['contact']>): Promise<VisitContact> {
  const clinic = await tenantFacts(tx)
  const { languages } = await clinicLook(tx)
  const offered = said.language !== null && languages.includes(said.language) ? said.language : languages[0]
  return VisitContact.parse({ ...said, phone: said.phone === null ? null : toE164(said.phone, clinicCountryOf(clinic)), language: offered })
}

const refuseBooking = applyOf(EhrRefused, async (_refused, { tx, now, envelope }) => {
  const { visitId } = EhrBookingDue.schema.parse(envelope.payload)
  await raiseIncident(tx, { kind: 'visit-conflict', partner: ehr, payerId: null, about: { is: 'visit', id: visitId }, count: 1 }, now)
})

export const bookingFunctions: Readonly<Record<string, ApplyFunction>> = {
  'clinical.note-booking': noteBooking,
  'clinical.take-booking': takeBooking,
  'clinical.refuse-booking': refuseBooking,
}
