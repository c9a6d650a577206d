import { incidentKinds, incidentReasons, incidentStatuses, resolveReasons } from '@heliox/core/messaging'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { Cursor, PageLimit } from '../../kit/schemas.ts'

export const IncidentItem = z
  .object({
    id: z.uuid(),
    kind: z.enum(incidentKinds),
    partner: z.string(),
    payerId: z.string().nullable(),
    payerName: z.string().nullable(),
    /** An id or code of ours, never a patient's. */
    about: z.object({ is: z.enum(['batch', 'file', 'payer', 'request', 'partner', 'refund', 'visit', 'plan', 'charge', 'payment']), id: z.string() }),
    /** How often it happened; for a silence, how many inquiries wait. */
    count: z.int(),
    status: z.enum(incidentStatuses),
    openedAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
    reason: z.enum(incidentReasons).nullable(),
    closedBy: z.string().nullable(),
    /** It left inquiries that nobody asks again by itself. */
    canSendAgain: z.boolean(),
  })
  .meta({ id: 'IncidentItem' })

const incidentId = z.object({ incidentId: z.uuid() })

export const listIncidents = defineRoute({
  operationId: 'listIncidents',
  method: 'GET',
  url: '/api/ops/incidents',
  tag: 'ops',
  summary: 'What went wrong with many at once: open ones oldest first, resolved ones newest first.',
  access: { by: 'session', action: 'incident.list' },
  query: z.strictObject({
    status: z.enum(incidentStatuses).default('open'),
    kind: z.enum(incidentKinds).optional(),
    cursor: Cursor,
    limit: PageLimit,
  }),
  success: {
    status: 200,
    body: z.object({ items: z.array(IncidentItem), total: z.int(), nextCursor: z.string().nullable() }).meta({ id: 'IncidentPage' }),
    description: 'One page.',
  },
})

export const closeIncident = defineRoute({
  operationId: 'closeIncident',
  method: 'POST',
  url: '/api/ops/incidents/:incidentId/close',
  tag: 'ops',
  summary: 'Say why nothing more is to be done. The same cause opens another one when it comes again.',
  access: { by: 'session', action: 'incident.close' },
  params: incidentId,
  body: z.strictObject({ reason: z.enum(resolveReasons) }),
  success: { status: 200, body: z.object({ incidentId: z.uuid() }).meta({ id: 'IncidentClosed' }), description: 'Closed.' },
  refusals: [404, 409],
})

export const sendIncidentAgain = defineRoute({
  operationId: 'sendIncidentAgain',
  method: 'POST',
  url: '/api/ops/incidents/:incidentId/send-again',
  tag: 'ops',
  summary: 'The inquiries that it left unsent go with the next batch, under new numbers, and it is closed.',
  access: { by: 'session', action: 'incident.send-again' },
  params: incidentId,
  success: {
    status: 200,
    body: z.object({ incidentId: z.uuid(), inquiries: z.int() }).meta({ id: 'IncidentSentAgain' }),
    description: 'How many inquiries wait for the next batch now.',
  },
  refusals: [404, 409],
})

export const incidentRoutes = [listIncidents, closeIncident, sendIncidentAgain] as const
