import type { FlowFinding } from '../finding.ts'
import { type FlowGraph, label, reachedFrom } from '../graph.ts'
import { isPassThrough } from '../pass-through.ts'
import type { FlowNode } from '../release.ts'

/**
 * Whole paths. With one wire per port and no cycle a delivery walks exactly one path, so "every path ends in a settling node"
 * is the same as "every delivery settles once".
 */
export function checkPaths(graph: FlowGraph): FlowFinding[] {
  const cycle = findCycle(graph)
  const reached = new Set(graph.nodes.filter((node) => startsPath(graph, node)).flatMap((node) => [...reachedFrom(graph, node)]))
  const open = graph.nodes.flatMap((node) => {
    if (reached.has(node.id)) return openPorts(graph, node)
    // What is broken by itself was reported by itself.
    if (!isPassThrough(node) && !graph.spec(node)) return []
    const message = `No consume node leads to ${label(node)}; wire it or take it out.`
    return [{ code: 'node-unreached', node: node.id, message } satisfies FlowFinding]
  })
  return [...(cycle ? [cycle] : twoPaths(graph)), ...open]
}

const startsPath = (graph: FlowGraph, node: FlowNode): boolean => node.type === 'catch' || graph.spec(node)?.kind === 'consume'

function openPorts(graph: FlowGraph, node: FlowNode): FlowFinding[] {
  const outputs = graph.outputs(node)
  const spec = graph.spec(node)
  if (spec) {
    if (spec.settlesWhenOpen) return []
    return spec.ports.flatMap((port, index) => {
      if ((outputs[index] ?? []).length > 0) return []
      const where = port.contract === 'held' ? 'to a hub.hold' : `to a node that takes ${port.contract === 'same' ? 'its event' : port.contract}`
      return [{ code: 'port-left-open', node: node.id, message: `Port ${port.name} of ${label(node)} is open; wire it ${where}.` } satisfies FlowFinding]
    })
  }
  if (!isPassThrough(node)) return []
  const rules: unknown = node.type === 'switch' ? node.rules : undefined
  const ports = Array.isArray(rules) ? rules.length : 1
  return Array.from({ length: ports }, (_, index) => index).flatMap((index) => {
    if ((outputs[index] ?? []).length > 0) return []
    const which = ports > 1 ? `Output ${index + 1} of ${label(node)}` : label(node)
    return [{ code: 'path-never-settles', node: node.id, message: `${which} leads nowhere; end the path in an apply or a hub.hold.` } satisfies FlowFinding]
  })
}

/** The first cycle in file order, told as the steps one walks. */
function findCycle(graph: FlowGraph): FlowFinding | undefined {
  const done = new Set<string>()
  const walk = (node: FlowNode, path: FlowNode[]): FlowNode[] | undefined => {
    const at = path.indexOf(node)
    if (at >= 0) return [...path.slice(at), node]
    if (done.has(node.id)) return undefined
    for (const next of graph.outputs(node).flat()) {
      const found = walk(next, [...path, node])
      if (found) return found
    }
    done.add(node.id)
    return undefined
  }
  for (const node of graph.nodes) {
    const cycle = walk(node, [])
    if (!cycle) continue
    const message = `${cycle.map(label).join(' -> ')} is a circle; trying again is the retry policy of the operation, not a wire.`
    return { code: 'cycle', node: node.id, message }
  }
  return undefined
}

/** Ledger and inbox know a step once per root event: whatever came second would be answered with what came first. */
function twoPaths(graph: FlowGraph): FlowFinding[] {
  const counted = new Map<string, number>()
  const paths = (node: FlowNode): number => {
    const known = counted.get(node.id)
    if (known !== undefined) return known
    // Two outputs of one switch that meet again are one path: what comes out is what went in.
    const sources = new Map((graph.arrivals.get(node.id) ?? []).map((arrival) => [`${arrival.from.id} ${arrival.port}`, arrival.from]))
    const count = startsPath(graph, node) ? 1 : [...sources.values()].reduce((sum, from) => sum + paths(from), 0)
    counted.set(node.id, count)
    return count
  }
  return graph.nodes.flatMap((node) => {
    if (!graph.spec(node)?.effect || paths(node) < 2) return []
    const message = `${paths(node)} paths lead into ${label(node)}; give each path its own node, because a step happens once per event.`
    return [{ code: 'two-paths-into-effect', node: node.id, message } satisfies FlowFinding]
  })
}
