import { JourneyStep } from '@heliox/core/reporting'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { PageLimit } from '../../kit/schemas.ts'
import { JourneyView } from '../clinic/schemas.ts'
import { itemRoutes } from './item-routes.ts'

export { OverrideItem } from './items.ts'

export const getJourney = defineRoute({
  operationId: 'getJourney',
  method: 'GET',
  url: '/api/ops/intakes/:intakeId/journey',
  tag: 'ops',
  summary: 'What happened to one intake, step by step.',
  access: { by: 'session', action: 'journey.read' },
  params: z.object({ intakeId: z.uuid() }),
  success: {
    status: 200,
    body: z.object({ journey: JourneyView, steps: z.array(JourneyStep.meta({ id: 'JourneyStep' })) }).meta({ id: 'JourneyTimeline' }),
    description: 'The timeline.',
  },
  refusals: [404],
})

export const streamJourneys = defineRoute({
  operationId: 'streamJourneys',
  method: 'GET',
  url: '/api/ops/journeys/stream',
  tag: 'ops',
  summary: 'Server-sent events: `change` with the id of every intake of this clinic that changed.',
  access: { by: 'session', action: 'journey.read' },
  success: {
    status: 200,
    body: z.object({ intakeId: z.uuid() }).meta({ id: 'JourneyChange' }),
    description: 'text/event-stream; the data of each event is a JourneyChange.',
  },
  stream: true,
})

const DeadLetterView = z
  .object({
    id: z.string(),
    queue: z.string(),
    type: z.string().nullable(),
    intakeId: z.uuid().nullable(),
    reason: z.string().nullable(),
    diedAt: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' })

export const listDeadLetters = defineRoute({
  operationId: 'listDeadLetters',
  method: 'GET',
  url: '/api/ops/dead-letters',
  tag: 'ops',
  summary: 'Deliveries the bus gave up on.',
  access: { by: 'session', action: 'dead-letter.list' },
  query: z.strictObject({ limit: PageLimit }),
  success: { status: 200, body: z.object({ items: z.array(DeadLetterView) }).meta({ id: 'DeadLetterList' }), description: 'This clinic’s.' },
})

export const requeueDeadLetter = defineRoute({
  operationId: 'requeueDeadLetter',
  method: 'POST',
  url: '/api/ops/dead-letters/requeue',
  tag: 'ops',
  summary: 'Give one back to its queue.',
  access: { by: 'session', action: 'dead-letter.requeue' },
  body: z.strictObject({ queue: z.string().max(80), id: z.string().min(1).max(120) }),
  success: { status: 202, body: z.object({ id: z.string() }).meta({ id: 'DeadLetterRequeued' }), description: 'Back in its queue.' },
  refusals: [404],
})

export const opsRoutes = [...itemRoutes, getJourney, streamJourneys, listDeadLetters, requeueDeadLetter] as const
