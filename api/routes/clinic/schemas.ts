import { appointmentStatuses, cancelReasons, forgetReasons, VisitDetails, visitChangeKinds, visitChangers } from '@heliox/core/clinical'
import { VisitContactInput } from '@heliox/core/identity'
import { uploadKinds, uploadStatuses } from '@heliox/core/media'
import { Journey } from '@heliox/core/reporting'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { Cursor, PageLimit } from '../../kit/schemas.ts'

export const JourneyView = Journey.meta({ id: 'Journey' })

export const createVisit = defineRoute({
  operationId: 'createVisit',
  method: 'POST',
  url: '/api/clinic/visits',
  tag: 'clinic',
  summary: 'Book a visit and make the link for its patient.',
  access: { by: 'session', action: 'visit.create' },
  body: VisitDetails.extend({
    contact: VisitContactInput.optional(),
    visitId: z.uuid().optional().describe('Chosen by who asks: a repeat whose first answer was lost books nothing twice (`visit-booked-already`).'),
  }).meta({ id: 'VisitDetails' }),
  success: {
    status: 201,
    body: z
      .object({ visitId: z.uuid(), intakeId: z.uuid(), reference: z.string(), patientUrl: z.url(), expiresAt: z.iso.datetime() })
      .meta({ id: 'VisitCreated' }),
    description: 'The link is shown once; only its hash is kept. Refused (`visit-not-possible`) while the appointment names another patient.',
  },
  refusals: [409],
})

const at = z.iso.datetime()
const VisitDetailsView = z
  .object({
    visitId: z.uuid(),
    intakeId: z.uuid(),
    status: z.enum(appointmentStatuses),
    startsAt: at,
    endsAt: at,
    practitioner: z.string(),
    revision: z.int(),
    cancelReason: z.enum(cancelReasons).nullable(),
    changeable: z.enum(['yes', 'elsewhere', 'handover']),
    /** Never which one: its number is in the EHR. */
    chart: z.object({ since: at, source: z.enum(['found', 'chosen', 'written', 'told']) }).nullable(),
    /** Where appointments are kept, this one names another patient by now: its link is ended, and no other is made. */
    ofAnother: z.boolean(),
    changes: z.array(
      z.object({
        change: z.enum(visitChangeKinds),
        by: z.enum(visitChangers),
        reason: z.enum(cancelReasons).nullable(),
        fromStartsAt: at,
        startsAt: at,
        at,
      }),
    ),
  })
  .meta({ id: 'VisitNow' })

export const getVisit = defineRoute({
  operationId: 'getVisit',
  method: 'GET',
  url: '/api/clinic/visits/:visitId',
  tag: 'clinic',
  summary: 'One visit as it is now, with what was changed.',
  access: { by: 'session', action: 'visit.list' },
  params: z.object({ visitId: z.uuid() }),
  success: { status: 200, body: VisitDetailsView, description: 'The visit; `revision` goes into If-Match of a change.' },
  refusals: [404],
})

const deskReasons = cancelReasons.filter((reason) => reason !== 'elsewhere')
export const changeVisit = defineRoute({
  operationId: 'changeVisit',
  method: 'POST',
  url: '/api/clinic/visits/:visitId/changes',
  tag: 'clinic',
  summary: 'Move, cancel or reopen a visit, or say that the patient came or did not. The same once more changes nothing.',
  access: { by: 'session', action: 'visit.change' },
  params: z.object({ visitId: z.uuid() }),
  headers: z.object({ 'if-match': z.string().regex(/^"[1-9]\d{0,8}"$/, 'must be the revision that you saw, in quotes') }),
  body: z
    .discriminatedUnion('change', [
      z.strictObject({
        change: z.literal('moved'),
        startsAt: VisitDetails.shape.startsAt,
        minutes: VisitDetails.shape.minutes,
        practitioner: VisitDetails.shape.practitioner.optional(),
      }),
      z.strictObject({ change: z.literal('cancelled'), reason: z.enum(deskReasons) }),
      z.strictObject({ change: z.enum(['no-show', 'fulfilled', 'reopened']) }),
    ])
    .meta({ id: 'VisitChange' }),
  success: { status: 200, body: VisitDetailsView, description: 'The visit as it is now.' },
  refusals: [404, 409],
})

export const forgetChart = defineRoute({
  operationId: 'forgetChart',
  method: 'POST',
  url: '/api/clinic/visits/:visitId/forgotten-charts',
  tag: 'clinic',
  summary: 'Say that the chart is not this patient’s: the next write-back searches again. What was written there stays until it is removed by hand.',
  access: { by: 'session', action: 'visit.change' },
  params: z.object({ visitId: z.uuid() }),
  body: z.strictObject({ knownSince: at, reason: z.enum(forgetReasons) }).meta({ id: 'ChartToForget', description: '`knownSince`: as it was seen.' }),
  success: { status: 200, body: VisitDetailsView, description: 'The visit, without the chart. The same once more changes nothing.' },
  refusals: [404, 409],
})

export const createLink = defineRoute({
  operationId: 'createLink',
  method: 'POST',
  url: '/api/clinic/visits/:intakeId/link',
  tag: 'clinic',
  summary: 'Make another link for the patient; the one before stops working at once.',
  access: { by: 'session', action: 'visit.link' },
  params: z.object({ intakeId: z.uuid() }),
  success: {
    status: 201,
    body: z.object({ patientUrl: z.url(), expiresAt: z.iso.datetime() }).meta({ id: 'LinkCreated' }),
    description: 'The link is shown once; only its hash is kept.',
  },
  refusals: [404, 409],
})

export const listVisits = defineRoute({
  operationId: 'listVisits',
  method: 'GET',
  url: '/api/clinic/visits',
  tag: 'clinic',
  summary: 'Visits and how far their intakes are.',
  access: { by: 'session', action: 'visit.list' },
  query: z.strictObject({ cursor: Cursor, limit: PageLimit }),
  success: {
    status: 200,
    body: z.object({ items: z.array(JourneyView), total: z.int(), nextCursor: z.string().nullable() }).meta({ id: 'VisitPage' }),
    description: 'One page.',
  },
})

export const listPhotos = defineRoute({
  operationId: 'listPhotos',
  method: 'GET',
  url: '/api/clinic/intakes/:intakeId/photos',
  tag: 'clinic',
  summary: 'The card photos of one intake, without their pictures.',
  access: { by: 'session', action: 'photo.read' },
  params: z.object({ intakeId: z.uuid() }),
  success: {
    status: 200,
    body: z
      .object({
        items: z.array(z.object({ id: z.uuid(), kind: z.enum(uploadKinds), status: z.enum(uploadStatuses), reason: z.string().nullable(), sent: z.boolean() })),
      })
      .meta({ id: 'PhotoList' }),
    description: 'The photos; first those that the form names (`sent`).',
  },
})

export const getPhotoUrl = defineRoute({
  operationId: 'getPhotoUrl',
  method: 'GET',
  url: '/api/clinic/photos/:uploadId/url',
  tag: 'clinic',
  summary: 'Short-lived URLs, on this origin and for this session, of a clean photo of a form that was sent; every call is audited.',
  access: { by: 'session', action: 'photo.read' },
  params: z.object({ uploadId: z.uuid() }),
  success: {
    status: 200,
    body: z.object({ url: z.string(), thumbUrl: z.string(), contentType: z.literal('image/jpeg'), expiresAt: z.iso.datetime() }).meta({ id: 'PhotoUrl' }),
    description: 'Where to fetch it.',
  },
  refusals: [404, 409],
})

export const clinicRoutes = [createVisit, getVisit, changeVisit, forgetChart, createLink, listVisits, listPhotos, getPhotoUrl] as const
