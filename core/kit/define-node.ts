/**
 * What the checker, the editor and the engine need to know of a node type, derived from adapters, maps, applies and events.
 * `in: null` means the node has no input (consume).
 */
export interface NodeSpec {
  readonly type: string
  readonly kind: 'consume' | 'map' | 'operation' | 'apply' | 'hold' | 'emit'
  readonly in: string | 'any' | null
  /** Ports in order; `contract: 'same'` passes the input on (apply), or what entered the flow (consume). */
  readonly ports: readonly { readonly name: string; readonly contract: string | 'same' | 'held' }[]
  /** Ports that may stay open: the node settles the delivery itself then. */
  readonly settlesWhenOpen: boolean
  /** An outside effect: exactly one path may lead in. */
  readonly effect: boolean
  readonly summary: string
  /** Of a map: the contract of the event that must have entered the flow. */
  readonly root?: string
  /** Of an apply: the event types its commit may write. */
  readonly emits?: readonly string[]
}
/** What leaves the `held` port and only `hub.hold` takes. */
export const heldContract = 'held'
