import { consentKinds, withdrawalWays } from '@heliox/core/compliance'
import { genders, guardianRelationships } from '@heliox/core/identity'
import { IsoDate, PayerSex } from '@heliox/core/kit'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const at = z.iso.datetime()

export const listVisitConsents = defineRoute({
  operationId: 'listVisitConsents',
  method: 'GET',
  url: '/api/clinic/visits/:intakeId/consents',
  tag: 'clinic',
  summary: 'What the patient agreed to, and what of it they took back; who signed is in the receipt, a PDF at …/receipt.',
  access: { by: 'session', action: 'visit.list' },
  params: z.object({ intakeId: z.uuid() }),
  success: {
    status: 200,
    body: z
      .object({
        items: z.array(
          z.object({
            ...{ kind: z.enum(consentKinds), title: z.string(), signedAt: at, withdrawnAt: at.nullable() },
            /** Who of the clinic wrote down that it was taken back, and how the patient said it. Null: nobody did, or the patient took it back themselves. */
            recorded: z.object({ name: z.string().nullable(), cameBy: z.enum(withdrawalWays) }).nullable(),
          }),
        ),
      })
      .meta({ id: 'ConsentsOfVisit' }),
    description: 'Empty until the form was sent.',
  },
  refusals: [404],
})

export const recordWithdrawal = defineRoute({
  operationId: 'recordWithdrawal',
  method: 'POST',
  url: '/api/clinic/visits/:intakeId/consents/:consentKind/withdrawal',
  tag: 'clinic',
  summary:
    'Record that the patient takes a consent back, by phone, at the counter or by letter; also after their link has ended. What follows is the same as on their own page. Audited; repeating it changes nothing.',
  access: { by: 'session', action: 'consent.record-withdrawal' },
  params: z.object({ intakeId: z.uuid(), consentKind: z.enum(consentKinds) }),
  body: z.strictObject({ cameBy: z.enum(withdrawalWays) }).meta({ id: 'WithdrawalToRecord' }),
  success: { status: 204, body: null, description: 'It is taken back from now on. Nobody at the clinic can undo it: the patient agrees anew.' },
  refusals: [404],
})

const name = { givenName: z.string(), familyName: z.string() }
const insurance = z.object({
  /** As the clinic’s list calls it, or in the patient’s own words. */
  payer: z.string().nullable(),
  listed: z.boolean(),
  memberId: z.string(),
  groupNumber: z.string().nullable(),
})
export const openDeskAnswers = defineRoute({
  operationId: 'openDeskAnswers',
  method: 'POST',
  url: '/api/clinic/visits/:intakeId/answers',
  tag: 'clinic',
  summary: 'What the patient wrote, for the front desk: insurance, who signs for them, how they are addressed. Audited.',
  access: { by: 'session', action: 'answers.read' },
  params: z.object({ intakeId: z.uuid() }),
  success: {
    status: 200,
    body: z
      .object({
        payerSex: PayerSex,
        gender: z.enum(genders).nullable(),
        guardian: z.object({ ...name, relationship: z.enum(guardianRelationships) }).nullable(),
        insurance,
        secondary: insurance.extend({ nameOnCard: z.object(name).nullable() }).nullable(),
        /** Of the first insurance. */
        nameOnCard: z.object(name).nullable(),
        noCard: z.boolean(),
      })
      .meta({ id: 'DeskAnswers' }),
    description: 'As they are now, corrections included.',
  },
  refusals: [404],
})

const accessDaysMax = 92
export const accessLinesMax = 200
/** Of the whole clinic, of which a few are about this visit: 30 µs a line on a busy machine, so that no statement runs into its time limit. */
export const accessReadMax = 100_000
export const listAccesses = defineRoute({
  operationId: 'listAccesses',
  method: 'GET',
  url: '/api/clinic/visits/:visitId/accesses',
  tag: 'clinic',
  summary: 'What the audit says of this visit and its patient: who saw or changed what, and when. Itself audited.',
  access: { by: 'session', action: 'audit.read' },
  params: z.object({ visitId: z.uuid() }),
  query: z.strictObject({
    /** The last day that counts, on the clinic’s calendar; today there when it is left out. */
    until: IsoDate.optional(),
    days: z.coerce.number().int().min(1).max(accessDaysMax).default(30),
  }),
  success: {
    status: 200,
    body: z
      .object({
        from: at,
        to: at,
        items: z.array(
          z.object({
            at,
            /** A name of staff; else which process, or that it was the patient. */
            actor: z.object({ kind: z.enum(['user', 'patient', 'service', 'service-account']), name: z.string().nullable() }),
            action: z.string(),
            purpose: z.string().nullable(),
            outcome: z.enum(['ok', 'denied', 'error']),
            /** How many visits the same line is about. */
            subjects: z.int(),
          }),
        ),
        cut: z.boolean(),
        whole: z.boolean(),
      })
      .meta({ id: 'AccessList' }),
    description: `The newest first. \`cut\`: there are more than ${accessLinesMax}; ask for fewer days. Not \`whole\`: the log of these days is longer than is read at once, and nothing before \`from\` was looked at; ask again with an earlier \`until\`.`,
  },
  refusals: [404],
})

export const oneVisitRoutes = [listVisitConsents, recordWithdrawal, openDeskAnswers, listAccesses] as const
