import type { NodeSpec } from '../kit/index.ts'
import { heldContract } from '../kit/index.ts'
import type { FlowPalette } from './finding.ts'
import { isPassThrough } from './pass-through.ts'
import { eventsOf, type FlowManifest, type FlowNode, type FlowRelease, nodesOf, tabOf } from './release.ts'

/** What leaves one port of one typed node and arrives somewhere, through any number of switches, links and junctions. */
export interface Arrival {
  readonly from: FlowNode
  readonly port: string
  /** Undefined when the source is broken itself (an unknown event): that is reported there, not at every wire behind it. */
  readonly contract: string | undefined
}

/** A release as the rules look at it. */
export interface FlowGraph {
  readonly palette: FlowPalette
  readonly tabId: string
  readonly manifest: FlowManifest
  /** In file order, comments left out: nobody wires them. */
  readonly nodes: readonly FlowNode[]
  readonly byId: ReadonlyMap<string, FlowNode>
  /** Per output port, the nodes it leads to; wires to nowhere are left out. */
  outputs(node: FlowNode): readonly (readonly FlowNode[])[]
  spec(node: FlowNode): NodeSpec | undefined
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>
}

/** How a message names a node: by its step name, else by type and id. */
export const label = (node: FlowNode): string => (node.name ? `"${node.name}"` : `${node.type} (${node.id})`)

/** Ids per output port as the file says them. A link out has one port that leads to its links. */
export function rawOutputs(node: FlowNode): readonly (readonly string[])[] {
  if (node.type !== 'link out') return node.wires ?? []
  const links: unknown = node.links
  return [Array.isArray(links) ? links.map(String) : []]
}

export const hasInput = (node: FlowNode, spec: NodeSpec | undefined): boolean =>
  node.type !== 'catch' && node.type !== 'comment' && node.type !== 'tab' && spec?.in !== null

/** The contract of a consume node's events. */
export const consumeContract = (node: FlowNode, palette: FlowPalette): string | undefined =>
  eventsOf(node)
    .map((event) => palette.events.get(event)?.contract.id)
    .find((contract) => contract !== undefined)

/** Ports of a node that starts or carries typed messages; a catch is where bugs come out, which the settlement wrapper has held by then. */
function typedPorts(node: FlowNode, palette: FlowPalette): { name: string; contract: string | undefined }[] {
  if (node.type === 'catch') return [{ name: 'error', contract: heldContract }]
  const spec = palette.specs.get(node.type)
  if (!spec) return []
  return spec.ports.map((port) => {
    if (port.contract !== 'same') return { name: port.name, contract: port.contract }
    if (spec.kind === 'consume') return { name: port.name, contract: consumeContract(node, palette) }
    return { name: port.name, contract: spec.in ?? undefined }
  })
}

export function flowGraph(release: FlowRelease, palette: FlowPalette): FlowGraph {
  const nodes = nodesOf(release).filter((node) => node.type !== 'comment')
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const outputs = (node: FlowNode): FlowNode[][] =>
    rawOutputs(node).map((port) =>
      port.flatMap((id) => {
        const target = byId.get(id)
        return target && hasInput(target, palette.specs.get(target.type)) ? [target] : []
      }),
    )
  const arrivals = new Map<string, Arrival[]>(nodes.map((node) => [node.id, []]))
  const carry = (arrival: Arrival, targets: readonly FlowNode[], passed: Set<string>): void => {
    for (const target of targets) {
      if (passed.has(target.id)) continue
      passed.add(target.id)
      arrivals.get(target.id)?.push(arrival)
      if (isPassThrough(target)) carry(arrival, outputs(target).flat(), passed)
    }
  }
  for (const node of nodes) {
    for (const [index, port] of typedPorts(node, palette).entries()) {
      carry({ from: node, port: port.name, contract: port.contract }, outputs(node)[index] ?? [], new Set())
    }
  }
  const { id: tabId, hub: manifest } = tabOf(release)
  return { palette, tabId, manifest, nodes, byId, outputs, spec: (node) => palette.specs.get(node.type), arrivals }
}

/** Everything that a message from `start` may reach, `start` included. */
export function reachedFrom(graph: FlowGraph, start: FlowNode): Set<string> {
  const seen = new Set<string>()
  const open = [start]
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node.id)) continue
    seen.add(node.id)
    open.push(...graph.outputs(node).flat())
  }
  return seen
}
