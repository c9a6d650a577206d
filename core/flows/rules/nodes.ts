import type { FlowFinding } from '../finding.ts'
import { type FlowGraph, label } from '../graph.ts'
import { needsStepName, passThroughProperties, whyForbidden } from '../pass-through.ts'
import { type FlowNode, type FlowRelease, nodesOf } from '../release.ts'

/** What every node has in the editor's export. `d` (disabled) is not among them: a released node runs or is not there. */
const commonProperties = ['id', 'type', 'z', 'name', 'x', 'y', 'wires', 'info', 'l']
const propertiesOf = (graph: FlowGraph, node: FlowNode): readonly string[] | undefined => {
  if (Object.hasOwn(passThroughProperties, node.type)) return passThroughProperties[node.type]
  const spec = graph.spec(node)
  if (!spec) return undefined
  return spec.kind === 'consume' ? ['events'] : []
}

/** Each node by itself: known, allowed, placed, named, with no property that its type does not know. */
export function checkNodes(release: FlowRelease, graph: FlowGraph): FlowFinding[] {
  const findings: FlowFinding[] = []
  const stepOf = new Map<string, FlowNode>()
  for (const node of nodesOf(release)) {
    const find = (code: FlowFinding['code'], message: string): unknown => findings.push({ code, node: node.id, message })
    const allowed = propertiesOf(graph, node)
    if (!allowed) {
      const instead = whyForbidden(node.type)
      if (instead) find('node-forbidden', `${label(node)} is a ${node.type} node, which no release may hold; ${instead}.`)
      else find('node-unknown', `${label(node)} is of type ${node.type}, which does not ship with the hub; install its adapter or take the node out.`)
      continue
    }
    if (node.x === undefined || node.y === undefined) {
      find('position-missing', `${label(node)} has no x or no y; place it, else Node-RED takes it for a config node and never wires it.`)
    }
    for (const key of Object.keys(node)) {
      if (commonProperties.includes(key) || allowed.includes(key)) continue
      find('property-not-allowed', `${label(node)} has the property "${key}", which ${node.type} does not know; take it out.`)
    }
    if (node.type === 'link out' && node.mode !== 'link') {
      find('property-not-allowed', `${label(node)} returns to a link call; set its mode to send to the connected link nodes.`)
    }
    if (!needsStepName(node)) continue
    if (!node.name) {
      find('step-name-missing', `${label(node)} has no name; give it one, because ledger, inbox and override items are keyed by it.`)
      continue
    }
    const other = stepOf.get(node.name)
    if (other) find('step-name-twice', `${label(node)} names both ${other.id} and ${node.id}; give each step its own name.`)
    else stepOf.set(node.name, node)
  }
  return findings
}
