import type { Contract, EventSpec, NodeSpec } from '../kit/index.ts'

/** Everything a release can be refused for. `flows/check/fail/<rule>` keeps one broken flow per rule with its expected text. */
export const flowRules = {
  'release-unreadable': 'A release is one tab with a manifest, and nodes with unique ids.',
  'position-missing': 'Every node has x and y; Node-RED takes a node without them for a config node.',
  'node-unknown': 'Only node types that ship with the hub.',
  'node-forbidden': 'No code, files, network, timers, templates, contexts or subflows.',
  'property-not-allowed': 'Only the properties its type knows.',
  'step-name-missing': 'Ledger, inbox and override items are keyed by the step name.',
  'step-name-twice': 'A step name is unique in its flow.',
  'wire-to-nowhere': 'A wire ends at the input of a node of this release.',
  'wire-mismatch': 'Two ports fit when contract name and version are equal.',
  'map-root-mismatch': 'A map stands behind the event it was written for.',
  'port-left-open': 'Every port is wired, or its node settles when it is open.',
  'path-never-settles': 'Every path ends in a node that settles the delivery.',
  'node-unreached': 'Every node is reached from a consume node.',
  'fan-out': 'One port, one wire: a delivery walks one path and settles once.',
  cycle: 'No path leads back to where it was.',
  'two-paths-into-effect': 'One path leads into an effect.',
  'switch-not-typed': 'A switch works on a field of the contract that has a closed list of cases.',
  'switch-not-first-match': 'A switch stops after the first match.',
  'switch-without-otherwise': 'The last rule of a switch is otherwise.',
  'switch-case-missing': 'A switch names every case of the outcome.',
  'code-in-flow': 'A flow holds order, not logic.',
  'environment-in-flow': 'A flow reads no environment.',
  'context-in-flow': 'A flow keeps nothing in context stores.',
  'host-in-flow': 'A flow names no host and no URL.',
  'tenant-in-flow': 'A flow names no tenant.',
  'secret-in-flow': 'A flow holds no secret.',
  'event-unknown': 'A consume node names events of the registry.',
  'event-consumed-twice': 'One consume node per event type.',
  'consume-contracts-differ': 'The events of one consume node share one contract.',
  'enters-differ': 'The manifest enters by what the consume nodes take.',
  'leaves-differ': 'The manifest leaves by what the applies write.',
  'released-version-changed': 'A released version never changes.',
} as const
export type FlowRule = keyof typeof flowRules

export interface FlowFinding {
  readonly code: FlowRule
  /** Id in the file; null when it is about the release. */
  readonly node: string | null
  /** What is wrong, then what to do instead. */
  readonly message: string
}

/** What a release may be made of. */
export interface FlowPalette {
  readonly specs: ReadonlyMap<string, NodeSpec>
  readonly events: ReadonlyMap<string, EventSpec>
  /** Every contract that a port or an event names, by id. */
  readonly contracts: ReadonlyMap<string, Contract>
}

export const formatFinding = (finding: FlowFinding): string => `${finding.code}: ${finding.message}`
