import { Payer } from '@heliox/core/catalog'
import { CorrectionHints, correctableFields, openableFields, PatientCorrection } from '@heliox/core/identity'
import { inputPurposes } from '@heliox/core/messaging'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { IdempotencyKeyHeader } from '../../kit/schemas.ts'
import { ClinicView, VisitView } from '../intake/schemas.ts'

const Field = z.enum(correctableFields)

/** What the patient is asked to put right. Of what is there only as much as helps to find the mistake: the link may be in a stranger's hand. */
export const CorrectionView = z
  .object({
    reference: z.string(),
    statusUrl: z.url(),
    clinic: ClinicView,
    visit: VisitView,
    fields: z.array(Field),
    /** The insurer did not recognise it, or a person of the clinic asks. */
    askedBy: z.enum(['payer-answer', 'staff']),
    hints: CorrectionHints,
    /** To choose from when the insurer is asked for. */
    payers: z.array(Payer),
    /** How often this can still be sent. */
    left: z.int(),
  })
  .meta({ id: 'CorrectionView' })

export const openCorrection = defineRoute({
  operationId: 'openCorrection',
  method: 'GET',
  url: '/api/intake/correction',
  tag: 'intake',
  summary: 'What the insurer did not recognise, for the patient to put right.',
  access: { by: 'link', action: 'intake.correct' },
  success: { status: 200, body: CorrectionView, description: 'What is asked.' },
  refusals: [404, 409, 410],
})

export const submitCorrection = defineRoute({
  operationId: 'submitCorrection',
  method: 'POST',
  url: '/api/intake/correction',
  tag: 'intake',
  summary: 'Put details right; the insurer is asked again. Repeating it with the same key and body gives the same answer.',
  access: { by: 'link', action: 'intake.correct' },
  headers: IdempotencyKeyHeader,
  body: PatientCorrection.meta({ id: 'PatientCorrection' }),
  success: {
    status: 202,
    body: z.object({ reference: z.string(), statusUrl: z.url() }).meta({ id: 'CorrectionAccepted' }),
    description: 'Stored; the insurer is asked again.',
  },
  refusals: [404, 409, 410],
})

export const openAnswers = defineRoute({
  operationId: 'openAnswers',
  method: 'POST',
  url: '/api/ops/intakes/:intakeId/answers',
  tag: 'ops',
  summary: 'The details that a person is about to put right, or asks a payer about, for a named purpose; audited.',
  access: { by: 'session', action: 'answers.open' },
  params: z.object({ intakeId: z.uuid() }),
  body: z.strictObject({ purpose: z.enum(inputPurposes), fields: z.array(z.enum(openableFields)).min(1).max(openableFields.length) }),
  success: {
    status: 200,
    body: z.object({ values: z.partialRecord(z.enum(openableFields), z.string()) }).meta({ id: 'OpenedAnswers' }),
    description: 'Exactly these fields.',
  },
  refusals: [404],
})

export const correctionRoutes = [openCorrection, submitCorrection, openAnswers] as const
