import { z } from 'zod'
import { EligibilityOutcome } from '../billing/events.ts'
import { genders, guardianRelationships } from '../identity/model.ts'
import { Address, defineContract, defineEvent, IsoDate, IsoDateTime, LanguageTag, PayerSex, Text } from '../kit/index.ts'
import { EhrPatientKey } from './ehr-booking.ts'
import { appointmentStatuses, EhrVisit, EhrWritten, WritebackRecord } from './model.ts'

/** `Patient/123`: a reference relative to the EHR's base. It names a patient there, so what holds one is PHI. */
const EhrRef = z.string().max(80)

/** Whose chart? By an id that the visit carries or that was chosen before; else by demographics, and then a person chooses (H-3). PHI. */
export const ChartQuery = defineContract({
  name: 'ChartQuery',
  version: 1,
  phi: true,
  schema: z.object({
    patientId: z.uuid(),
    visitId: z.uuid(),
    /** Null: nothing is known of this patient's chart yet. */
    knownRef: EhrRef.nullable(),
    /** Charts that were taken for this patient's and are not: our identifier there says nothing, and must go first. */
    forgottenRefs: z.array(EhrRef).max(20).default([]),
    givenName: Text(35),
    familyName: Text(60),
    birthDate: IsoDate,
    phone: z.string(),
    /** For the person who compares; nobody is searched for by these. */
    payerSex: PayerSex.optional(),
    gender: z.enum(genders).nullable().optional(),
    email: z.string().nullable().optional(),
    address: Address.optional(),
  }),
})
/** `patientRef` null: the EHR has nobody like that, and a chart is created. PHI. */
export const ChartFound = defineContract({
  name: 'ChartFound',
  version: 1,
  phi: true,
  schema: z.object({
    patientRef: EhrRef.nullable(),
    how: z.enum(['known', 'our-identifier', 'chosen', 'nobody']),
    /** Charts that a person looked at and turned down: whoever creates one then must not stop at these again. */
    notRefs: z.array(EhrRef).max(20).default([]),
  }),
})
/** What a person compares with the patient's own answers, side by side. PHI. */
export const ChartCandidates = defineContract({
  name: 'ChartCandidates',
  version: 1,
  phi: true,
  schema: z.object({
    candidates: z
      .array(
        z.object({
          patientRef: EhrRef,
          givenName: z.string().max(80),
          familyName: z.string().max(80),
          birthDate: IsoDate.nullable(),
          gender: z.string().max(10).nullable(),
          phone: z.string().max(40).nullable(),
          email: z.string().max(120).nullable(),
          address: z.string().max(200).nullable(),
          /** As the chart writes it: a code, or a name in any language. */
          addressCountry: z.string().max(60).nullable().default(null),
          /** The number by which the clinic knows the chart. */
          mrn: z.string().max(40).nullable(),
          updatedAt: IsoDateTime.nullable(),
          /** By which searches it was found. */
          foundBy: z.array(z.enum(['name-and-birth-date', 'phone', 'birth-date-and-phone'])).max(3),
        }),
      )
      .min(1)
      .max(20),
    /** The EHR has more than are shown. */
    more: z.boolean(),
  }),
})
export type ChartQuery = z.output<typeof ChartQuery.schema>
export type ChartFound = z.output<typeof ChartFound.schema>
export type ChartCandidates = z.output<typeof ChartCandidates.schema>

/** An appointment as far as the hub and the chart must say the same of it. */
export const AppointmentState = z.object({ status: z.enum(appointmentStatuses), startsAt: IsoDateTime, endsAt: IsoDateTime })
export type AppointmentState = z.output<typeof AppointmentState>
/**
 * What both last said of it; null: they never agreed. A chart that now says neither this nor ours was changed there since: that is
 * brought in by the receiver, and never overwritten.
 */
const agreed = AppointmentState.nullable()

/** Whom the appointment named when both last agreed; null: nobody kept it. One that names somebody else now is refused, with the code `ofAnother`. */
const patientKey = EhrPatientKey.nullable().default(null)

/** Everything the EHR gets for one visit: into the chart that was found, or into a new one. What is there is updated. PHI. */
export const EhrVisitV2 = defineContract({
  name: 'EhrVisit',
  version: 2,
  phi: true,
  schema: EhrVisit.schema.extend({
    /** Null: create one. */
    patientRef: EhrRef.nullable(),
    /** As in `ChartFound`. */
    notRefs: z.array(EhrRef).max(20).default([]),
    appointmentStatus: z.enum(appointmentStatuses),
    /** An appointment that says neither this nor ours stays as it is; the rest of the visit is written. */
    agreed,
    patientKey,
    /** What was asked and answered, for CoverageEligibilityRequest and -Response where the connection writes them. */
    eligibility: z
      .object({
        requestId: z.uuid(),
        serviceDate: IsoDate,
        verdict: EligibilityOutcome.schema.shape.verdict,
        /** A person gave it, not the payer. */
        manual: z.boolean(),
        answeredAt: IsoDateTime,
        reasonCodes: z.array(z.string().max(12)).max(20),
      })
      .nullable(),
  }),
})
/** The insurer: of the catalogue, or (`payerId` null) in the patient's own words. `memberId` null: there is no number. */
const Insurer = z.object({ payerId: z.string().max(40).nullable(), payerName: Text(80), memberId: z.string().max(30).nullable() })
/** The same with what the form asks for since: gender in the patient's word, who signs for a child, the language, the second insurance. PHI. */
export const EhrVisitV3 = defineContract({
  name: 'EhrVisit',
  version: 3,
  phi: true,
  schema: EhrVisitV2.schema.extend({
    ...Insurer.shape,
    /** Null: not told. The payer's code then stands for it where the chart has nothing. */
    gender: z.enum(genders).nullable(),
    /** Of a patient who is under age on the day of the visit. */
    guardian: z.object({ givenName: Text(35), familyName: Text(60), relationship: z.enum(guardianRelationships) }).nullable(),
    /** In which the patient themselves signed; null: somebody else did, or it is not known. */
    language: LanguageTag.nullable(),
    /** Null: there is none, or none any more. No payer was asked about it. */
    secondary: Insurer.extend({ groupNumber: z.string().nullable() }).nullable(),
  }),
})
export const EhrWrittenV2 = defineContract({
  name: 'EhrWritten',
  version: 2,
  phi: true,
  schema: EhrWritten.schema.extend({
    /** CoverageEligibilityRequest and -Response, where they were written. */
    eligibilityRefs: z.array(EhrRef).max(2),
    /** What the chart's appointment says now; null: nobody looked (a person answered by hand). */
    appointment: AppointmentState.nullable(),
  }),
})

/** Which chart was found for the patient of this visit. PHI. */
export const ChartRecord = defineContract({
  name: 'ChartRecord',
  version: 1,
  phi: true,
  schema: z.object({ intakeId: z.uuid(), patientId: z.uuid(), visitId: z.uuid(), found: ChartFound.schema }),
})
/** What clinical stores of a write-back. A code may say that the chart must be looked for again (`core/clinical/writeback.ts`). PHI. */
export const WritebackRecordV2 = defineContract({
  name: 'WritebackRecord',
  version: 2,
  phi: true,
  schema: WritebackRecord.schema.extend({ refs: EhrWrittenV2.schema.nullable() }),
})

/** A visit that was moved, cancelled, or not come to, for the chart's Appointment. PHI by its patient. */
export const EhrAppointment = defineContract({
  name: 'EhrAppointment',
  version: 1,
  phi: true,
  schema: z.object({
    visitId: z.uuid(),
    status: z.enum(appointmentStatuses),
    startsAt: IsoDateTime,
    endsAt: IsoDateTime,
    practitioner: z.string(),
    /** One that says neither this nor ours is refused, with the code `changed-there`. */
    agreed,
    /** Null: nobody sent the form yet. */
    patientId: z.uuid().nullable().default(null),
    patientKey,
  }),
})
/** `same`: it says so already, and nothing was written. `not-there`: the write-back of the visit brings it later. PHI. */
export const EhrAppointmentWritten = defineContract({
  name: 'EhrAppointmentWritten',
  version: 1,
  phi: true,
  schema: z.object({
    state: z.enum(['written', 'same', 'not-there']),
    appointmentRef: EhrRef.nullable(),
    /** What the chart says now. */
    appointment: AppointmentState.nullable(),
  }),
})

/** What became of it, for clinical: what hub and chart agree on now, or that they do not. No PHI: our id, a code and times. */
export const AppointmentRecord = defineContract({
  name: 'AppointmentRecord',
  version: 1,
  phi: false,
  schema: z.object({
    visitId: z.uuid(),
    outcome: z.enum(['agreed', 'not-there', 'changed-there', 'refused']),
    appointment: AppointmentState.nullable(),
    codes: z.array(z.string().max(60)).max(20),
  }),
})

/** FHIR R4 Appointment.status, all of them. */
// biome-ignore format: a list
export const ehrAppointmentStatuses = [
  'proposed', 'pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error', 'checked-in', 'waitlist',
] as const
export type EhrAppointmentStatus = (typeof ehrAppointmentStatuses)[number]
/** What the EHR says of an appointment of ours. Our id, a code and times: no PHI. */
export const EhrAppointmentSeen = defineContract({
  name: 'EhrAppointmentSeen',
  version: 1,
  phi: false,
  schema: z.discriminatedUnion('is', [
    z.object({
      is: z.literal('appointment'),
      visitId: z.uuid(),
      status: z.enum(ehrAppointmentStatuses),
      startsAt: IsoDateTime.nullable(),
      endsAt: IsoDateTime.nullable(),
      /** `meta.versionId`, and when that version was written by the EHR's clock. */
      versionId: z.string().max(64),
      updatedAt: IsoDateTime,
      /** A keyed hash of the patient whom it names (`EhrPatientKey`); null: of nobody, of several, or it was kept before this was asked. */
      patientKey: EhrPatientKey.nullable().default(null),
    }),
    /** One that cannot be read: a code of ours, no values. */
    z.object({ is: z.literal('unreadable'), code: z.string().max(60) }),
  ]),
})
/** The same with where it stood: which kept page, and which of its entries. */
export const EhrAppointmentReceived = defineContract({
  name: 'EhrAppointmentReceived',
  version: 1,
  phi: false,
  schema: z.object({ itemId: z.uuid(), fileId: z.uuid(), index: z.int().min(0), receivedAt: IsoDateTime, item: EhrAppointmentSeen.schema }),
})

export const ehrEvents = [
  defineEvent({
    type: 'ehr.appointment-seen.v1',
    contract: EhrAppointmentReceived,
    context: 'messaging',
    summary: 'The EHR changed an appointment that is ours.',
  }),
  defineEvent({
    type: 'ehr.writeback-again.v1',
    contract: EligibilityOutcome,
    context: 'clinical',
    summary: 'The chart may not say the newest: it is looked for and written once more.',
  }),
] as const
