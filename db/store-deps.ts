import type { Clock } from '@heliox/core/kit'
import type { Pool } from './pool.ts'
import type { Vault } from './vault.ts'
import type { Wake } from './wake.ts'

/** What every store is made from. */
export interface Deps {
  pool: Pool
  vault: Vault
  /** `api-1`, `engine-2`: in events, leases and the audit. */
  process: string
  clock: Clock
  wake: Wake
}
