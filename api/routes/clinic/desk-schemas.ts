import { consentKinds } from '@heliox/core/compliance'
import { intakeStatuses, VisitContact, VisitContactInput } from '@heliox/core/identity'
import { IsoDate, LanguageTag } from '@heliox/core/kit'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { FormView } from '../intake/schemas.ts'
import { MessageShape } from '../messages/schemas.ts'
import { columns, importLimits } from './csv.ts'
import { lineProblems } from './import-lines.ts'
import { JourneyView } from './schemas.ts'

const at = z.iso.datetime()
export const dayRowsMax = 500
const span = z.strictObject({
  /** On the clinic's calendar; today there when it is left out. */
  from: IsoDate.optional(),
  days: z.coerce.number().int().min(1).max(7).default(1),
})
const ofIntake = z.object({ intakeId: z.uuid() })
const ofVisit = z.object({ visitId: z.uuid() })

export const listDay = defineRoute({
  operationId: 'listDay',
  method: 'GET',
  url: '/api/clinic/day',
  tag: 'clinic',
  summary: 'The visits of a day, or of up to seven, as the clinic’s clock counts them; nobody’s name.',
  access: { by: 'session', action: 'visit.list' },
  query: span,
  success: {
    status: 200,
    body: z
      .object({
        from: at,
        to: at,
        items: z.array(
          z
            .object({
              ...{ journey: JourneyView, message: MessageShape.nullable(), contactRevision: z.int(), withdrawn: z.array(z.enum(consentKinds)) },
              ...{ ofAnother: z.boolean(), linkEnded: z.boolean() },
            })
            .meta({ id: 'DeskVisit' }),
        ),
        cut: z.boolean(),
      })
      .meta({ id: 'DeskDay' }),
    description: `By time. \`ofAnother\`: its appointment names another patient by now. \`linkEnded\`: the link opens nothing any more. \`cut\`: there are more than ${dayRowsMax}.`,
  },
})

export const listNames = defineRoute({
  operationId: 'listNames',
  method: 'GET',
  url: '/api/clinic/day/names',
  tag: 'clinic',
  summary: 'Whom the visits of these days are for; one line in the audit for the whole list.',
  access: { by: 'session', action: 'contact.read' },
  query: span,
  success: {
    status: 200,
    body: z
      .object({
        items: z.array(
          VisitContact.pick({ givenName: true, familyName: true, birthDate: true, language: true }).extend({ visitId: z.uuid() }).meta({ id: 'VisitName' }),
        ),
      })
      .meta({ id: 'DeskNames' }),
    description: 'Of those that are known.',
  },
})

/** `source`: whose words they are. */
const ContactView = z
  .object({ contact: VisitContact.nullable(), source: z.enum(['staff', 'patient']).nullable(), version: z.int() })
  .meta({ id: 'ContactOfVisit' })
export const getContact = defineRoute({
  operationId: 'getContact',
  method: 'GET',
  url: '/api/clinic/visits/:visitId/contact',
  tag: 'clinic',
  summary: 'Whom a visit is for and how they are reached. Audited.',
  access: { by: 'session', action: 'contact.read' },
  params: ofVisit,
  success: {
    status: 200,
    body: ContactView,
    description: 'Null: nobody said it yet; what the patient types is told once it was sent. `version` goes into If-Match of the next save.',
  },
  refusals: [404],
})
export const saveContact = defineRoute({
  operationId: 'saveContact',
  method: 'PUT',
  url: '/api/clinic/visits/:visitId/contact',
  tag: 'clinic',
  summary:
    'Say whom a visit is for and how they are reached. Whoever proved to be somebody else has to prove it again; once the form was sent, the visit stays with who sent it.',
  access: { by: 'session', action: 'contact.save' },
  params: ofVisit,
  headers: z.object({ 'if-match': z.string().regex(/^"\d{1,9}"$/, 'must be the version that you saw, in quotes') }),
  body: z
    .strictObject({
      contact: VisitContactInput.nullable(),
      clears: z.boolean().default(false).describe('True: what was typed so far may be cleared, where it may be somebody else’s.'),
    })
    .meta({ id: 'ContactToSave' }),
  success: { status: 200, body: ContactView, description: 'As it is kept: the phone number with its country.' },
  refusals: [404, 409],
})

export const getLink = defineRoute({
  operationId: 'getLink',
  method: 'GET',
  url: '/api/clinic/visits/:intakeId/link',
  tag: 'clinic',
  summary: 'Whether the patient’s link opens; never the link itself.',
  access: { by: 'session', action: 'visit.link' },
  params: ofIntake,
  success: {
    status: 200,
    body: z.object({ status: z.enum(intakeStatuses), canBeSent: z.boolean() }).meta({ id: 'LinkNow' }),
    description: '`submitted`: it leads to the status page.',
  },
  refusals: [404],
})
export const revokeLink = defineRoute({
  operationId: 'revokeLink',
  method: 'DELETE',
  url: '/api/clinic/visits/:intakeId/link',
  tag: 'clinic',
  summary: 'End the patient’s link at once, and what was proved with it. A new one may be made.',
  access: { by: 'session', action: 'visit.link' },
  params: ofIntake,
  success: { status: 204, body: null, description: 'It opens nothing any more.' },
  refusals: [404],
})
export const showCode = defineRoute({
  operationId: 'showCode',
  method: 'POST',
  url: '/api/clinic/visits/:intakeId/code',
  tag: 'clinic',
  summary: 'A code for a patient who stands at the desk and was looked at. Audited; one that was sent before ends.',
  access: { by: 'session', action: 'visit.link' },
  params: ofIntake,
  success: { status: 201, body: z.object({ code: z.string(), expiresAt: at }).meta({ id: 'CodeToShow' }), description: 'Shown once.' },
  refusals: [404],
})

const Line = z
  .object({
    line: z.int(),
    /** `cancelled`: it was booked before, and called off since. */
    is: z.enum(['new', 'booked', 'there', 'cancelled', 'twice', 'wrong']),
    /** As it was read. */
    startsAt: at.nullable(),
    practitioner: z.string().nullable(),
    name: z.string().nullable(),
    problems: z.array(z.object({ column: z.enum(columns).nullable(), problem: z.enum(lineProblems) })),
    /** Whether the link is on its way. Null: it was not to be sent. */
    sent: z.enum(['on-its-way', 'waits', 'not-possible']).nullable(),
  })
  .meta({ id: 'ImportLine' })
export const importVisits = defineRoute({
  operationId: 'importVisits',
  method: 'POST',
  url: '/api/clinic/imports',
  tag: 'clinic',
  summary:
    'Book visits out of a CSV file, or say first what it would do. A line that was booked before books nothing, unless its visit was called off and `anew` names the line; a wrong one keeps out no other.',
  access: { by: 'session', action: 'visit.import' },
  body: z
    .strictObject({
      text: z.string().max(importLimits.fileCharsMax),
      dryRun: z.boolean(),
      sendLinks: z.boolean().default(false),
      anew: z.array(z.int()).max(importLimits.linesMax).default([]),
    })
    .meta({ id: 'VisitImport' }),
  success: {
    status: 200,
    body: z
      .object({
        refused: z
          .object({ problem: z.enum(['empty', 'too-many-lines', 'missing-columns', 'same-column-twice', 'not-csv']), columns: z.array(z.enum(columns)) })
          .nullable(),
        lines: z.array(Line),
        /** Columns of the file that mean nothing here. */
        ignored: z.int(),
      })
      .meta({ id: 'ImportResult' }),
    description: 'Line by line. `refused`: the file as a whole, and nothing was booked.',
  },
  refusals: [409],
})

export const getPaper = defineRoute({
  operationId: 'getPaper',
  method: 'GET',
  url: '/api/clinic/paper',
  tag: 'clinic',
  summary: 'What a form on paper needs: the clinic, the texts that are signed, and its own questions.',
  access: { by: 'session', action: 'visit.list' },
  success: {
    status: 200,
    body: z
      .object({
        name: z.string(),
        phone: z.string(),
        timeZone: z.string(),
        country: z.string().nullable(),
        languages: z.array(LanguageTag),
        consents: z.array(z.object({ kind: z.enum(consentKinds), language: LanguageTag, title: z.string(), body: z.string() })),
        forms: z.array(FormView),
      })
      .meta({ id: 'PaperParts' }),
    description: 'As they are in force now.',
  },
})

export const deskRoutes = [listDay, listNames, getContact, saveContact, getLink, revokeLink, showCode, importVisits, getPaper] as const
