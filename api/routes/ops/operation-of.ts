import type { Adapter, Operation } from '@heliox/core/kit'
import { operationsOf } from '@heliox/core/kit'
import type { Resolution, ResolveOverride } from '@heliox/core/messaging'
import type { OverrideListItem } from '@heliox/core/ports'
import { z } from 'zod'
import { Refusal } from '../../kit/errors.ts'
import { parseOrRefuse } from '../../kit/fields.ts'

type AnyOperation = Operation<never, never>

/** The operation a held step was about, however the item names it: `checkEligibility`, or with partner and version. */
export function operationOf(adapters: readonly Adapter[], item: Pick<OverrideListItem, 'partner' | 'operation'>): AnyOperation | undefined {
  for (const adapter of adapters) {
    for (const { type, label, operation } of operationsOf(adapter)) {
      if (item.operation === type || item.operation === `${adapter.id}.${label}`) return operation
      if (item.partner === adapter.id && item.operation === label) return operation
    }
  }
  return undefined
}

/** Without a partner's operation there is nothing to answer or to correct; and some answers only the partner may give. */
export function allowedResolutions(operation: AnyOperation | undefined): Resolution[] {
  const all: Resolution[] = ['answer', 'retry', 'correct', 'move', 'drop']
  return all.filter((how) => {
    if (how === 'answer') return operation !== undefined && operation.byHand !== 'never'
    if (how === 'correct') return operation !== undefined && operation.correctable !== false
    return true
  })
}

const mayBeOk = (operation: AnyOperation): boolean => (operation.byHand ?? 'any') === 'any'

const jsonSchema = (schema: z.ZodType): Record<string, unknown> => z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>

type Shape = Record<string, unknown>
/** `ok` is null where no person may say yes in the partner's place. */
export function shapesOf(operation: AnyOperation): { input: Shape; ok: Shape | null; rejected: Shape } {
  const { input, output, rejection } = operation
  return { input: jsonSchema(input.schema), ok: mayBeOk(operation) ? jsonSchema(output.schema) : null, rejected: jsonSchema(rejection.schema) }
}

/** What a person typed goes through the same contract as what a partner sends. Returns it as that contract reads it. */
export function checkedResolution(operation: AnyOperation | undefined, how: ResolveOverride): ResolveOverride {
  if (!allowedResolutions(operation).includes(how.resolution)) {
    throw new Refusal('invalid', [{ path: 'resolution', message: 'must be one of the resolutions allowed for this item' }])
  }
  if (!operation) return how
  if (how.resolution === 'correct') return { ...how, input: parseOrRefuse(operation.input.schema, how.input, 'input') }
  if (how.resolution !== 'answer') return how
  if (how.port === 'ok' && !mayBeOk(operation)) throw new Refusal('invalid', [{ path: 'port', message: 'must be rejected: only the partner can say yes here' }])
  const contract = how.port === 'ok' ? operation.output : operation.rejection
  return { ...how, value: parseOrRefuse(contract.schema, how.value, 'value') }
}
