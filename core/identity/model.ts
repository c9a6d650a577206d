import { z } from 'zod'
import { Address, defineContract, IsoDate, LanguageTag, PayerSex, Text } from '../kit/index.ts'

/** Life of one intake. Forward only: `created -> opened -> submitted`; `expired` and `revoked` end it before a submit. */
export const intakeStatuses = ['created', 'opened', 'submitted', 'expired', 'revoked'] as const
export const roles = ['admin', 'front-desk', 'ops', 'analyst'] as const
export type Role = (typeof roles)[number]
export const regions = ['us-east', 'eu-west'] as const

/** What the patient answers. PHI, sealed as one blob in `identity.patient_phi` (C-5). */
export const PatientAnswers = defineContract({
  name: 'PatientAnswers',
  version: 1,
  phi: true,
  schema: z.object({
    givenName: Text(35),
    familyName: Text(60),
    birthDate: IsoDate,
    payerSex: PayerSex,
    phone: z
      .string()
      .trim()
      .regex(/^\+?[0-9 ().-]{7,20}$/, 'must be a phone number'),
    email: z.email().max(120).nullable().default(null),
    address: Address,
    payerId: z.string().max(40),
    memberId: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9-]{2,30}$/, 'must be letters and digits, as on the card'),
    groupNumber: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9 -]{1,30}$/)
      .nullable()
      .default(null),
  }),
})
export type PatientAnswers = z.output<typeof PatientAnswers.schema>
export type PatientField = keyof PatientAnswers

/** Who signed what. The text's hash binds the signature to the exact words shown (ESIGN). */
const ConsentGiven = z.object({ textId: z.uuid(), textSha256: z.string().regex(/^[0-9a-f]{64}$/), granted: z.literal(true) })
export const Signature = z.object({
  typedName: Text(80),
  language: LanguageTag,
  /** Data URL of a drawn signature when one was drawn; a typed name is as good (WCAG 2.5.7). */
  drawing: z
    .string()
    .max(40_000)
    .regex(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/)
    .nullable()
    .default(null),
})

/** The body of a submit (H-1). Card numbers are no part of it: only the confirmation token that the browser got from Stripe. */
export const IntakeSubmission = z.strictObject({
  answers: PatientAnswers.schema,
  consents: z.array(ConsentGiven).min(1).max(6),
  signature: Signature,
  /** Uploads of this intake, completed by the browser. */
  uploadIds: z.array(z.uuid()).max(4),
  confirmationTokenId: z
    .string()
    .regex(/^ctoken_[A-Za-z0-9_]{4,80}$/, 'must be a confirmation token')
    .nullable(),
})
export type IntakeSubmission = z.output<typeof IntakeSubmission>
