import { z } from 'zod'
import { Address, AddressAnswer, defineContract, IsoDate, LanguageTag, PayerSex, Text } from '../kit/index.ts'

/** Life of one intake. Forward only: `created -> opened -> submitted`; `expired` and `revoked` end it before a submit. */
export const intakeStatuses = ['created', 'opened', 'submitted', 'expired', 'revoked'] as const
export const roles = ['admin', 'front-desk', 'ops', 'analyst'] as const
export type Role = (typeof roles)[number]
export const regions = ['us-east', 'eu-west'] as const

/** FHIR administrative-gender: how the patient is addressed and written of. What the payer is told is `payerSex`, as it stands in the plan. */
export const genders = ['female', 'male', 'other', 'unknown'] as const
export const guardianRelationships = ['parent', 'guardian', 'other'] as const

const MemberId = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9-]{2,30}$/, 'must be letters and digits, as on the card')
const GroupNumber = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9 -]{1,30}$/)
const PayerId = z.string().max(40)
/** As one card has it, where it differs from the patient's own: said of that card, and of no other. */
const NameOnCard = z
  .object({ givenName: Text(35), familyName: Text(60) })
  .nullable()
  .default(null)
/** The insurer in the patient's own words, where the list has none. */
export const PayerText = Text(80)
/** Answers to one of the clinic's own forms; its schema is checked where the form is known. */
const FormAnswers = z.record(z.string().max(60), z.unknown())

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
      .regex(/^\+?[0-9 ()./-]{7,20}$/, 'must be a phone number'),
    email: z.email().max(120).nullable().default(null),
    address: Address,
    payerId: PayerId,
    memberId: MemberId,
    groupNumber: GroupNumber.nullable().default(null),
    /** On the first insurance's card: its payer is asked by this name, the chart keeps the patient's own. */
    nameOnCard: NameOnCard,
    gender: z.enum(genders).nullable().default(null),
    /** Who signs for a patient who is under age. */
    guardian: z
      .object({ givenName: Text(35), familyName: Text(60), relationship: z.enum(guardianRelationships) })
      .nullable()
      .default(null),
    /** The insurance that pays after the first. */
    secondary: z
      .object({
        payerId: PayerId.nullable().default(null),
        payerText: PayerText.nullable().default(null),
        memberId: MemberId,
        groupNumber: GroupNumber.nullable().default(null),
        /** On this one's card. */
        nameOnCard: NameOnCard,
      })
      .nullable()
      .default(null),
    /** With `payerId: 'not-listed'`: no payer is asked, a person is. */
    payerText: PayerText.nullable().default(null),
    /** Typed from memory or a letter: there is no card to take a photo of. */
    noCard: z.boolean().default(false),
    forms: z
      .record(z.string().max(40), FormAnswers)
      .refine((forms) => Object.keys(forms).length <= 10, { error: 'must be at most 10 forms' })
      .default({}),
    /** Which version of each was read and answered. A form that was sent before it was said has none. */
    formVersions: z
      .record(z.string().max(40), z.int().min(1).max(1_000_000_000))
      .refine((versions) => Object.keys(versions).length <= 10, { error: 'must be at most 10 forms' })
      .default({}),
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
  /** The code that stands in a text which asks for it: the signer could read it on their device. */
  accessCode: z.string().trim().max(10).nullable().default(null),
})

/** The body of a submit (H-1). Card numbers are no part of it: only the confirmation token that the browser got from Stripe. */
export const IntakeSubmission = z.strictObject({
  answers: PatientAnswers.schema.extend({ address: AddressAnswer }),
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
