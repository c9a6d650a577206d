import { adapters } from '@heliox/adapters'
import type { FlowPalette } from '@heliox/core/flows'
import {
  type Adapter,
  type ApplySpec,
  applyType,
  type Contract,
  type EventSpec,
  heldContract,
  type MapSpec,
  mapType,
  type NodeSpec,
  operationsOf,
} from '@heliox/core/kit'
import { applies, events } from '@heliox/core/registry'
import { maps } from './maps.ts'

/** What nodes are made from: each list is said once, where its thing is defined. */
interface NodeSources {
  readonly adapters: readonly Adapter[]
  readonly applies: readonly ApplySpec[]
  readonly maps: readonly MapSpec[]
}

const consume: NodeSpec = {
  type: 'hub.consume',
  kind: 'consume',
  in: null,
  ports: [{ name: 'ok', contract: 'same' }],
  settlesWhenOpen: false,
  effect: false,
  summary: 'A flow is entered here by the events it names.',
}
const hold: NodeSpec = {
  type: 'hub.hold',
  kind: 'hold',
  in: heldContract,
  ports: [],
  settlesWhenOpen: true,
  effect: false,
  summary: 'The delivery waits here for a person, as an item in the override queue.',
}

/** No, a fault is no answer: an operation always has these three ways out. */
const operationSpecs = (adapter: Adapter): NodeSpec[] =>
  operationsOf(adapter).map(({ type, operation }) => ({
    type,
    kind: 'operation',
    in: operation.input.id,
    ports: [
      { name: 'ok', contract: operation.output.id },
      { name: 'rejected', contract: operation.rejection.id },
      { name: 'held', contract: heldContract },
    ],
    settlesWhenOpen: false,
    effect: true,
    summary: operation.summary,
  }))

const mapSpec = (map: MapSpec): NodeSpec => ({
  type: mapType(map.name, map.version),
  kind: 'map',
  in: map.input.id,
  ports: [{ name: 'ok', contract: map.output.id }],
  settlesWhenOpen: false,
  effect: false,
  summary: map.summary,
  root: map.root.id,
})

const applySpec = (apply: ApplySpec): NodeSpec => ({
  type: applyType(apply.name, apply.version),
  kind: 'apply',
  in: apply.input.id,
  ports: [{ name: 'ok', contract: 'same' }],
  settlesWhenOpen: true,
  effect: true,
  summary: apply.summary,
  emits: apply.emits,
})

/** Nodes per Node-RED set (one file pair each): one per adapter, and the hub's own three. */
function nodeSets(sources: NodeSources): ReadonlyMap<string, readonly NodeSpec[]> {
  return new Map<string, readonly NodeSpec[]>([
    ...sources.adapters.map((adapter) => [adapter.id, operationSpecs(adapter)] as const),
    ['hub', [consume, hold]],
    ['map', sources.maps.map(mapSpec)],
    ['apply', sources.applies.map(applySpec)],
  ])
}

/** Every node type by its name. Two things of one name are an error at load, not a surprise in a flow. */
export function nodeSpecs(sources: NodeSources): ReadonlyMap<string, NodeSpec> {
  return byKey([...nodeSets(sources).values()].flat(), (spec) => spec.type, 'node type')
}

/** What the checker needs to judge a release. */
export function flowPalette(sources: NodeSources & { readonly events: readonly EventSpec[] }): FlowPalette {
  const named: Contract[] = [
    ...sources.adapters.flatMap((adapter) => Object.values(adapter.operations).flatMap((op) => [op.input, op.output, op.rejection])),
    ...sources.maps.flatMap((map) => [map.root, map.input, map.output]),
    ...sources.applies.map((apply) => apply.input),
    ...sources.events.map((event) => event.contract),
  ]
  return {
    specs: nodeSpecs(sources),
    events: byKey(sources.events, (event) => event.type, 'event'),
    contracts: byKey([...new Set(named)], (contract) => contract.id, 'contract'),
  }
}

function byKey<T>(items: readonly T[], keyOf: (item: T) => string, what: string): ReadonlyMap<string, T> {
  const map = new Map<string, T>()
  for (const item of items) {
    if (map.has(keyOf(item))) throw new Error(`${what} ${keyOf(item)} is there twice`)
    map.set(keyOf(item), item)
  }
  return map
}

/** What ships. */
const shipped = { adapters, applies, maps, events: events as readonly EventSpec[] } as const
export const hubSets = nodeSets(shipped)
export const hubPalette = flowPalette(shipped)
