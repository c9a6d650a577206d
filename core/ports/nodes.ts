import type { Suspicion } from '../billing/model.ts'
import type { Clock, Contract, Envelope, NodeSpec, Stop } from '../kit/index.ts'
import type { ApplyStore, ConnectionStore, PayerStore, PhiStore, StepRef } from './engine.ts'
import type { OutgoingStore } from './messages.ts'

/** What a node of a flow may ask of the engine. It reaches the nodes through Node-RED's settings: `RED.settings.heliox`. */

export type Invoked =
  | { is: 'answered'; port: 'ok' | 'rejected'; value: unknown; manual: boolean; suspicions: readonly Suspicion[] }
  /** An override item is open. */
  | { is: 'held' }
  /** Nothing follows from it: hand the delivery back. Nothing was sent, or what was sent is the ledger's to settle (a lost lease). */
  | { is: 'later'; delayMs: number }
  /** The ledger wrote the redelivery. */
  | { is: 'retrying' }
/** The one path to a partner (`hub/invoke`). */
export type Invoke = (type: string, input: unknown, at: { ref: StepRef; envelope: Envelope }) => Promise<Invoked>

export interface NodeServices {
  invoke: Invoke
  applies: ApplyStore
  phi: PhiStore
  payers: PayerStore
  messages: OutgoingStore
  connections: ConnectionStore
  clock: Clock
  stop: Stop
  process: string
  /** What patients type; the links in messages are made from it. Undefined: this engine sends none. */
  publicUrl?: string | undefined
}

/** One message at one node. */
export interface Step {
  readonly ref: StepRef
  readonly envelope: Envelope
  /** ISO time at which this delivery began. */
  readonly beganAt: string
  /** A person gave the last answer by hand. */
  readonly manual: boolean
  /** Rules that do not believe the last answer. */
  readonly suspicions: readonly Suspicion[]
}
export type StepOutcome =
  /** A new value to one port; it travels sealed when its contract is PHI. */
  | { is: 'next'; port: string; contract: Contract; value: unknown; manual: boolean; suspicions: readonly Suspicion[] }
  /** The same message on to `ok`; left open, the delivery is done. */
  | { is: 'pass' }
  /** An override item is open: on to the port `held`. */
  | { is: 'held' }
  | { is: 'settle'; outcome: 'done' | 'held' | 'retrying' }
  | { is: 'later'; delayMs: number }
/** Parses, does, answers. A throw is a bug: the wrapper around it settles the delivery, and nothing leaves the process. */
export type StepHandler = (input: unknown, step: Step) => Promise<StepOutcome>

/** As much of a Node-RED node as the wrapper touches. */
export interface FlowNode {
  readonly id: string
  readonly name?: string
  readonly wires: readonly (readonly string[])[]
  on(event: 'input', listener: (msg: unknown, send: (outputs: unknown[]) => void, done: () => void) => void): void
}

export interface NodeRuntime {
  readonly services: NodeServices
  /** Gives a node its one input handler, inside the settlement wrapper. */
  attach(node: FlowNode, spec: NodeSpec, handler: StepHandler): void
}
