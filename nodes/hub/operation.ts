import type { Adapter, Contract, NodeSpec } from '@heliox/core/kit'
import { operationsOf } from '@heliox/core/kit'
import type { NodeServices, StepHandler } from '@heliox/core/ports'

/** Output and rejection of every operation, by node type: what travels on the ports `ok` and `rejected`. */
export function answersOf(adapters: readonly Adapter[]): ReadonlyMap<string, { ok: Contract; rejected: Contract }> {
  return new Map(
    adapters.flatMap((adapter) => operationsOf(adapter).map(({ type, operation }) => [type, { ok: operation.output, rejected: operation.rejection }] as const)),
  )
}

/** A partner is asked: everything that matters happens in `hub/invoke`. */
export function operationHandler(spec: NodeSpec, answers: { ok: Contract; rejected: Contract }, services: NodeServices): StepHandler {
  return async (input, step) => {
    const result = await services.invoke(spec.type, input, step)
    switch (result.is) {
      case 'answered':
        return { is: 'next', port: result.port, contract: answers[result.port], value: result.value, manual: result.manual, suspicions: result.suspicions }
      case 'held':
        return { is: 'held' }
      case 'later':
        return result
      case 'retrying':
        return { is: 'settle', outcome: 'retrying' }
    }
  }
}
