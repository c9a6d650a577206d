import {
  type Adapter,
  type Clock,
  type ControlNumbers,
  type Locks,
  type Log,
  type ObjectStore,
  type Operation,
  PartnerFault,
  type Stop,
} from '@heliox/core/kit'
import type { ConnectionStore, ControlNumberStore, EffectLedger, LockStore, PayerStore, PlausibilityStore, StepRef } from '@heliox/core/ports'
import type { Breakers, InFlight } from '../breaker/index.ts'

export interface InvokeDeps {
  adapters: readonly Adapter[]
  ledger: EffectLedger
  connections: ConnectionStore
  objects: ObjectStore
  numbers: ControlNumberStore
  locks: LockStore
  /** Whether an answer is believed. */
  plausibility: PlausibilityStore
  /** When a payer answers. */
  payers: Pick<PayerStore, 'hours'>
  breakers: Breakers
  inFlight: InFlight
  log: Log
  clock: Clock
  stop: Stop
  /** Aborted when this process ends and has waited long enough: what is under way is given up and recorded, and nothing more is sent. */
  ending: AbortSignal
  production: boolean
  /** Where partners and patients reach the hub. */
  publicUrl?: string | undefined
  /** Name of this process: the owner of a lease. */
  process: string
  /** 0 to 1; spreads retries. */
  random(): number
}

/** One operation of one adapter. Config, secrets and input are parsed by the shapes of that very definition before they reach it. */
export interface Target {
  adapter: Adapter
  /** Its label (`operationsOf`): two majors have each their breaker, and each their rows. */
  name: string
  op: Operation<unknown, unknown>
}

/** Who, what and which attempt, for the log: ids and codes only. */
export function about({ adapter, name }: Target, ref: StepRef, attemptNumber: number): Record<string, unknown> {
  return {
    tenantId: ref.tenantId,
    rootId: ref.rootId,
    intakeId: ref.intakeId,
    flow: ref.flow,
    version: ref.version,
    step: ref.step,
    partner: adapter.id,
    operation: name,
    attempt: attemptNumber,
  }
}

/** The counters of one tenant, as an adapter sees them. */
export function numbersOf({ numbers, clock }: Pick<InvokeDeps, 'numbers' | 'clock'>, tenantId: string): ControlNumbers {
  return { take: (sequence, key) => numbers.take(tenantId, sequence, key, clock.now()) }
}

/** A lock that others held for as long as we could wait: our own queue, so it says nothing about the partner. What it guards was not begun. */
class LockTaken extends PartnerFault {
  constructor() {
    super('unavailable', 'Others were writing the same record all the time.', { detail: 'lock', beforeEffect: true })
  }
}
/** Adapters may put a fault into another one that says more; what it was about stays its cause. */
export const isLockTaken = (error: PartnerFault): boolean => error instanceof LockTaken || error.cause instanceof LockTaken

/** One at a time at this partner of this tenant, as an adapter sees it. Who finds it taken for as long as it may wait has sent nothing. */
export function locksOf({ locks }: Pick<InvokeDeps, 'locks'>, tenantId: string, partner: string, signal: AbortSignal): Locks {
  return {
    async serially(key, work) {
      const done = await locks.serially(tenantId, partner, typeof key === 'string' ? [key] : key, signal, work)
      if (done) return done.value
      throw new LockTaken()
    },
    keyOf: (parts) => locks.keyOf(tenantId, parts),
  }
}
