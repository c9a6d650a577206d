import { z } from 'zod'
import { defineApply, defineContract, defineEvent, IsoDate, IsoDateTime, LanguageTag, Text } from '../kit/index.ts'
import { EhrRefused } from './model.ts'

/** Appointments that the clinic makes in its EHR and not here: each becomes a visit, and carries our identifier from then on (issue 06, H-8). */

/** The EHR's own id of an appointment: FHIR's grammar of an id. It names a time of the day, and no patient without the EHR. */
export const EhrAppointmentId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/)

/** `Locks.keyOf` of the patient whom an appointment of the EHR names. */
export const EhrPatientKey = z.string().regex(/^[0-9a-f]{64}$/)

/** That an appointment of nobody's here was seen. No PHI. */
export const EhrBookingSeen = defineContract({
  name: 'EhrBookingSeen',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({ is: z.literal('booking'), appointmentId: EhrAppointmentId }),
    /** A kept file that cannot be read: a code of ours, no values. */
    z.object({ is: z.literal('unreadable'), code: z.string().max(60) }),
  ]),
})
/** The same with where it stood. */
export const EhrBookingReceived = defineContract({
  name: 'EhrBookingReceived',
  version: 1,
  phi: false,
  schema: z.object({ itemId: z.uuid(), fileId: z.uuid(), index: z.int().min(0), receivedAt: IsoDateTime, item: EhrBookingSeen.schema }),
})
/** It is to be read over there, and marked as ours. `visitId` follows from the clinic and the appointment: two who see it make one visit. */
export const EhrBookingDue = defineContract({
  name: 'EhrBookingDue',
  version: 1,
  phi: false,
  schema: z.object({ appointmentId: EhrAppointmentId, visitId: z.uuid() }),
})
/** What the EHR says of it and of its patient. PHI. */
export const EhrBooking = defineContract({
  name: 'EhrBooking',
  version: 1,
  phi: true,
  schema: z.object({
    appointmentId: EhrAppointmentId,
    visitId: z.uuid(),
    /** Null: it is no visit by now (called off, over, another's), and carries no mark of ours. */
    booking: z
      .object({
        startsAt: IsoDateTime,
        endsAt: IsoDateTime,
        practitioner: Text(80),
        /** `Patient/123`. */
        patientRef: z.string().max(80),
        /** A keyed hash of whom the appointment names, so that it is noticed when it names somebody else. */
        patientKey: EhrPatientKey,
        versionId: z.string().max(64),
        updatedAt: IsoDateTime,
        /** As the chart has them; null: it has no name there. */
        contact: z
          .object({
            givenName: Text(35),
            familyName: Text(60),
            birthDate: IsoDate.nullable(),
            phone: z.string().max(40).nullable(),
            email: z.email().max(120).nullable(),
            /** Null: it says none that we speak. */
            language: LanguageTag.nullable(),
          })
          .nullable(),
      })
      .nullable(),
  }),
})
export type EhrBooking = z.output<typeof EhrBooking.schema>

export const ehrBookingEvents = [
  defineEvent({
    type: 'ehr.booking-seen.v1',
    contract: EhrBookingReceived,
    context: 'messaging',
    summary: 'The EHR has an appointment that is no visit here yet.',
  }),
  defineEvent({ type: 'ehr.booking-due.v1', contract: EhrBookingDue, context: 'clinical', summary: 'An appointment of the EHR is to become a visit.' }),
] as const

export const ehrBookingApplies = [
  defineApply({
    name: 'clinical.note-booking',
    version: 1,
    context: 'clinical',
    summary: 'Whether an appointment of the EHR is to become a visit.',
    input: EhrBookingReceived,
    emits: ['ehr.booking-due.v1'],
  }),
  defineApply({
    name: 'clinical.take-booking',
    version: 1,
    context: 'clinical',
    summary: 'An appointment of the EHR becomes a visit, with its chart and with whom to ask.',
    input: EhrBooking,
    emits: ['visit.created.v1', 'visit.mirror-due.v1'],
  }),
  defineApply({
    name: 'clinical.refuse-booking',
    version: 1,
    context: 'clinical',
    summary: 'The EHR would not have an appointment marked as ours: a person is told.',
    input: EhrRefused,
    emits: [],
  }),
] as const
