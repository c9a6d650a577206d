import { z } from 'zod'
import { defineContract, defineEvent } from '../kit/index.ts'
import { correctableFields } from './corrections.ts'
import { codeChannels } from './proof.ts'

export const IntakeCreated = defineContract({
  name: 'IntakeCreated',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), visitId: z.uuid(), expiresAt: z.iso.datetime() }),
})
export const IntakeOpened = defineContract({
  name: 'IntakeOpened',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), visitId: z.uuid() }),
})
export const IntakeSubmitted = defineContract({
  name: 'IntakeSubmitted',
  version: 1,
  phi: false,
  schema: z.object({
    intakeId: z.uuid(),
    patientId: z.uuid(),
    visitId: z.uuid(),
    payerId: z.string().max(40),
    payerName: z.string().max(60),
    /** The day of the visit in the clinic's zone. */
    serviceDate: z.iso.date(),
    uploadIds: z.array(z.uuid()).max(4),
    consents: z.array(z.object({ textId: z.uuid(), textSha256: z.string().length(64) })).max(6),
    signatureDocumentId: z.uuid(),
    confirmationTokenId: z.string().max(100).nullable(),
    submittedAt: z.iso.datetime(),
  }),
})

/** Names of fields, never what is in them. */
const fieldNames = z.array(z.enum(correctableFields)).max(correctableFields.length)
export const CorrectionAsked = defineContract({
  name: 'CorrectionAsked',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), fields: fieldNames.min(1), askedBy: z.enum(['payer-answer', 'staff']) }),
})
export const IntakeCorrected = defineContract({
  name: 'IntakeCorrected',
  version: 1,
  phi: false,
  schema: z.object({
    intakeId: z.uuid(),
    patientId: z.uuid(),
    visitId: z.uuid(),
    correctionId: z.uuid(),
    by: z.enum(['patient', 'staff']),
    fields: fieldNames.min(1),
    /** The insurer, when it is another one now. */
    payer: z.object({ id: z.string().max(40), name: z.string().max(60) }).nullable(),
    correctedAt: z.iso.datetime(),
  }),
})

/** Somebody with the link asks for a code. It lies sealed with the hub; whoever sends it opens it then. */
export const CodeAsked = defineContract({
  name: 'CodeAsked',
  version: 1,
  phi: false,
  schema: z.object({ intakeId: z.uuid(), visitId: z.uuid(), codeId: z.uuid(), channel: z.enum(codeChannels), expiresAt: z.iso.datetime() }),
})

export const identityEvents = [
  defineEvent({ type: 'intake.created.v1', contract: IntakeCreated, context: 'identity', summary: 'A link exists for a visit.' }),
  defineEvent({ type: 'intake.opened.v1', contract: IntakeOpened, context: 'identity', summary: 'The patient opened the link for the first time.' }),
  defineEvent({ type: 'intake.submitted.v1', contract: IntakeSubmitted, context: 'identity', summary: 'The patient sent the form (H-22).' }),
  defineEvent({
    type: 'intake.correction-asked.v1',
    contract: CorrectionAsked,
    context: 'identity',
    summary: 'The patient is asked to put details right; the link leads to them.',
  }),
  defineEvent({
    type: 'intake.code-asked.v1',
    contract: CodeAsked,
    context: 'identity',
    summary: 'A code is asked for, with which the patient proves who they are.',
  }),
  defineEvent({ type: 'intake.corrected.v1', contract: IntakeCorrected, context: 'identity', summary: 'Details that the payer goes by were put right.' }),
] as const
