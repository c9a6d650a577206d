import { heldContract } from '../../kit/index.ts'
import type { FlowFinding } from '../finding.ts'
import { type Arrival, consumeContract, type FlowGraph, hasInput, label, rawOutputs, reachedFrom } from '../graph.ts'
import type { FlowNode } from '../release.ts'

/** Each wire by itself: it ends somewhere, it is the only one of its port, and both ends say the same contract. */
export function checkWires(graph: FlowGraph): FlowFinding[] {
  return graph.nodes.flatMap((node) => [...endsOf(graph, node), ...mismatches(graph, node), ...rootMismatches(graph, node)])
}

function endsOf(graph: FlowGraph, node: FlowNode): FlowFinding[] {
  const findings: FlowFinding[] = []
  const spec = graph.spec(node)
  for (const [index, port] of rawOutputs(node).entries()) {
    if (spec && port.length > 0 && index >= spec.ports.length) {
      const ports = spec.ports.length === 0 ? 'none' : spec.ports.map((p) => p.name).join(', ')
      findings.push({ code: 'wire-to-nowhere', node: node.id, message: `${label(node)} is wired at port ${index + 1}; its ports are: ${ports}.` })
    }
    for (const id of port) {
      const target = graph.byId.get(id)
      if (!target) {
        findings.push({ code: 'wire-to-nowhere', node: node.id, message: `${label(node)} is wired to ${id}, which is not in this release; take the wire out.` })
      } else if (!hasInput(target, graph.spec(target)) || (node.type === 'link out') !== (target.type === 'link in')) {
        const why = node.type === 'link out' ? 'a link out leads to a link in' : 'that node has no input for a wire'
        findings.push({ code: 'wire-to-nowhere', node: node.id, message: `${label(node)} is wired to ${label(target)}; ${why}.` })
      }
    }
  }
  for (const port of graph.outputs(node)) {
    if (port.length < 2) continue
    findings.push({
      code: 'fan-out',
      node: node.id,
      message: `One port of ${label(node)} leads to ${port.map(label).join(' and ')}; put them one behind the other (an apply passes its message on), or let two flows enter by the event.`,
    })
  }
  return findings
}

const portOf = (arrival: Arrival): string => `Port ${arrival.port} of ${label(arrival.from)}`

function mismatches(graph: FlowGraph, node: FlowNode): FlowFinding[] {
  const wanted = graph.spec(node)?.in
  if (wanted === undefined || wanted === null || wanted === 'any') return []
  return (graph.arrivals.get(node.id) ?? []).flatMap((arrival) => {
    if (arrival.contract === undefined || arrival.contract === wanted) return []
    const message =
      wanted === heldContract
        ? `${label(node)} takes what left a held port, but gets ${arrival.contract} from port ${arrival.port} of ${label(arrival.from)}; wire held to it, or settle with an apply.`
        : arrival.contract === heldContract
          ? `${portOf(arrival)} leads to ${label(node)}; only hub.hold takes what waits for a person.`
          : `${portOf(arrival)} gives ${arrival.contract}, ${label(node)} takes ${wanted}; put a map from ${arrival.contract} to ${wanted} between them.`
    return [{ code: 'wire-mismatch', node: node.id, message } satisfies FlowFinding]
  })
}

/** A map reads facts of the event that entered; behind another event those facts have another shape. */
function rootMismatches(graph: FlowGraph, consume: FlowNode): FlowFinding[] {
  if (graph.spec(consume)?.kind !== 'consume') return []
  const root = consumeContract(consume, graph.palette)
  if (root === undefined) return []
  const reached = reachedFrom(graph, consume)
  return graph.nodes.flatMap((node) => {
    const wanted = graph.spec(node)?.root
    if (wanted === undefined || wanted === root || !reached.has(node.id)) return []
    const message = `${label(node)} was written for flows entered by ${wanted}, but ${label(consume)} enters with ${root}; use a map whose root is ${root}.`
    return [{ code: 'map-root-mismatch', node: node.id, message } satisfies FlowFinding]
  })
}
