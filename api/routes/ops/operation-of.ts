import type { Adapter, Operation } from '@heliox/core/kit'
import { operationsOf } from '@heliox/core/kit'
import type { OperationFacts } from '@heliox/core/messaging'
import type { QueueItem } from '@heliox/core/ports'
import { z } from 'zod'

export type AnyOperation = Operation<never, never>

/** The operation a held step was about, however the item names it: `checkEligibility`, or with partner and version. */
export function operationOf(adapters: readonly Adapter[], item: Pick<QueueItem, 'partner' | 'operation'>): AnyOperation | undefined {
  for (const adapter of adapters) {
    for (const { type, label, operation } of operationsOf(adapter)) {
      if (item.operation === type || item.operation === `${adapter.id}.${label}`) return operation
      if (item.partner === adapter.id && item.operation === label) return operation
    }
  }
  return undefined
}

/** As much of it as the rules of what is allowed need. */
export const factsOf = (operation: AnyOperation | undefined): OperationFacts | undefined =>
  operation && {
    byHand: operation.byHand ?? 'any',
    correctable: operation.correctable !== false,
    choice: operation.choice !== undefined,
    output: operation.output.id,
    rejection: operation.rejection.id,
  }

export const mayBeOk = (operation: AnyOperation): boolean => (operation.byHand ?? 'any') === 'any'

export const jsonSchema = (schema: z.ZodType): Record<string, unknown> =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>

type Shape = Record<string, unknown>
/** `ok` is null where no person may say yes in the partner's place. */
export function shapesOf(operation: AnyOperation): { input: Shape; ok: Shape | null; rejected: Shape } {
  const { input, output, rejection } = operation
  return { input: jsonSchema(input.schema), ok: mayBeOk(operation) ? jsonSchema(output.schema) : null, rejected: jsonSchema(rejection.schema) }
}
