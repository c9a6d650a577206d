import type { Contract } from './contract.ts'
import type { ContextName } from './event.ts'

/**
 * One commit into one context: its inbox key, its rows, its outbox rows. The spec is said here; `db/<context>.ts` has the
 * function, and a test compares the two lists.
 */
export interface ApplySpec<Name extends string = string, I extends Contract = Contract> {
  readonly name: Name
  readonly version: number
  readonly context: ContextName
  readonly summary: string
  readonly input: I
  /** Event types this commit may write to the context's outbox. */
  readonly emits: readonly string[]
}
export function defineApply<const Name extends string, I extends Contract>(spec: ApplySpec<Name, I>): ApplySpec<Name, I> {
  return spec
}
/** `apply.billing.record-eligibility.v1` */
export const applyType = (name: string, version: number): string => `apply.${name}.v${version}`
