import { fieldsToCorrect } from '@heliox/core/billing'
import { CorrectionFields } from '@heliox/core/identity'
import { actionRules, allowedActions, correctsAnswers, needsSecond, nextActionOf, undoMs } from '@heliox/core/messaging'
import type { QueueItem } from '@heliox/core/ports'
import type { z } from 'zod'
import { type OverrideDetail, OverrideItem } from './items.ts'
import { type AnyOperation, factsOf, jsonSchema } from './operation-of.ts'

/** An item as staff reads it: with the exact next step. */
export const viewOf = (item: QueueItem): z.output<typeof OverrideItem> =>
  OverrideItem.parse({ ...item, nextAction: nextActionOf({ ...item, proposed: item.decision?.state === 'proposed' }) })

/** What may be done with an open item, and what each wants of whoever does it. */
export function allowedOf(item: QueueItem, operation: AnyOperation | undefined, twoPeople: boolean): z.input<typeof OverrideDetail>['allowed'] {
  if (item.status !== 'open') return []
  const ofAnswers = correctsAnswers(item, factsOf(operation))
  return allowedActions(item, factsOf(operation)).map((action) => ({
    action,
    undoSeconds: actionRules[action].undoable ? undoMs / 1000 : 0,
    needsSecond: needsSecond(action, { correctsAnswers: ofAnswers }, twoPeople),
    reasons: [...actionRules[action].reasons],
    fields: action === 'ask-patient' || (action === 'correct' && ofAnswers) ? fieldsToCorrect(item.codes) : [],
    ofAnswers: action === 'correct' && ofAnswers,
    shape: action === 'correct' ? inputShape(item, operation) : null,
  }))
}

function inputShape(item: QueueItem, operation: AnyOperation | undefined): Record<string, unknown> | null {
  if (correctsAnswers(item, factsOf(operation))) return jsonSchema(CorrectionFields)
  return operation ? jsonSchema(operation.input.schema) : null
}
