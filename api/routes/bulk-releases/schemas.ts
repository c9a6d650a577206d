import {
  BulkPlan,
  BulkPlanRequest,
  BulkProgress,
  BulkSelection,
  bulkActions,
  bulkLimits,
  bulkStatuses,
  resolveReasons,
  StartBulkRelease,
} from '@heliox/core/messaging'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { Cursor, PageLimit } from '../../kit/schemas.ts'
import { OverrideItem } from '../ops/schemas.ts'

const BulkReleaseView = z
  .object({
    id: z.uuid(),
    action: z.enum(bulkActions),
    selection: BulkSelection,
    ratePerMinute: z.int(),
    reason: z.enum(resolveReasons),
    status: z.enum(bulkStatuses),
    progress: BulkProgress,
    startedBy: z.string(),
    startedAt: z.iso.datetime(),
    /** Who stopped it or let it go on, and when; null: nobody did. */
    changedBy: z.string().nullable(),
    changedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    /** When the last item's turn comes at this rate; null unless it runs. */
    endsAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BulkRelease' })

const BulkDryRun = z
  .object({
    plan: BulkPlan.meta({ id: 'BulkPlan' }),
    sample: z.array(OverrideItem).max(bulkLimits.sampleMax),
    /** That make sense for this action, the likeliest first. */
    reasons: z.array(z.enum(resolveReasons)),
    /** Items a minute: what is usual, and the most. */
    rateDefault: z.int(),
    rateMax: z.int(),
  })
  .meta({ id: 'BulkDryRun' })

const bulkReleaseId = z.object({ bulkReleaseId: z.uuid() })

export const planBulkRelease = defineRoute({
  operationId: 'planBulkRelease',
  method: 'POST',
  url: '/api/ops/bulk-releases/plan',
  tag: 'ops',
  summary: 'A dry run: how many items would be decided, for which visits, and which are left out. Changes nothing.',
  access: { by: 'session', action: 'bulk-release.run' },
  body: BulkPlanRequest.meta({ id: 'BulkPlanRequest' }),
  success: {
    status: 200,
    body: BulkDryRun,
    description: 'What would happen, and ten of the items, soonest visits first.',
  },
})

export const startBulkRelease = defineRoute({
  operationId: 'startBulkRelease',
  method: 'POST',
  url: '/api/ops/bulk-releases',
  tag: 'ops',
  summary: 'Start one under an id of the caller’s making. The same id with the same content again answers the same; with other content it is refused.',
  access: { by: 'session', action: 'bulk-release.run' },
  body: StartBulkRelease.meta({ id: 'StartBulkRelease' }),
  success: { status: 200, body: BulkReleaseView, description: 'It runs, or ran already.' },
  refusals: [409],
})

export const listBulkReleases = defineRoute({
  operationId: 'listBulkReleases',
  method: 'GET',
  url: '/api/ops/bulk-releases',
  tag: 'ops',
  summary: 'Newest first.',
  access: { by: 'session', action: 'bulk-release.read' },
  query: z.strictObject({ status: z.enum(bulkStatuses).optional(), cursor: Cursor, limit: PageLimit }),
  success: {
    status: 200,
    body: z.object({ items: z.array(BulkReleaseView), nextCursor: z.string().nullable() }).meta({ id: 'BulkReleasePage' }),
    description: 'One page.',
  },
})

export const getBulkRelease = defineRoute({
  operationId: 'getBulkRelease',
  method: 'GET',
  url: '/api/ops/bulk-releases/:bulkReleaseId',
  tag: 'ops',
  summary: 'One, as far as it has come.',
  access: { by: 'session', action: 'bulk-release.read' },
  params: bulkReleaseId,
  success: { status: 200, body: BulkReleaseView, description: 'The bulk release.' },
  refusals: [404],
})

export const stopBulkRelease = defineRoute({
  operationId: 'stopBulkRelease',
  method: 'POST',
  url: '/api/ops/bulk-releases/:bulkReleaseId/stop',
  tag: 'ops',
  summary: 'Items whose turn has not come stay as they are. Stopped already: the same answer.',
  access: { by: 'session', action: 'bulk-release.run' },
  params: bulkReleaseId,
  success: { status: 200, body: BulkReleaseView, description: 'Stopped.' },
  refusals: [404, 409],
})

export const resumeBulkRelease = defineRoute({
  operationId: 'resumeBulkRelease',
  method: 'POST',
  url: '/api/ops/bulk-releases/:bulkReleaseId/resume',
  tag: 'ops',
  summary: 'Goes on with the items whose turn has not come. Running already: the same answer.',
  access: { by: 'session', action: 'bulk-release.run' },
  params: bulkReleaseId,
  success: { status: 200, body: BulkReleaseView, description: 'Running.' },
  refusals: [404, 409],
})

export const bulkReleaseRoutes = [planBulkRelease, startBulkRelease, listBulkReleases, getBulkRelease, stopBulkRelease, resumeBulkRelease] as const
