import type { Suspicion } from '@heliox/core/billing'
import type { Contract, Envelope, ValueOf } from '@heliox/core/kit'
import type { Emission } from '../outbox.ts'
import type { Tx } from '../tenancy.ts'
import type { Vault } from '../vault.ts'

/** What an apply has besides its input: the transaction, the delivery, the time and name that go into events. */
export interface ApplyContext extends Emission {
  tx: Tx
  vault: Vault
  envelope: Envelope
  /** The step of the delivery that applies it. */
  flow: string
  version: number
  step: string
  /** Rules that do not believe the last answer of this delivery: they travel beside the value, whatever its contract has room for. */
  suspicions: readonly Suspicion[]
  /** An item of the override queue came, changed or went: screens are told after the commit. */
  itemChanged(overrideId: string): void
}
/** An apply as the store calls it: the input is already parsed by its contract. */
export type ApplyFunction = (input: never, context: ApplyContext) => Promise<void>

export const applyOf = <C extends Contract>(_contract: C, fn: (input: ValueOf<C>, context: ApplyContext) => Promise<void>): ApplyFunction => fn as ApplyFunction
