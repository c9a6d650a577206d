import type { Contract } from '@heliox/core/kit'
import { issuesOf, StepFailure } from '@heliox/hub/invoke'

/** The value by its contract, or a failure that names paths and never values. */
export function parsed(contract: Contract, value: unknown, what: string): unknown {
  const result = contract.schema.safeParse(value)
  if (result.success) return result.data
  throw new StepFailure('contract', `The ${what} is not ${contract.id} (${issuesOf(result.error)}).`)
}
