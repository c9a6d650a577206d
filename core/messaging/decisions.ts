import { z } from 'zod'
import { correctableFields } from '../identity/corrections.ts'
import { Text } from '../kit/index.ts'
import { resolveReasons } from './model.ts'

/**
 * What a person decided about one item. `proposed`: a second person must agree. `scheduled`: it is carried out at its time, and can be
 * taken back until then. Each ends once: carried out, taken back, or refused.
 */
export const decisionStates = ['proposed', 'scheduled', 'carried-out', 'undone', 'refused'] as const
export type DecisionState = (typeof decisionStates)[number]

/**
 * Why nothing came of a decision: the second person said no; the item was resolved meanwhile; what became of an earlier send is not known
 * yet, so that other data must wait; it cannot be done with this item any more (`not-possible`: too often, nothing changed); the second person
 * did not come; our own fault, again and again.
 */
export const refusedWhys = ['second-person', 'already-resolved', 'outcome-unknown', 'not-possible', 'expired', 'failed'] as const
export type RefusedWhy = (typeof refusedWhys)[number]

/** More than these nobody compares. */
const optionsMax = 20

/** `decisionId` is the caller's: the same again is the same decision (a double click, two tabs). `note` is kept sealed. */
const why = { decisionId: z.uuid(), reason: z.enum(resolveReasons), note: Text(500) }
export const Decide = z.discriminatedUnion('action', [
  /** `option`: from 0, in the order in which they are shown; null: none of them. */
  z.strictObject({
    action: z.literal('choose'),
    option: z
      .int()
      .min(0)
      .max(optionsMax - 1)
      .nullable(),
    ...why,
  }),
  z.strictObject({ action: z.literal('confirm'), ...why }),
  z.strictObject({ action: z.literal('mark-inactive'), ...why }),
  /** Of a case or a check of cover: the answers that change (`CorrectionFields`). Of another delivery: the operation's whole input. */
  z.strictObject({ action: z.literal('correct'), input: z.unknown(), ...why }),
  z.strictObject({ action: z.literal('ask-patient'), fields: z.array(z.enum(correctableFields)).min(1).max(correctableFields.length), ...why }),
  z.strictObject({ action: z.literal('retry'), ...why }),
  z.strictObject({ action: z.literal('other-route'), ...why }),
  z.strictObject({ action: z.literal('move'), ...why }),
  z.strictObject({ action: z.literal('drop'), ...why }),
  z.strictObject({ action: z.literal('answer'), port: z.enum(['ok', 'rejected']), value: z.unknown(), ...why }),
])
export type Decide = z.output<typeof Decide>

export const decisionLimits = {
  /** One person has an item for so long, unless they ask again. */
  claimMs: 15 * 60_000,
  /** Our own faults at carrying one out, before it is given back to people. */
  triesMax: 5,
  retryMs: 5_000,
  /** A second person who does not come: the proposal ends, and the item is free again. */
  proposalMs: 7 * 24 * 3_600_000,
} as const
