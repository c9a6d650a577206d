import { holdCauses, inputPurposes, overrideStatuses, owners, ResolveOverride, resolutions } from '@heliox/core/messaging'
import { JourneyStep } from '@heliox/core/reporting'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { Cursor, JsonSchema, PageLimit } from '../../kit/schemas.ts'
import { JourneyView } from '../clinic/schemas.ts'

export const OverrideItem = z
  .object({
    id: z.uuid(),
    intakeId: z.uuid().nullable(),
    reference: z.string().nullable(),
    flow: z.string(),
    version: z.int(),
    step: z.string(),
    partner: z.string().nullable(),
    operation: z.string().nullable(),
    cause: z.enum(holdCauses),
    /** Who must act next. */
    owner: z.enum(owners),
    staffText: z.string(),
    status: z.enum(overrideStatuses),
    attempts: z.int(),
    openedAt: z.iso.datetime(),
    visitAt: z.iso.datetime().nullable(),
    resolution: z.enum(resolutions).nullable(),
    resolvedBy: z.string().nullable(),
    resolvedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'OverrideItem' })

/** The item, the resolutions that make sense for it, and the shapes of what a person may put in. */
export const OverrideDetail = z
  .object({
    item: OverrideItem,
    allowed: z.array(z.enum(resolutions)),
    /** Null when no partner was asked (a bug, an overdue delivery): nothing to answer or correct. `ok` null: no person may say yes here. */
    shapes: z.object({ input: JsonSchema, ok: JsonSchema.nullable(), rejected: JsonSchema }).nullable(),
  })
  .meta({ id: 'OverrideDetail' })

const overrideId = z.object({ overrideId: z.uuid() })

export const listOverrides = defineRoute({
  operationId: 'listOverrides',
  method: 'GET',
  url: '/api/ops/overrides',
  tag: 'ops',
  summary: 'What waits for a person, by visit time.',
  access: { by: 'session', action: 'override.list' },
  query: z.strictObject({
    status: z.enum(overrideStatuses).default('open'),
    cause: z.enum(holdCauses).optional(),
    cursor: Cursor,
    limit: PageLimit,
  }),
  success: {
    status: 200,
    body: z.object({ items: z.array(OverrideItem), total: z.int(), nextCursor: z.string().nullable() }).meta({ id: 'OverridePage' }),
    description: 'One page.',
  },
})

export const getOverride = defineRoute({
  operationId: 'getOverride',
  method: 'GET',
  url: '/api/ops/overrides/:overrideId',
  tag: 'ops',
  summary: 'One item and how it may be resolved.',
  access: { by: 'session', action: 'override.read' },
  params: overrideId,
  success: { status: 200, body: OverrideDetail, description: 'The item.' },
  refusals: [404],
})

export const openOverrideInput = defineRoute({
  operationId: 'openOverrideInput',
  method: 'POST',
  url: '/api/ops/overrides/:overrideId/input',
  tag: 'ops',
  summary: 'What would have been sent to the partner; holds patient data, needs a purpose, is audited.',
  access: { by: 'session', action: 'override.open-input' },
  params: overrideId,
  body: z.strictObject({ purpose: z.enum(inputPurposes) }),
  success: { status: 200, body: z.object({ input: z.unknown() }).meta({ id: 'OverrideInput' }), description: 'The opened input.' },
  refusals: [404],
})

export const resolveOverride = defineRoute({
  operationId: 'resolveOverride',
  method: 'POST',
  url: '/api/ops/overrides/:overrideId/resolve',
  tag: 'ops',
  summary: 'Answer by hand, retry, correct and resubmit, move to the current version, or drop.',
  access: { by: 'session', action: 'override.resolve' },
  params: overrideId,
  body: ResolveOverride.meta({ id: 'ResolveOverride' }),
  success: {
    status: 200,
    body: z.object({ overrideId: z.uuid(), resolution: z.enum(resolutions), redelivered: z.boolean() }).meta({ id: 'OverrideResolved' }),
    description: 'Resolved.',
  },
  refusals: [404, 409],
})

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

export const opsRoutes = [
  listOverrides,
  getOverride,
  openOverrideInput,
  resolveOverride,
  getJourney,
  streamJourneys,
  listDeadLetters,
  requeueDeadLetter,
] as const
