import { ChartCandidates, chartFields, chartMatches } from '@heliox/core/clinical'
import { correctableFields } from '@heliox/core/identity'
import { ItemAttempt, ItemDecision, itemActions, nextActions, QueueItem, QueuePage, resolveReasons } from '@heliox/core/messaging'
import { z } from 'zod'
import { JsonSchema } from '../../kit/schemas.ts'

/** An item as staff reads it: not what it is computed from, but the exact next step. */
export const OverrideItem = QueueItem.omit({ payerRoute: true })
  .extend({ nextAction: z.enum(nextActions) })
  .meta({ id: 'OverrideItem' })

export const OverridePage = QueuePage.extend({ items: z.array(OverrideItem) }).meta({ id: 'OverridePage' })

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

/** The item, what may be done with it, what was tried and what was decided. */
export const OverrideDetail = z
  .object({
    item: OverrideItem,
    allowed: z.array(AllowedAction),
    /** Null when no partner was asked: nothing to answer. `ok` null: no person may say yes here. */
    shapes: z.object({ input: JsonSchema, ok: JsonSchema.nullable(), rejected: JsonSchema }).nullable(),
    /** When the hub asks again by itself; null: it does not. */
    nextTryAt: z.iso.datetime().nullable(),
    attempts: z.array(ItemAttempt),
    /** Newest first. */
    decisions: z.array(ItemDecision),
  })
  .meta({ id: 'OverrideDetail' })

/** What a person chooses from, side by side with what was asked: charts of the EHR beside the patient's own answers. */
export const ItemChoice = z
  .object({
    rows: z.array(
      z.object({
        field: z.enum(chartFields),
        /** What the patient says. */
        asked: z.string().nullable(),
        /** In the order of the options. */
        charts: z.array(z.object({ text: z.string().nullable(), match: z.enum(chartMatches) })),
      }),
    ),
    charts: z.array(ChartCandidates.schema.shape.candidates.element.pick({ foundBy: true, updatedAt: true }).extend({ ref: z.string() })),
    /** The partner has more of them than are shown. */
    more: z.boolean(),
    /** That it is none of them may be said. */
    none: z.boolean(),
  })
  .meta({ id: 'ItemChoice' })

/** Partner data in words, by sections. */
export const ReadOut = z
  .array(z.object({ title: z.string(), lines: z.array(z.object({ label: z.string(), text: z.string(), code: z.string().nullable() })) }))
  .meta({ id: 'ReadOut' })
