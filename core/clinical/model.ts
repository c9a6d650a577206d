import { z } from 'zod'
import { Address, defineContract, IsoDate, IsoDateTime, PayerSex, Text } from '../kit/index.ts'

/** FHIR R4 Appointment.status, the ones the hub uses. */
export const appointmentStatuses = ['proposed', 'booked', 'cancelled', 'noshow', 'fulfilled'] as const
/** What the hub knows of the write-back of one visit. */
export const writebackStatuses = ['none', 'written', 'refused', 'with-our-team'] as const

/** The id of a FHIR resource. */
export const FhirId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'must be an id of the EHR: letters, digits, . and -')

export const VisitDetails = z.strictObject({
  startsAt: IsoDateTime,
  minutes: z.int().min(5).max(240).default(20),
  /** Shown to the patient. */
  practitioner: Text(80),
  /** The EHR's own id of the patient, where whoever books knows it: the visit then goes into that chart. Sealed like the patient's name. */
  ehrPatientId: FhirId.optional(),
})

/** Everything the EHR gets for one visit, in one transaction bundle (H-3). PHI. */
export const EhrVisit = defineContract({
  name: 'EhrVisit',
  version: 1,
  phi: true,
  schema: z.object({
    /** Our ids; they become `identifier` values under the connection's identifier system. */
    patientId: z.uuid(),
    visitId: z.uuid(),
    coverageId: z.uuid(),
    givenName: Text(35),
    familyName: Text(60),
    birthDate: IsoDate,
    payerSex: PayerSex,
    phone: z.string(),
    email: z.string().nullable(),
    address: Address,
    payerId: z.string(),
    payerName: z.string(),
    memberId: z.string(),
    groupNumber: z.string().nullable(),
    /** FHIR Coverage.status from the verdict: active -> active, inactive -> cancelled, anything else -> draft. */
    coverageStatus: z.enum(['active', 'cancelled', 'draft']),
    startsAt: IsoDateTime,
    endsAt: IsoDateTime,
    practitioner: z.string(),
  }),
})
/** The EHR's own ids of what was written. */
export const EhrWritten = defineContract({
  name: 'EhrWritten',
  version: 1,
  phi: true,
  schema: z.object({ patientRef: z.string().max(80), coverageRef: z.string().max(80), appointmentRef: z.string().max(80) }),
})
/** The EHR said no: OperationOutcome codes and paths, no values. */
export const EhrRefused = defineContract({
  name: 'EhrRefused',
  version: 1,
  phi: false,
  schema: z.object({ codes: z.array(z.string().max(60)).max(20), paths: z.array(z.string().max(120)).max(20) }),
})

/** What clinical stores of a write-back; references only. */
export const WritebackRecord = defineContract({
  name: 'WritebackRecord',
  version: 1,
  phi: true,
  schema: z.object({
    intakeId: z.uuid(),
    patientId: z.uuid(),
    visitId: z.uuid(),
    outcome: z.enum(['written', 'refused']),
    refs: EhrWritten.schema.nullable(),
    codes: z.array(z.string().max(60)).max(20),
  }),
})
