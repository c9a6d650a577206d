import { VisitDetails } from '@heliox/core/clinical'
import { uploadKinds, uploadStatuses, uploadTypes } from '@heliox/core/media'
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
  body: VisitDetails.meta({ id: 'VisitDetails' }),
  success: {
    status: 201,
    body: z
      .object({ visitId: z.uuid(), intakeId: z.uuid(), reference: z.string(), patientUrl: z.url(), expiresAt: z.iso.datetime() })
      .meta({ id: 'VisitCreated' }),
    description: 'The link is shown once; only its hash is kept.',
  },
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
        items: z.array(z.object({ id: z.uuid(), kind: z.enum(uploadKinds), status: z.enum(uploadStatuses), reason: z.string().nullable() })),
      })
      .meta({ id: 'PhotoList' }),
    description: 'The photos.',
  },
})

export const getPhotoUrl = defineRoute({
  operationId: 'getPhotoUrl',
  method: 'GET',
  url: '/api/clinic/photos/:uploadId/url',
  tag: 'clinic',
  summary: 'A short-lived URL of a photo that was found clean; every call is audited.',
  access: { by: 'session', action: 'photo.read' },
  params: z.object({ uploadId: z.uuid() }),
  success: {
    status: 200,
    body: z.object({ url: z.url(), contentType: z.enum(uploadTypes), expiresAt: z.iso.datetime() }).meta({ id: 'PhotoUrl' }),
    description: 'Where to fetch it.',
  },
  refusals: [404],
})

export const clinicRoutes = [createVisit, createLink, listVisits, listPhotos, getPhotoUrl] as const
