import { eligibilityStates, paymentStates } from '@heliox/core/billing'
import { Form, Payer } from '@heliox/core/catalog'
import { appointmentStatuses } from '@heliox/core/clinical'
import { ConsentText } from '@heliox/core/compliance'
import { IntakeSubmission, intakeStatuses, PatientAnswers, VisitContact } from '@heliox/core/identity'
import { LanguageTag } from '@heliox/core/kit'
import { uploadKinds, uploadStatuses, uploadTypes } from '@heliox/core/media'
import { messageKeys, stateTones } from '@heliox/core/messages'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { IdempotencyKeyHeader, JsonSchema } from '../../kit/schemas.ts'

export const ClinicView = z
  .object({
    name: z.string(),
    phone: z.string(),
    brandColour: z.string(),
    logoUrl: z.string().nullable(),
    timeZone: z.string(),
    /** ISO 3166-1 alpha-2: what its patients need not say of a phone number or an address. Null: they are asked. */
    country: z.string().nullable(),
    languages: z.array(LanguageTag).min(1),
  })
  .meta({ id: 'ClinicView' })
export const VisitView = z
  .object({ startsAt: z.iso.datetime(), endsAt: z.iso.datetime(), practitioner: z.string(), status: z.enum(appointmentStatuses) })
  .meta({ id: 'VisitView' })
const Texts = z.array(ConsentText)
const inEachLanguage = <Of extends z.ZodType>(of: Of) => z.object({ en: of, es: of, de: of, fr: of } satisfies Record<LanguageTag, Of>)

/** JSON Schema, as little of it as the screens draw, and its words by language. */
export const FormView = z.object({ ...Form.shape, schema: JsonSchema }).meta({ id: 'IntakeForm' })

/** Everything the form needs in one answer: a language switch or a lost connection in the middle asks for nothing more. */
export const IntakeView = z
  .object({
    intakeId: z.uuid(),
    reference: z.string(),
    status: z.enum(intakeStatuses),
    expiresAt: z.iso.datetime(),
    statusUrl: z.url(),
    clinic: ClinicView,
    visit: VisitView,
    payers: z.array(Payer),
    /** In the languages that the clinic offers; the others have none. */
    consentTexts: inEachLanguage(Texts),
    /** What stands in a text in place of `{code}`, and is typed to show that it could be read. */
    accessCode: z.string(),
    /** The partner's script runs in the browser and answers with a confirmation token; null when the clinic keeps nothing to pay with. */
    card: z.object({ scriptUrl: z.url(), publishableKey: z.string(), bankAccounts: z.boolean(), currency: z.string().length(3) }).nullable(),
    /** The clinic's own questions, all of them to be answered. */
    forms: z.array(FormView),
    /** What was typed so far, on whichever device; the version goes into If-Match of the next save. */
    draft: z.object({ version: z.int(), savedAt: z.iso.datetime(), data: z.record(z.string(), z.unknown()) }).nullable(),
    draftVersion: z.int(),
    /** As the clinic knows them, for a browser that proved itself. */
    contact: VisitContact.nullable(),
    /** What the same patient sent last time, to be offered, never taken over unseen. */
    previous: z.object({ answers: PatientAnswers.schema, givenAt: z.iso.datetime() }).nullable(),
    uploads: z.array(z.object({ id: z.uuid(), kind: z.enum(uploadKinds), status: z.enum(uploadStatuses) })),
    limits: z.object({ uploadBytesMax: z.int(), uploadsMax: z.int(), uploadTypes: z.array(z.enum(uploadTypes)) }),
  })
  .meta({ id: 'IntakeView' })

/** One line of the status page: a tone (icon and colour) and keys of the message catalogue. */
export const StatusLine = z
  .object({
    subject: z.enum(['visit', 'intake', 'insurance', 'card', 'payment', 'photos']),
    tone: z.enum(stateTones),
    what: z.enum(messageKeys),
    meaning: z.enum(messageKeys),
    todo: z.enum(messageKeys),
    /** The time that the texts name. */
    when: z.iso.datetime().nullable(),
  })
  .meta({ id: 'StatusLine' })

const PlanText = z.object({ lines: z.array(z.string()), sha256: z.string() })
export const StatusView = z
  .object({
    intakeId: z.uuid(),
    reference: z.string(),
    clinic: ClinicView,
    visit: VisitView,
    intake: z.enum(intakeStatuses),
    eligibility: z.enum(eligibilityStates).nullable(),
    payment: z.enum(paymentStates).nullable(),
    photos: z.object({ expected: z.int(), clean: z.int(), rejected: z.int() }),
    lines: z.array(StatusLine),
    /** The patient is asked to put details right: there is a form for it. */
    correction: z.boolean(),
    /** The bank has a page where the patient confirms the method. */
    confirm: z.boolean(),
    /** A charge that the bank wants the patient to confirm, until when. */
    charge: z.object({ amountMinor: z.int(), currency: z.string(), until: z.iso.datetime() }).nullable(),
    /** The clinic asks for another card or account, and one may be left now. */
    leaveMethod: z.boolean(),
    /** What was charged and what goes back, newest first. */
    moves: z.array(
      z.object({
        is: z.enum(['charge', 'refund']),
        state: z.enum(['under-way', 'done', 'failed']),
        amountMinor: z.int(),
        currency: z.string(),
        at: z.iso.datetime(),
      }),
    ),
    /** Of the payment plan that the patient agreed to: what is charged next. */
    nextPart: z.object({ amountMinor: z.int(), currency: z.string(), dueOn: z.iso.date() }).nullable(),
    /** A payment plan that waits for the patient: the words to agree to, in each language, and their hash. */
    plan: z.object({ id: z.uuid(), terms: inEachLanguage(PlanText) }).nullable(),
    /** Nothing more is going to change by itself. */
    settled: z.boolean(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'StatusView' })
export type StatusView = z.output<typeof StatusView>

export const openIntake = defineRoute({
  operationId: 'openIntake',
  method: 'GET',
  url: '/api/intake',
  tag: 'intake',
  summary: 'What the form needs; the first call marks the intake as opened.',
  access: { by: 'link', action: 'intake.read' },
  success: { status: 200, body: IntakeView, description: 'The intake.' },
  refusals: [404, 410],
})

export const submitIntake = defineRoute({
  operationId: 'submitIntake',
  method: 'POST',
  url: '/api/intake/submit',
  tag: 'intake',
  summary:
    'Send the form. Repeating it with the same key and body gives the same answer. The link asks for the proof from then on; this browser has it, as a cookie.',
  // Before the proof a form is taken at no link that asks for it; only the repeat of one that was sent gets its answer.
  access: { by: 'link', action: 'intake.submit', before: 'proof', remembered: true },
  headers: IdempotencyKeyHeader,
  body: IntakeSubmission.meta({ id: 'IntakeSubmission' }),
  success: {
    status: 202,
    body: z.object({ reference: z.string(), statusUrl: z.url() }).meta({ id: 'IntakeAccepted' }),
    description: 'Stored; everything else follows.',
  },
  refusals: [404, 409, 410],
})

export const getStatus = defineRoute({
  operationId: 'getStatus',
  method: 'GET',
  url: '/api/intake/status',
  tag: 'intake',
  summary: 'Where things stand, in codes and message keys.',
  access: { by: 'link', action: 'status.read' },
  success: { status: 200, body: StatusView, description: 'The status.' },
  refusals: [404, 410],
})

export const streamStatus = defineRoute({
  operationId: 'streamStatus',
  method: 'GET',
  url: '/api/intake/status/stream',
  tag: 'intake',
  summary: 'Server-sent events: `status` at once and after every change; a comment line as heartbeat.',
  access: { by: 'link', action: 'status.read' },
  success: { status: 200, body: StatusView, description: 'text/event-stream; the data of each event is a StatusView.' },
  stream: true,
  refusals: [404, 410],
})

export const intakeRoutes = [openIntake, submitIntake, getStatus, streamStatus] as const
