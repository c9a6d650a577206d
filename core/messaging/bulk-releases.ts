import { z } from 'zod'
import { IsoDateTime, Text } from '../kit/index.ts'
import { ItemFilter } from './item-filter.ts'
import { resolveReasons } from './model.ts'

/**
 * One decision about many waiting items, carried out one by one at a rate. (A *release* alone is a frozen version of a flow.)
 * Which items belong to it is fixed when it starts; each is looked at again when its turn comes, so that what a person has taken,
 * decided or what went away meanwhile is left alone. Stopping it leaves every item whose turn has not come as it was.
 */
export const bulkActions = ['retry', 'other-route', 'drop'] as const
export type BulkAction = (typeof bulkActions)[number]
export const bulkStatuses = ['running', 'stopped', 'finished'] as const
export type BulkStatus = (typeof bulkStatuses)[number]
/** Why an item was left out, at the start or when its turn came. */
export const bulkSkips = ['claimed', 'decided', 'resolved', 'not-allowed'] as const
export type BulkSkip = (typeof bulkSkips)[number]

export const bulkLimits = {
  /** More than a day's visits of the largest clinic; whoever has more does it in parts, soonest visits first. */
  itemsMax: 10_000,
  ratePerMinuteMax: 600,
  ratePerMinuteDefault: 60,
  sampleMax: 10,
  daysMax: 60,
} as const

// Under the names that stored bulk releases have.
const { incident, cause, payer, owner, flow } = ItemFilter.shape
/** Which open items, narrowed as the list is: all that is named must fit, and something must be named, so that nobody releases everything by an empty form. */
export const BulkSelection = z
  .strictObject({ incidentId: incident, cause, payerId: payer, owner, flow })
  .refine((by) => Object.values(by).some((value) => value !== undefined), 'must name at least one of incident, cause, payer, owner, flow')
export type BulkSelection = z.output<typeof BulkSelection>

export const BulkPlanRequest = z.strictObject({ action: z.enum(bulkActions), selection: BulkSelection })
export type BulkPlanRequest = z.output<typeof BulkPlanRequest>

export const StartBulkRelease = z.strictObject({
  /** Of the caller's making: a second click is the same bulk release. */
  bulkReleaseId: z.uuid(),
  action: z.enum(bulkActions),
  selection: BulkSelection,
  ratePerMinute: z.int().min(1).max(bulkLimits.ratePerMinuteMax),
  reason: z.enum(resolveReasons),
  note: Text(500),
})
export type StartBulkRelease = z.output<typeof StartBulkRelease>

/** How many items are left out, by why. */
export const BulkSkips = z.object({ claimed: z.int(), decided: z.int(), resolved: z.int(), 'not-allowed': z.int() } satisfies Record<BulkSkip, z.ZodType>)
export type BulkSkips = z.output<typeof BulkSkips>

/** What would happen: nothing has. */
export const BulkPlan = z.object({
  /** Items that would be decided. */
  items: z.int(),
  skipped: BulkSkips,
  /** More open items fit the selection than one bulk release takes; these are the ones with the soonest visits. */
  more: z.boolean(),
  soonestVisitAt: IsoDateTime.nullable(),
  /** By the clinic's calendar, soonest first; `day` null: no visit behind them. Days past the limit are counted in the last row's `day`. */
  visitsByDay: z.array(z.object({ day: z.iso.date().nullable(), items: z.int() })).max(bulkLimits.daysMax + 1),
})
export type BulkPlan = z.output<typeof BulkPlan>

/** As far as it has come. `waiting + decided + skipped` is `total`; of the decided, `carriedOut` and `refused` have ended. */
export const BulkProgress = z.object({
  total: z.int(),
  waiting: z.int(),
  decided: z.int(),
  carriedOut: z.int(),
  refused: z.int(),
  skipped: BulkSkips,
})
export type BulkProgress = z.output<typeof BulkProgress>
