import type { Adapter, Clock, Log, ObjectStore, Receiver, Stop } from '@heliox/core/kit'
import type { BatchStore, ConnectionStore, ControlNumberStore, LockStore, ReceiveStore } from '@heliox/core/ports'

export interface ReceiveDeps {
  /** Only its tenants: a region is a cell. */
  region: string
  adapters: readonly Adapter[]
  files: ReceiveStore
  batches: BatchStore
  connections: ConnectionStore
  numbers: ControlNumberStore
  locks: LockStore
  objects: ObjectStore
  /** Which partner takes batches, and how its settings say when one is due. */
  batching: { adapterId: string; rulesOf(config: unknown): BatchingRules }
  clock: Clock
  stop: Stop
  log: Log
  production: boolean
  /** Owner of a turn. */
  process: string
}

export interface BatchingRules {
  /** 0: at once. */
  everyMs: number
  inquiriesMax: number
}

/** One receiver of one adapter at one tenant. */
export interface Door {
  readonly tenantId: string
  readonly adapter: Adapter
  /** Its name in its adapter. */
  readonly name: string
  /** `clearinghouse.files`: in storage. */
  readonly id: string
  readonly receiver: Receiver<unknown, unknown>
}

/** Ids and codes only: a file's name is the partner's, and may hold anything. */
export const aboutDoor = ({ tenantId, id }: Door): Record<string, unknown> => ({ tenantId, receiver: id })
