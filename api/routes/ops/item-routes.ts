import {
  Decide,
  ItemDecision,
  ItemFilter,
  inputPurposes,
  itemSorts,
  overrideStatuses,
  SavedView,
  StaffPerson,
  savedViewsPerUserMax,
  WaitingItem,
} from '@heliox/core/messaging'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { Cursor } from '../../kit/schemas.ts'
import { ItemChoice, OverrideDetail, OverridePage, ReadOut } from './items.ts'

const overrideId = z.object({ overrideId: z.uuid() })
const decisionId = z.object({ decisionId: z.uuid() })
/** In an address a wish is there or not. */
const wished = z.literal('true').optional()
/** A screen that draws only the rows in sight fetches many at once. */
const itemRowsMax = 200

export const listOverrides = defineRoute({
  operationId: 'listOverrides',
  method: 'GET',
  url: '/api/ops/overrides',
  tag: 'ops',
  summary: 'What waits for a person: open ones by visit time or age, resolved ones newest first.',
  access: { by: 'session', action: 'override.list' },
  query: ItemFilter.extend({
    status: z.enum(overrideStatuses).default('open'),
    sort: z.enum(itemSorts).default('visit'),
    mine: wished,
    proposed: wished,
    /** Items of `groups` are left out of `items`. */
    grouped: wished,
    cursor: Cursor,
    limit: z.coerce.number().int().min(1).max(itemRowsMax).default(50),
  }),
  success: { status: 200, body: OverridePage, description: 'One page, with what is counted over all of them.' },
})

export const getOverride = defineRoute({
  operationId: 'getOverride',
  method: 'GET',
  url: '/api/ops/overrides/:overrideId',
  tag: 'ops',
  summary: 'One item: what may be done with it, what was tried, what was decided.',
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

export const openChoice = defineRoute({
  operationId: 'openChoice',
  method: 'POST',
  url: '/api/ops/overrides/:overrideId/choice',
  tag: 'ops',
  summary: 'What there is to choose from, beside what was asked; holds patient data, needs a purpose, is audited.',
  access: { by: 'session', action: 'override.open-input' },
  params: overrideId,
  body: z.strictObject({ purpose: z.enum(inputPurposes) }),
  success: { status: 200, body: ItemChoice, description: 'Side by side, in the order of the options.' },
  refusals: [404],
})

export const openAttempt = defineRoute({
  operationId: 'openAttempt',
  method: 'POST',
  url: '/api/ops/overrides/:overrideId/attempts/:attemptId/open',
  tag: 'ops',
  summary: 'What was sent and what the partner answered, in words; holds patient data, needs a purpose, is audited.',
  access: { by: 'session', action: 'override.open-input' },
  params: overrideId.extend({ attemptId: z.string().regex(/^[0-9a-f-]{36}\.\d{1,9}$/) }),
  body: z.strictObject({ purpose: z.enum(inputPurposes) }),
  success: {
    status: 200,
    body: z.object({ sent: ReadOut.nullable(), answered: ReadOut.nullable() }).meta({ id: 'OpenedAttempt' }),
    description: 'Null: there is nothing, or nothing that was kept.',
  },
  refusals: [404],
})

export const claimOverride = defineRoute({
  operationId: 'claimOverride',
  method: 'POST',
  url: '/api/ops/overrides/:overrideId/claim',
  tag: 'ops',
  summary: 'Take an item for fifteen minutes; asked again, it begins anew. Another person’s is refused, and `fields` says whose it is.',
  access: { by: 'session', action: 'override.claim' },
  params: overrideId,
  success: {
    status: 200,
    body: z.object({ overrideId: z.uuid(), claim: z.object({ ...StaffPerson.shape, until: z.iso.datetime() }) }).meta({ id: 'ItemClaimed' }),
    description: 'It is yours.',
  },
  refusals: [404, 409],
})

export const releaseOverride = defineRoute({
  operationId: 'releaseOverride',
  method: 'POST',
  url: '/api/ops/overrides/:overrideId/release',
  tag: 'ops',
  summary: 'Give back one’s own claim; harmless when there is none.',
  access: { by: 'session', action: 'override.claim' },
  params: overrideId,
  success: { status: 200, body: z.object({ overrideId: z.uuid() }).meta({ id: 'ItemReleased' }), description: 'It is free.' },
  refusals: [404, 409],
})

export const decideOverride = defineRoute({
  operationId: 'decideOverride',
  method: 'POST',
  url: '/api/ops/overrides/:overrideId/decisions',
  tag: 'ops',
  summary: 'Decide, under an id of the caller’s making: the same id again is the same decision. It is carried out after the time to take it back.',
  access: { by: 'session', action: 'override.decide' },
  params: overrideId,
  body: Decide.meta({ id: 'DecideOverride' }),
  success: { status: 200, body: ItemDecision, description: 'Scheduled, or proposed to a second person.' },
  refusals: [404, 409],
})

const aboutDecision = (operationId: string, verb: string, action: 'override.decide' | 'override.approve', summary: string) =>
  ({
    operationId,
    method: 'POST',
    url: `/api/ops/decisions/:decisionId/${verb}`,
    tag: 'ops',
    summary,
    access: { by: 'session', action },
    params: decisionId,
    success: { status: 200, body: ItemDecision, description: 'As it is now.' },
    refusals: [404, 409],
  }) as const

export const undoDecision = defineRoute(
  aboutDecision('undoDecision', 'undo', 'override.decide', 'Take back one’s own decision while nothing has left; harmless when repeated.'),
)
export const approveDecision = defineRoute(
  aboutDecision('approveDecision', 'approve', 'override.approve', 'Agree as the second person; who proposed it cannot.'),
)
export const refuseDecision = defineRoute(
  aboutDecision('refuseDecision', 'refuse', 'override.approve', 'Disagree as the second person; the item is free again.'),
)

export const openDecision = defineRoute({
  operationId: 'openDecision',
  method: 'POST',
  url: '/api/ops/decisions/:decisionId/open',
  tag: 'ops',
  summary: 'Note and content of a decision; may hold patient data, needs a purpose, is audited.',
  access: { by: 'session', action: 'override.open-input' },
  params: decisionId,
  body: z.strictObject({ purpose: z.enum(inputPurposes) }),
  success: {
    status: 200,
    body: z.object({ note: z.string(), content: ReadOut.nullable() }).meta({ id: 'OpenedDecision' }),
    description: 'What the person wrote.',
  },
  refusals: [404],
})

export const listWaiting = defineRoute({
  operationId: 'listWaiting',
  method: 'GET',
  url: '/api/ops/waiting',
  tag: 'ops',
  summary: 'What goes on by itself: asked again, when and why. Soonest first.',
  access: { by: 'session', action: 'override.list' },
  query: z.strictObject({ payer: z.string().min(2).max(40).optional(), limit: z.coerce.number().int().min(1).max(itemRowsMax).default(100) }),
  success: { status: 200, body: z.object({ items: z.array(WaitingItem), total: z.int() }).meta({ id: 'WaitingList' }), description: 'The soonest of them.' },
})

export const streamOps = defineRoute({
  operationId: 'streamOps',
  method: 'GET',
  url: '/api/ops/stream',
  tag: 'ops',
  summary: 'Server-sent events of this clinic: `item`, `incident`, `breaker`, `bulk`, each with the id of what changed.',
  access: { by: 'session', action: 'override.list' },
  success: {
    status: 200,
    body: z.object({ id: z.string() }).meta({ id: 'OpsChange' }),
    description: 'text/event-stream; the data of each event is an OpsChange. The id of a breaker is `<partner>/<payer or *>`.',
  },
  stream: true,
})

const View = SavedView.extend({ id: z.uuid() }).meta({ id: 'SavedView' })
export const listViews = defineRoute({
  operationId: 'listViews',
  method: 'GET',
  url: '/api/ops/views',
  tag: 'ops',
  summary: 'One’s own saved views.',
  access: { by: 'session', action: 'override.list' },
  success: { status: 200, body: z.object({ items: z.array(View).max(savedViewsPerUserMax) }).meta({ id: 'SavedViewList' }), description: 'By name.' },
})
export const saveView = defineRoute({
  operationId: 'saveView',
  method: 'PUT',
  url: '/api/ops/views/:viewId',
  tag: 'ops',
  summary: 'Save a view under an id of the caller’s making, or change it.',
  access: { by: 'session', action: 'override.list' },
  params: z.object({ viewId: z.uuid() }),
  body: SavedView.meta({ id: 'SaveView' }),
  success: { status: 200, body: View, description: 'As it is kept.' },
  refusals: [404, 409],
})
export const removeView = defineRoute({
  operationId: 'removeView',
  method: 'DELETE',
  url: '/api/ops/views/:viewId',
  tag: 'ops',
  summary: 'Remove one’s own view.',
  access: { by: 'session', action: 'override.list' },
  params: z.object({ viewId: z.uuid() }),
  success: { status: 200, body: z.object({ id: z.uuid() }).meta({ id: 'SavedViewRemoved' }), description: 'Gone.' },
  refusals: [404],
})

const OpsRules = z
  .strictObject({
    /** A second person must agree before somebody speaks for a payer or another partner. */
    confirmNeedsTwo: z.boolean(),
  })
  .meta({ id: 'OpsRules' })
export const getOpsRules = defineRoute({
  operationId: 'getOpsRules',
  method: 'GET',
  url: '/api/ops/rules',
  tag: 'ops',
  summary: 'What this clinic wants of whoever decides.',
  access: { by: 'session', action: 'ops-rules.read' },
  success: { status: 200, body: OpsRules, description: 'The rules.' },
})
export const saveOpsRules = defineRoute({
  operationId: 'saveOpsRules',
  method: 'PUT',
  url: '/api/ops/rules',
  tag: 'ops',
  summary: 'Change them; audited. What was proposed or scheduled before keeps to the rules of its time.',
  access: { by: 'session', action: 'ops-rules.write' },
  body: OpsRules,
  success: { status: 200, body: OpsRules, description: 'As they are now.' },
})

export const itemRoutes = [
  listOverrides,
  getOverride,
  openOverrideInput,
  openChoice,
  openAttempt,
  claimOverride,
  releaseOverride,
  decideOverride,
  undoDecision,
  approveDecision,
  refuseDecision,
  openDecision,
  listWaiting,
  streamOps,
  listViews,
  saveView,
  removeView,
  getOpsRules,
  saveOpsRules,
] as const
