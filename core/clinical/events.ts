import { z } from 'zod'
import { defineContract, defineEvent } from '../kit/index.ts'
import { ehrEvents } from './ehr.ts'
import { ehrBookingEvents } from './ehr-booking.ts'
import { schedulerEvents } from './scheduler.ts'
import { visitChangeEvents } from './visit-changes.ts'

export const VisitCreated = defineContract({
  name: 'VisitCreated',
  version: 1,
  phi: false,
  schema: z.object({ visitId: z.uuid(), intakeId: z.uuid(), startsAt: z.iso.datetime(), endsAt: z.iso.datetime(), practitioner: z.string() }),
})
export const VisitPrepared = defineContract({
  name: 'VisitPrepared',
  version: 1,
  phi: false,
  schema: z.object({ visitId: z.uuid(), intakeId: z.uuid(), patientId: z.uuid() }),
})
export const WritebackOutcome = defineContract({
  name: 'WritebackOutcome',
  version: 1,
  phi: false,
  schema: z.object({
    visitId: z.uuid(),
    intakeId: z.uuid(),
    patientId: z.uuid(),
    outcome: z.enum(['written', 'refused']),
    codes: z.array(z.string().max(60)).max(20),
  }),
})
export const clinicalEvents = [
  ...ehrEvents,
  ...ehrBookingEvents,
  ...visitChangeEvents,
  ...schedulerEvents,
  defineEvent({ type: 'visit.created.v1', contract: VisitCreated, context: 'clinical', summary: 'The front desk booked a visit and made a link.' }),
  defineEvent({ type: 'visit.prepared.v1', contract: VisitPrepared, context: 'clinical', summary: 'The visit knows its patient.' }),
  defineEvent({
    type: 'ehr.writeback.completed.v1',
    contract: WritebackOutcome,
    context: 'clinical',
    summary: 'Patient, Coverage and Appointment are in the EHR (H-22).',
  }),
  defineEvent({ type: 'ehr.writeback.failed.v1', contract: WritebackOutcome, context: 'clinical', summary: 'The EHR refused the write-back (H-22).' }),
] as const
