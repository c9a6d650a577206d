import { z } from 'zod'
import { eligibilityRoutes } from '../billing/asking.ts'
import { suspicions } from '../billing/model.ts'
import { itemActions, itemCauses, itemEnds, itemKinds } from './actions.ts'
import { decisionStates, refusedWhys } from './decisions.ts'
import { incidentKinds } from './incidents.ts'
import { attemptOutcomes, overrideStatuses, owners, resolveReasons } from './model.ts'

/**
 * What is known of the items that wait, field by field, once: the store answers it, the api checks it on the way out and the
 * screens are generated from it.
 */
const when = z.iso.datetime()

/** A member of staff of this clinic. */
export const StaffPerson = z.object({ userId: z.uuid(), name: z.string() }).meta({ id: 'StaffPerson' })
export type StaffPerson = z.output<typeof StaffPerson>

export const ItemDecision = z
  .object({
    id: z.uuid(),
    overrideId: z.uuid(),
    action: z.enum(itemActions),
    state: z.enum(decisionStates),
    reason: z.enum(resolveReasons),
    by: StaffPerson,
    at: when,
    /** Who agreed, or did not. */
    second: z.object({ ...StaffPerson.shape, at: when }).nullable(),
    /** When it is carried out; null: a second person must agree first. */
    carryOutAt: when.nullable(),
    /** It can be taken back until then; null: not any more, or never. */
    undoUntil: when.nullable(),
    endedAt: when.nullable(),
    refusedWhy: z.enum(refusedWhys).nullable(),
    /** Of `choose`: which, from 0; null there: none of them. */
    option: z.int().nullable(),
    bulkReleaseId: z.uuid().nullable(),
  })
  .meta({ id: 'ItemDecision' })
export type ItemDecision = z.output<typeof ItemDecision>

/** What waits for a person, with all that is known of it without opening anything. */
export const QueueItem = z.object({
  id: z.uuid(),
  kind: z.enum(itemKinds),
  intakeId: z.uuid().nullable(),
  /** Of the eligibility request that a case is about. */
  requestId: z.uuid().nullable(),
  reference: z.string().nullable(),
  flow: z.string(),
  version: z.int(),
  step: z.string(),
  partner: z.string().nullable(),
  operation: z.string().nullable(),
  payerId: z.string().nullable(),
  payerName: z.string().nullable(),
  /** How its payer may be asked; null: it is about no payer. */
  payerRoute: z.enum(eligibilityRoutes).nullable(),
  cause: z.enum(itemCauses),
  /** Codes of the payer's "no" (AAA03). */
  codes: z.array(z.string()),
  /** Who must act next. */
  owner: z.enum(owners),
  staffText: z.string(),
  status: z.enum(overrideStatuses),
  attempts: z.int(),
  openedAt: when,
  visitAt: when.nullable(),
  incidentId: z.uuid().nullable(),
  /** Who works on it, until when; null: nobody. */
  claim: z.object({ ...StaffPerson.shape, until: when }).nullable(),
  /** The decision that is under way. */
  decision: ItemDecision.nullable(),
  resolution: z.enum(itemEnds).nullable(),
  resolvedBy: z.string().nullable(),
  resolvedAt: when.nullable(),
})
export type QueueItem = z.output<typeof QueueItem>

/** Open items with one cause behind them, where there are at least two. */
export const ItemGroup = z
  .object({
    incidentId: z.uuid(),
    kind: z.enum(incidentKinds),
    partner: z.string(),
    payerId: z.string().nullable(),
    payerName: z.string().nullable(),
    cause: z.enum(itemCauses),
    items: z.int(),
    soonestVisitAt: when.nullable(),
  })
  .meta({ id: 'ItemGroup' })
export type ItemGroup = z.output<typeof ItemGroup>

export const Facet = z.object({ value: z.string(), name: z.string().nullable(), count: z.int() })
export type Facet = z.output<typeof Facet>

export const QueuePage = z.object({
  items: z.array(QueueItem),
  /** That match, groups included; counted up to 10,000. */
  total: z.int(),
  /** That match and are claimed by who asks. */
  mine: z.int(),
  /** That match and wait for a second person. */
  proposed: z.int(),
  /** Each as if it were not narrowed itself, so that another one can be chosen. */
  byCause: z.array(Facet),
  byPayer: z.array(Facet),
  groups: z.array(ItemGroup),
  nextCursor: z.string().nullable(),
})
export type QueuePage = z.output<typeof QueuePage>

/** One time that a partner was asked. */
export const ItemAttempt = z
  .object({
    /** To open what was sent and answered. */
    id: z.string(),
    flow: z.string(),
    step: z.string(),
    operation: z.string().nullable(),
    generation: z.int(),
    /** Counted in its generation, from 1. */
    number: z.int(),
    at: when,
    latencyMs: z.int().nullable(),
    outcome: z.enum(attemptOutcomes),
    cause: z.enum(itemCauses).nullable(),
    /** A shut door or our own fault kept it: the partner never saw it. */
    nothingSent: z.boolean(),
    /** There is something to open. */
    sentOpenable: z.boolean(),
    answerOpenable: z.boolean(),
    /** The answer came after another attempt had taken over; nothing followed from it. */
    late: z.boolean(),
    /** A person gave the answer. */
    manual: z.boolean(),
    /** Rules that do not believe the answer. */
    suspicions: z.array(z.enum(suspicions)),
  })
  .meta({ id: 'ItemAttempt' })
export type ItemAttempt = z.output<typeof ItemAttempt>

/** What the hub asks again by itself. */
export const WaitingItem = z
  .object({
    id: z.string(),
    /** `retry`: the partner did not answer. `recheck`: an answer is not believed, or has grown old. */
    kind: z.enum(['retry', 'recheck']),
    intakeId: z.uuid().nullable(),
    reference: z.string().nullable(),
    visitAt: when.nullable(),
    flow: z.string().nullable(),
    step: z.string().nullable(),
    partner: z.string().nullable(),
    operation: z.string().nullable(),
    payerId: z.string().nullable(),
    payerName: z.string().nullable(),
    /** The class of the fault, or why it is asked again. */
    why: z.string(),
    tries: z.int(),
    since: when,
    nextTryAt: when,
  })
  .meta({ id: 'WaitingItem' })
export type WaitingItem = z.output<typeof WaitingItem>
