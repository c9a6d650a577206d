import { suspicions } from '@heliox/core/billing'
import { correctableFields } from '@heliox/core/identity'
import {
  attemptOutcomes,
  decisionStates,
  incidentKinds,
  itemActions,
  itemCauses,
  itemEnds,
  itemKinds,
  nextActions,
  overrideStatuses,
  owners,
  refusedWhys,
  resolveReasons,
} from '@heliox/core/messaging'
import { z } from 'zod'
import { JsonSchema } from '../../kit/schemas.ts'

const when = z.iso.datetime()
/** A member of staff of this clinic. */
export const Person = z.object({ userId: z.uuid(), name: z.string() }).meta({ id: 'StaffPerson' })

export const Decision = z
  .object({
    id: z.uuid(),
    overrideId: z.uuid(),
    action: z.enum(itemActions),
    state: z.enum(decisionStates),
    reason: z.enum(resolveReasons),
    by: Person,
    at: when,
    /** Who agreed, or did not. */
    second: z.object({ ...Person.shape, at: when }).nullable(),
    /** When it is carried out; null: a second person must agree first. */
    carryOutAt: when.nullable(),
    /** It can be taken back until then; null: not any more, or never. */
    undoUntil: when.nullable(),
    endedAt: when.nullable(),
    refusedWhy: z.enum(refusedWhys).nullable(),
    bulkReleaseId: z.uuid().nullable(),
  })
  .meta({ id: 'ItemDecision' })

export const OverrideItem = z
  .object({
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
    cause: z.enum(itemCauses),
    /** Codes of the payer's "no" (AAA03). */
    codes: z.array(z.string()),
    /** Who must act next. */
    owner: z.enum(owners),
    nextAction: z.enum(nextActions),
    staffText: z.string(),
    status: z.enum(overrideStatuses),
    attempts: z.int(),
    openedAt: when,
    visitAt: when.nullable(),
    incidentId: z.uuid().nullable(),
    /** Who works on it, until when; null: nobody. */
    claim: z.object({ ...Person.shape, until: when }).nullable(),
    /** The decision that is under way. */
    decision: Decision.nullable(),
    resolution: z.enum(itemEnds).nullable(),
    resolvedBy: z.string().nullable(),
    resolvedAt: when.nullable(),
  })
  .meta({ id: 'OverrideItem' })

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

const Facet = z.array(z.object({ value: z.string(), name: z.string().nullable(), count: z.int() }))
export const OverridePage = z
  .object({
    items: z.array(OverrideItem),
    /** That match, groups included; counted up to 10,000. */
    total: z.int(),
    /** That match and are claimed by who asks. */
    mine: z.int(),
    /** That match and wait for a second person. */
    proposed: z.int(),
    /** Each as if it were not narrowed itself, so that another one can be chosen. */
    byCause: Facet,
    byPayer: Facet,
    groups: z.array(ItemGroup),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'OverridePage' })

const AllowedAction = z
  .object({
    action: z.enum(itemActions),
    /** Seconds in which it can be taken back; 0: not at all. */
    undoSeconds: z.int(),
    /** Another person must agree. */
    needsSecond: z.boolean(),
    /** The likeliest first. */
    reasons: z.array(z.enum(resolveReasons)),
    /** What is likely wrong, for `ask-patient` and a `correct` of answers. */
    fields: z.array(z.enum(correctableFields)),
    /** `correct` is of the patient's own answers: `input` says only what changes. Else it is the operation's whole input. */
    ofAnswers: z.boolean(),
    /** Of `input` (correct). `answer` has two: see `shapes`. Null: nothing is handed in. */
    shape: JsonSchema.nullable(),
  })
  .meta({ id: 'AllowedAction' })

/** One time that a partner was asked. */
export const Attempt = z
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

/** The item, what may be done with it, what was tried and what was decided. */
export const OverrideDetail = z
  .object({
    item: OverrideItem,
    allowed: z.array(AllowedAction),
    /** Null when no partner was asked: nothing to answer. `ok` null: no person may say yes here. */
    shapes: z.object({ input: JsonSchema, ok: JsonSchema.nullable(), rejected: JsonSchema }).nullable(),
    /** When the hub asks again by itself; null: it does not. */
    nextTryAt: when.nullable(),
    attempts: z.array(Attempt),
    /** Newest first. */
    decisions: z.array(Decision),
  })
  .meta({ id: 'OverrideDetail' })

/** Partner data in words, by sections. */
export const ReadOut = z
  .array(z.object({ title: z.string(), lines: z.array(z.object({ label: z.string(), text: z.string(), code: z.string().nullable() })) }))
  .meta({ id: 'ReadOut' })

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
