import { randomUUID } from 'node:crypto'
import { type Contract, type Envelope, isSealed, Sealed } from '@heliox/core/kit'
import type { Pin, StepRef } from '@heliox/core/ports'

/** How one delivery ends inside the engine; the dispatcher alone turns it into writes and an answer to the bus. */
export type Settlement =
  | { is: 'done' | 'held' | 'retrying' }
  | { is: 'later'; delayMs: number }
  | { is: 'failed'; cause: 'bug' | 'overdue' | 'contract' | 'no-connection'; step: string; staffText: string }

/**
 * One message on its way through one flow version. It settles once, whoever comes second: a fan-out's second message is a clone
 * with the same id, and a handler may answer after the dispatcher has called the delivery overdue.
 */
export interface OpenDelivery {
  readonly id: string
  readonly envelope: Envelope
  readonly flow: string
  readonly version: number
  readonly beganAt: string
  /** The step it was last seen at. */
  at: string
  readonly settled: Promise<Settlement>
  /** False when it was settled before. */
  settle(how: Settlement): boolean
  ref(step: string): StepRef
  /** What goes into a message: the value, or a handle when its contract is PHI. */
  wrap(contract: Contract, value: unknown): unknown
  /** What a message holds: the value behind a handle, or the value. */
  unwrap(payload: unknown): unknown
}

/** What the pin fixed. */
export type Pinned = Pick<Extract<Pin, { is: 'open' }>, 'flow' | 'version' | 'ledgerMonth'>

export interface Deliveries {
  open(envelope: Envelope, pinned: Pinned, beganAt: string): OpenDelivery
  /** Undefined once it has settled. */
  get(id: unknown): OpenDelivery | undefined
  size(): number
}

export function makeDeliveries(): Deliveries {
  const open = new Map<string, OpenDelivery>()
  return {
    size: () => open.size,
    get: (id) => (typeof id === 'string' ? open.get(id) : undefined),
    open(envelope, { flow, version, ledgerMonth }, beganAt) {
      const id = randomUUID()
      // Values of PHI contracts live here, beside the message and never in it, and only until the delivery settles.
      const sealed = new Map<string, unknown>()
      const { promise, resolve } = Promise.withResolvers<Settlement>()
      const delivery: OpenDelivery = {
        id,
        envelope,
        flow,
        version,
        beganAt,
        at: 'consume',
        settled: promise,
        settle(how) {
          if (!open.delete(id)) return false
          sealed.clear()
          resolve(how)
          return true
        },
        ref: (step) => ({ tenantId: envelope.tenantId, rootId: envelope.rootId, flow, version, step, intakeId: envelope.intakeId, ledgerMonth }),
        wrap(contract, value) {
          if (!contract.phi) return value
          const handle = new Sealed(randomUUID(), contract.id)
          sealed.set(handle.id, value)
          return handle
        },
        unwrap(payload) {
          // By shape, for Node-RED's clones; and only if it is one of ours, for a plain value may have the same two fields.
          return isSealed(payload) && sealed.has(payload.id) ? sealed.get(payload.id) : payload
        },
      }
      open.set(id, delivery)
      return delivery
    },
  }
}
