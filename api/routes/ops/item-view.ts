import { fieldsToCorrect } from '@heliox/core/billing'
import { CorrectionFields } from '@heliox/core/identity'
import { actionRules, allowedActions, asksForCover, type ItemAction, isOfTheInsured, needsSecond, nextActionOf, undoMs } from '@heliox/core/messaging'
import type { QueueItem } from '@heliox/core/ports'
import type { z } from 'zod'
import { type OverrideDetail, OverrideItem } from './items.ts'
import { type AnyOperation, factsOf, jsonSchema } from './operation-of.ts'

/** An item as staff reads it: with the exact next step. */
export const viewOf = (item: QueueItem): z.output<typeof OverrideItem> =>
  OverrideItem.parse({ ...item, nextAction: nextActionOf({ ...item, proposed: item.decision?.state === 'proposed' }) })

const hasFields = (item: QueueItem, action: ItemAction): boolean => action === 'ask-patient' || (action === 'correct' && item.kind === 'case')

/** What may be done with an open item, and what each wants of whoever does it. */
export function allowedOf(item: QueueItem, operation: AnyOperation | undefined, twoPeople: boolean): z.input<typeof OverrideDetail>['allowed'] {
  if (item.status !== 'open') return []
  return allowedActions(item, factsOf(operation)).map((action) => ({
    action,
    undoSeconds: actionRules[action].undoable ? undoMs / 1000 : 0,
    needsSecond: needsSecond(action, item, twoPeople),
    reasons: [...actionRules[action].reasons],
    fields: hasFields(item, action) ? fieldsToCorrect(item.codes) : [],
    shape: action === 'correct' ? inputShape(item, operation) : null,
  }))
}

function inputShape(item: QueueItem, operation: AnyOperation | undefined): Record<string, unknown> | null {
  if (item.kind === 'case') return jsonSchema(CorrectionFields)
  if (!operation) return null
  const shape = jsonSchema(operation.input.schema)
  return asksForCover(factsOf(operation)) ? ofTheInsured(shape) : shape
}

/** Only what may be corrected: the rest of the question stays as it is, and needs not be handed in. */
function ofTheInsured({ properties = {}, required = [], ...rest }: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(properties as Record<string, unknown>).filter(([name]) => isOfTheInsured(name))
  return { ...rest, properties: Object.fromEntries(kept), required: (required as string[]).filter(isOfTheInsured) }
}
